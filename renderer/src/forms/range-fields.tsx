import { Checkbox, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useDeferredValue } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { formatAddressCount } from '#shared/domain/address-count';
import { t } from '#shared/i18n/t';
import type { Failure } from '#shared/ipc/failure';
import { skippedTimeProblem } from '../domain/expiry';
import { fieldMessage, formMessage } from '../domain/failures';
import { useMirror } from '../stores/mirror';
import { useNow } from '../ui/clock';
import { FormError } from '../ui/form-error';
import { ExpirySelect, ExpiryTime } from './expiry-fields';
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
  return fixed ? t('forms.confirmOrLeave') : t('forms.confirmOrNarrow');
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
        ? t('forms.writeRange')
        : fieldMessage(failureText, 'cidr');
  const whenProblem =
    (submitted ? form.expiryProblem(nowMs) : skippedTimeProblem(expiry)) ??
    fieldMessage(failureText, 'expiresAt');
  return (
    <div className={classes.fields}>
      <SegmentedControl
        aria-label={t('forms.effect')}
        fullWidth
        data={[
          { value: 'authorize', label: t('forms.effect_authorize') },
          { value: 'deny', label: t('forms.effect_deny') },
        ]}
        value={effect}
        onChange={(chosen) => change({ effect: chosen, confirmedWide: false })}
      />
      <div>
        <TextInput
          label={t('forms.addressOrRange')}
          {...(fixed ? { description: t('forms.addressStays') } : {})}
          placeholder={t('forms.rangeExamples')}
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
          label={t(`forms.meanWide_${effect}`, {
            number: formatAddressCount(reading.meaning.count),
            ranges: reading.meaning.texts.slice(0, 3).join(', '),
          })}
        />
      )}
      <TextInput
        label={t('forms.label')}
        {...(fixed ? { 'data-autofocus': true } : {})}
        placeholder={t('forms.labelExample')}
        value={label}
        maxLength={200}
        error={form.labelProblem ?? fieldMessage(failureText, 'label')}
        onChange={(event) => change({ label: event.currentTarget.value })}
      />
      <div className={classes.pair}>
        <NativeSelect
          label={t('forms.apiKey')}
          data={[
            { value: '', label: t('forms.allKeys') },
            ...keys.map(({ id, name }) => ({ value: id, label: t('forms.keyOnly', { name }) })),
            // A key that is gone cannot be chosen anew, but the field must show what will be sent.
            ...(keyId === null || keys.some(({ id }) => id === keyId)
              ? []
              : [{ value: keyId, label: t('forms.keyNotInUse') }]),
          ]}
          value={keyId ?? ''}
          error={fieldMessage(failureText, 'keyId')}
          onChange={(event) => change({ keyId: event.currentTarget.value || null })}
        />
        <ExpirySelect
          expiry={expiry}
          problem={whenProblem}
          nowMs={nowMs}
          onChange={(chosen) => change({ expiry: chosen })}
        />
      </div>
      <ExpiryTime expiry={expiry} problem={whenProblem} onChange={(chosen) => change({ expiry: chosen })} />
      <FormError message={formMessage(failureText, ['cidr', 'label', 'keyId', 'expiresAt'])} />
    </div>
  );
}
