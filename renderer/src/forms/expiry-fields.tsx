import { NativeSelect, TextInput } from '@mantine/core';
import { t } from '#shared/i18n/t';
import { type ExpiryChoice, expiryOptions, isExpiry } from '../domain/expiry';

interface ExpiryFieldsProps {
  readonly expiry: ExpiryChoice;
  readonly problem: string | null;
  readonly nowMs: number;
  readonly onChange: (expiry: ExpiryChoice) => void;
}

/** The choice of when a range ends. */
export function ExpirySelect({ expiry, problem, nowMs, onChange }: ExpiryFieldsProps) {
  return (
    <NativeSelect
      label={t('forms.expires')}
      data={[...expiryOptions(expiry, nowMs)]}
      value={expiry.expiry}
      error={expiry.expiry === 'custom' ? null : problem}
      onChange={(event) => {
        const { value } = event.currentTarget;
        if (isExpiry(value)) onChange({ ...expiry, expiry: value });
      }}
    />
  );
}

/** The time of an end of one's own. */
export function ExpiryTime({ expiry, problem, onChange }: Omit<ExpiryFieldsProps, 'nowMs'>) {
  if (expiry.expiry !== 'custom') return null;
  return (
    <TextInput
      type="datetime-local"
      label={t('forms.expiresAt')}
      value={expiry.custom}
      error={problem}
      onChange={(event) => onChange({ ...expiry, custom: event.currentTarget.value })}
    />
  );
}
