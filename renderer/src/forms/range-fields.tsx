import { Checkbox, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useDeferredValue } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Failure } from '#shared/ipc/failure';
import { expiryOptions, isExpiry, skippedTimeProblem } from '../domain/expiry';
import { fieldMessage, formMessage } from '../domain/failures';
import { useMirror } from '../stores/mirror';
import { useNow } from '../ui/clock';
import { FormError } from '../ui/form-error';
import { formatAddressCount } from '../ui/format';
import { useFailureText } from './failure-message';
import classes from './range-fields.module.css';
import { RangeMeaningBox } from './range-meaning-box';
import type { RangeValues } from './range-values';
import type { RangeForm } from './use-range-form';

interface RangeFieldsProps {
  readonly form: RangeForm;
  readonly failure: Failure | null;
  /** Called when the failure no longer applies to the values. */
  readonly onChange: () => void;
}

function confirmHint(fixed: boolean): string {
  return fixed ? 'Confirm this, or leave the range as it is.' : 'Confirm this, or write a narrower range.';
}

/** Fields for range, effect, label, key and expiry. The range is checked while it is typed. */
export function RangeFields({ form, failure, onChange }: RangeFieldsProps) {
  const { values, existing, reading, submitted } = form;
  const fixed = existing !== null;
  const failureText = useFailureText(failure);
  const change = (changed: Partial<RangeValues>): void => {
    form.change(changed);
    onChange();
  };
  const { text, effect, label, keyId, expiry, confirmedWide } = values;
  const deferredReading = useDeferredValue(reading);
  const nowMs = useNow();
  const keys = useMirror(
    useShallow((mirror) => [...mirror.keys.values()].filter(({ status }) => status === 'active')),
  );
  const textProblem =
    reading.kind === 'invalid'
      ? reading.message
      : reading.kind === 'empty' && submitted
        ? 'Write an address such as 203.0.113.9, or a network such as 203.0.113.0/24.'
        : fieldMessage(failureText, 'cidr');
  const whenProblem =
    (submitted ? form.expiryProblem(nowMs) : skippedTimeProblem(expiry)) ??
    fieldMessage(failureText, 'expiresAt');
  return (
    <div className={classes.fields}>
      <SegmentedControl
        aria-label="Effect"
        fullWidth
        data={[
          { value: 'authorize', label: 'Authorize' },
          { value: 'deny', label: 'Deny' },
        ]}
        value={effect}
        onChange={(chosen) => change({ effect: chosen, confirmedWide: false })}
      />
      <div>
        <TextInput
          label="Address or range"
          {...(fixed
            ? { description: 'This stays. For other addresses, add another range and remove this one.' }
            : {})}
          placeholder="203.0.113.9, 203.0.113.0/24, 192.168.1.*, first-last, 2001:db8::/32"
          classNames={{ input: classes.monoInput ?? '' }}
          value={text}
          error={textProblem}
          spellCheck={false}
          autoComplete="off"
          maxLength={200}
          readOnly={fixed}
          {...(fixed ? {} : { 'data-autofocus': true })}
          onChange={(event) => change({ text: event.currentTarget.value, confirmedWide: false })}
        />
        <RangeMeaningBox reading={deferredReading} effect={effect} keyId={keyId} existing={existing} />
      </div>
      {form.asksWide && reading.kind === 'wide' && (
        <Checkbox
          className={classes.wide}
          checked={confirmedWide}
          error={submitted && !confirmedWide ? confirmHint(fixed) : null}
          onChange={(event) => change({ confirmedWide: event.currentTarget.checked })}
          label={`I mean to ${effect} all ${formatAddressCount(reading.meaning.count)} addresses of ${reading.meaning.texts.slice(0, 3).join(', ')}.`}
        />
      )}
      <TextInput
        label="Label"
        {...(fixed ? { 'data-autofocus': true } : {})}
        placeholder="e.g. Office Berlin"
        value={label}
        maxLength={200}
        error={form.labelProblem ?? fieldMessage(failureText, 'label')}
        onChange={(event) => change({ label: event.currentTarget.value })}
      />
      <div className={classes.pair}>
        <NativeSelect
          label="API key"
          data={[
            { value: '', label: 'All keys' },
            ...keys.map(({ id, name }) => ({ value: id, label: `${name} only` })),
            // A key that is gone cannot be chosen anew, but the field must show what will be sent.
            ...(keyId === null || keys.some(({ id }) => id === keyId)
              ? []
              : [{ value: keyId, label: 'A key that is not in use any more' }]),
          ]}
          value={keyId ?? ''}
          error={fieldMessage(failureText, 'keyId')}
          onChange={(event) => change({ keyId: event.currentTarget.value || null })}
        />
        <NativeSelect
          label="Expires"
          data={[...expiryOptions(expiry, nowMs)]}
          value={expiry.expiry}
          error={expiry.expiry === 'custom' ? null : whenProblem}
          onChange={(event) => {
            const { value } = event.currentTarget;
            if (isExpiry(value)) change({ expiry: { ...expiry, expiry: value } });
          }}
        />
      </div>
      {expiry.expiry === 'custom' && (
        <TextInput
          type="datetime-local"
          label="Expires at"
          value={expiry.custom}
          error={whenProblem}
          onChange={(event) => change({ expiry: { ...expiry, custom: event.currentTarget.value } })}
        />
      )}
      <FormError message={formMessage(failureText, ['cidr', 'label', 'keyId', 'expiresAt'])} />
    </div>
  );
}
