import { Button, Checkbox, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type SubmitEvent, useDeferredValue, useId, useMemo, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { explainFailure, fieldMessage, formMessage } from '../../domain/failures';
import { readRange } from '../../domain/range-check';
import { useMirror } from '../../stores/mirror';
import { type RangeDraft, useUi } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { FormError } from '../../ui/form-error';
import { countOf, formatAddressCount } from '../../ui/format';
import { type Expiry, EXPIRIES, expiresAtOf, expiryProblem, isExpiry } from './expiry';
import { RangeMeaningBox } from './range-meaning-box';
import classes from './ranges.module.css';

interface NewRange {
  readonly cidr: string;
  readonly effect: RangeDraft['effect'];
  readonly label: string;
  readonly keyId: string | null;
  readonly expiresAt: string | null;
  readonly allowWide: boolean;
}

const add = (range: NewRange) => bridge().calls.ranges.add(range);

/** What has happened: offline it has not happened yet. */
function addedWords(what: string, count: number, effect: RangeDraft['effect'], isOnline: boolean): string {
  const done = effect === 'authorize' ? 'authorized' : 'denied';
  const be = count === 1 ? 'is' : 'are';
  return isOnline ? `${what} ${be} ${done} now.` : `${what} ${be} ${done} as soon as the service answers.`;
}

const FIELDS = ['cidr', 'label', 'keyId', 'expiresAt', 'effect', 'allowWide'];

interface AddRangeFormProps {
  readonly draft: RangeDraft;
  readonly onDone: () => void;
}

/** Checks a range as it is typed: what it means, and how it stands to what is there. */
export function AddRangeForm({ draft, onDone }: AddRangeFormProps) {
  const [text, setText] = useState(draft.text);
  const [effect, setEffect] = useState(draft.effect);
  const [label, setLabel] = useState(draft.label);
  const [keyId, setKeyId] = useState(draft.keyId);
  const [expiry, setExpiry] = useState<Expiry>('never');
  const [customExpiry, setCustomExpiry] = useState('');
  const [confirmedWide, setConfirmedWide] = useState(false);
  const [submitted, setSubmitted] = useState(false);
  const adding = useCall(add);
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const nowMs = useNow();
  const effectId = useId();
  const keys = useMirror(
    useShallow((mirror) => [...mirror.keys.values()].filter(({ status }) => status === 'active')),
  );

  const reading = useMemo(() => readRange(text), [text]);
  const deferredReading = useDeferredValue(reading);
  const told = adding.failure === null ? null : explainFailure(adding.failure, nowMs);
  const textProblem =
    reading.kind === 'invalid'
      ? reading.message
      : reading.kind === 'empty' && submitted
        ? 'Write an address such as 203.0.113.9, or a network such as 203.0.113.0/24.'
        : fieldMessage(told, 'cidr');
  const whenProblem = expiryProblem(expiry, customExpiry, nowMs);
  const wideUnconfirmed = reading.kind === 'wide' && !confirmedWide;

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setSubmitted(true);
    if (reading.kind === 'empty' || reading.kind === 'invalid') return;
    if (whenProblem !== null || wideUnconfirmed) return;
    const expiresAt = expiresAtOf(expiry, customExpiry, Date.now());
    const range = {
      cidr: text.trim(),
      effect,
      label: label.trim(),
      keyId,
      expiresAt,
      allowWide: confirmedWide,
    };
    void adding.run(range).then((outcome) => {
      if (outcome?.ok !== true) return;
      const added = outcome.value.ranges;
      const what = added.length === 1 ? (added[0]?.cidr ?? '') : countOf(added.length, 'range');
      notifications.show({
        message: addedWords(what, added.length, effect, isOnline),
      });
      useUi.setState({ rangesTab: effect });
      onDone();
    });
  };

  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <SegmentedControl
        aria-label="Effect"
        id={effectId}
        fullWidth
        data={[
          { value: 'authorize', label: 'Authorize' },
          { value: 'deny', label: 'Deny' },
        ]}
        value={effect}
        onChange={setEffect}
      />
      <div>
        <TextInput
          label="Address or range"
          placeholder="203.0.113.9, 203.0.113.0/24, 192.168.1.*, first-last, 2001:db8::/32"
          classNames={{ input: classes.monoInput ?? '' }}
          value={text}
          error={textProblem}
          spellCheck={false}
          autoComplete="off"
          maxLength={200}
          data-autofocus
          onChange={(event) => {
            setText(event.currentTarget.value);
            setConfirmedWide(false);
            adding.reset();
          }}
        />
        <RangeMeaningBox reading={deferredReading} effect={effect} keyId={keyId} />
      </div>
      {reading.kind === 'wide' && (
        <Checkbox
          className={classes.wide}
          checked={confirmedWide}
          error={submitted && wideUnconfirmed ? 'Confirm this, or write a narrower range.' : null}
          onChange={(event) => setConfirmedWide(event.currentTarget.checked)}
          label={`I mean to ${effect} all ${formatAddressCount(reading.meaning.count)} addresses of ${reading.meaning.texts.slice(0, 3).join(', ')}.`}
        />
      )}
      <TextInput
        label="Label"
        placeholder="e.g. Office Berlin"
        value={label}
        maxLength={200}
        error={fieldMessage(told, 'label')}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <div className={classes.pair}>
        <NativeSelect
          label="API key"
          data={[
            { value: '', label: 'All keys' },
            ...keys.map(({ id, name }) => ({ value: id, label: `${name} only` })),
          ]}
          value={keyId ?? ''}
          error={fieldMessage(told, 'keyId')}
          onChange={(event) => setKeyId(event.currentTarget.value || null)}
        />
        <NativeSelect
          label="Expires"
          data={[...EXPIRIES]}
          value={expiry}
          error={expiry === 'custom' ? null : fieldMessage(told, 'expiresAt')}
          onChange={(event) => {
            if (isExpiry(event.currentTarget.value)) setExpiry(event.currentTarget.value);
          }}
        />
      </div>
      {expiry === 'custom' && (
        <TextInput
          type="datetime-local"
          label="Expires at"
          value={customExpiry}
          error={(submitted ? whenProblem : null) ?? fieldMessage(told, 'expiresAt')}
          onChange={(event) => setCustomExpiry(event.currentTarget.value)}
        />
      )}
      <FormError
        message={formMessage(told, FIELDS) ?? fieldMessage(told, 'allowWide') ?? fieldMessage(told, 'effect')}
      />
      <div className={classes.dialogButtons}>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={adding.pending}>
          {effect === 'authorize' ? 'Authorize range' : 'Deny range'}
        </Button>
      </div>
    </form>
  );
}
