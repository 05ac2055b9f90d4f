import { Button, Popover, TextInput } from '@mantine/core';
import { IconChevronDown, IconClock } from '@tabler/icons-react';
import { useState } from 'react';
import { MINUTE_MS } from '#shared/durations';
import { t } from '#shared/i18n/t';
import { spanWords } from '../../domain/span-words';
import { ANY_TIME, LASTS, type LogDraft } from '../../stores/log-draft';
import { changeLogDraft, useUi } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { Form } from '../../ui/form';
import { SmallButton } from '../../ui/small-button';
import classes from './log.module.css';

type Time = Pick<LogDraft, 'last' | 'fromMs' | 'toMs'>;

/** The time of the filtered log, chosen by how long ago it began or by its ends. */
export function TimeFilter() {
  const [isOpen, setOpen] = useState(false);
  const fromMs = useUi((ui) => ui.logDraft.fromMs);
  const toMs = useUi((ui) => ui.logDraft.toMs);
  const nowMs = useNow();
  const last = useUi((ui) => ui.logDraft.last);
  const words = last === null ? spanWords({ fromMs, toMs }, nowMs) : t(`log.last_${last}`);
  const choose = (time: Time): void => {
    changeLogDraft(time);
    setOpen(false);
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      hideDetached={false}
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <Button
          variant="default"
          aria-label={t('log.timeIs', { time: words })}
          className={classes.time ?? ''}
          leftSection={<IconClock size={14} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {words}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <TimeForm time={{ last, fromMs, toMs }} onChoose={choose} />
      </Popover.Dropdown>
    </Popover>
  );
}

interface TimeFormProps {
  readonly time: Time;
  readonly onChoose: (time: Time) => void;
}

function TimeForm({ time, onChoose }: TimeFormProps) {
  const [from, setFrom] = useState(fieldOf(time.fromMs));
  const [to, setTo] = useState(fieldOf(time.toMs));
  const typed = { last: null, fromMs: timeOf(from), toMs: timeOf(to) };
  const isBackwards = typed.fromMs !== null && typed.toMs !== null && typed.fromMs >= typed.toMs;
  return (
    <Form
      className={classes.timeForm}
      onSubmit={() => {
        if (!isBackwards) onChoose(typed);
      }}
    >
      <div className={classes.timeChoices}>
        {LASTS.map((last) => (
          <SmallButton
            key={last}
            aria-pressed={last === time.last}
            onClick={() => onChoose({ ...ANY_TIME, last })}
          >
            {t(`log.last_${last}`)}
          </SmallButton>
        ))}
      </div>
      <TextInput
        type="datetime-local"
        label={t('log.timeFrom')}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label={t('log.timeTo')}
        value={to}
        error={isBackwards ? t('refusals.endsTooEarly') : undefined}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <div className={classes.timeButtons}>
        <Button variant="subtle" color="gray" onClick={() => onChoose(ANY_TIME)}>
          {t('times.anyTime')}
        </Button>
        <Button type="submit" disabled={isBackwards}>
          {t('log.filterByTime')}
        </Button>
      </div>
    </Form>
  );
}

const MINUTE_LENGTH = '2026-11-24T14:02'.length;

/** The field has local time without a zone. */
function fieldOf(ms: number | null): string {
  if (ms === null) return '';
  const zoneMs = new Date(ms).getTimezoneOffset() * MINUTE_MS;
  return new Date(ms - zoneMs).toISOString().slice(0, MINUTE_LENGTH);
}

/** A year that is typed in part is before all calls. */
function timeOf(field: string): number | null {
  return field === '' ? null : Math.max(0, new Date(field).getTime());
}
