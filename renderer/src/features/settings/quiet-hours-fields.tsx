import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { QuietHours } from '#shared/ipc/notifications';
import { t } from '#shared/i18n/t';
import { dayName, DAYS } from './notification-words';
import classes from './settings.module.css';

const USUAL: QuietHours = { from: '22:00', to: '07:00', days: [...DAYS] };

interface QuietHoursFieldsProps {
  readonly quietHours: QuietHours | null;
  readonly disabled: boolean;
  readonly onChange: (quietHours: QuietHours | null) => void;
}

/** Edits the quiet hours. Incomplete values are not sent. */
export function QuietHoursFields({ quietHours, disabled, onChange }: QuietHoursFieldsProps) {
  const [draft, setDraft] = useState<QuietHours>(quietHours ?? USUAL);
  const known = JSON.stringify(quietHours);
  const [seen, setSeen] = useState(known);
  if (seen !== known) {
    // The setting was changed elsewhere, or our own change came back.
    setSeen(known);
    if (quietHours !== null) setDraft(quietHours);
  }
  const on = quietHours !== null;
  const change = (changes: Partial<QuietHours>): void => {
    const next = { ...draft, ...changes };
    setDraft(next);
    if (problemOf(next) === null) onChange(next);
  };
  const problem = on ? problemOf(draft) : null;
  return (
    <>
      <Checkbox
        label={t('settings.quietHours')}
        checked={on}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked ? USUAL : null)}
      />
      {on && (
        <div className={classes.quietHours}>
          <div className={classes.times}>
            <TextInput
              type="time"
              label={t('settings.from')}
              value={draft.from}
              disabled={disabled}
              onChange={(event) => change({ from: event.currentTarget.value })}
            />
            <TextInput
              type="time"
              label={t('settings.to')}
              value={draft.to}
              disabled={disabled}
              onChange={(event) => change({ to: event.currentTarget.value })}
            />
            <p className={classes.quiet}>
              {t(draft.to <= draft.from ? 'settings.nextDay' : 'settings.sameDay')}
            </p>
          </div>
          <fieldset className={classes.days}>
            <legend>{t('settings.quietDays')}</legend>
            {DAYS.map((day) => (
              <Checkbox
                key={day}
                aria-label={dayName(day, 'long')}
                label={dayName(day, 'short')}
                checked={draft.days.includes(day)}
                disabled={disabled}
                onChange={(event) => change({ days: withDay(draft.days, day, event.currentTarget.checked) })}
              />
            ))}
          </fieldset>
          {problem !== null && (
            <p className={classes.problem} role="alert">
              {problem}
            </p>
          )}
        </div>
      )}
    </>
  );
}

function withDay(days: readonly number[], day: number, wanted: boolean): number[] {
  return [...days.filter((other) => other !== day), ...(wanted ? [day] : [])].sort((a, b) => a - b);
}

function problemOf(draft: QuietHours): string | null {
  if (draft.days.length === 0) return t('settings.chooseDay');
  // An incomplete time field has an empty value.
  if (draft.from === '' || draft.to === '') return t('settings.chooseTimes');
  if (draft.from === draft.to) return t('settings.sameTimes');
  return null;
}
