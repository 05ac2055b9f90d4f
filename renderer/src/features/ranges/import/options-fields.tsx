import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useShallow } from 'zustand/react/shallow';
import { effectSchema } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { expiryAt, expiryOptions, isExpiry } from '../../../domain/expiry';
import { useMirror } from '../../../stores/mirror';
import { useNow } from '../../../ui/clock';
import classes from './import.module.css';
import type { ImportOptions } from './options';

interface OptionsFieldsProps {
  readonly options: ImportOptions;
  readonly onChange: (options: ImportOptions) => void;
}

export function OptionsFields({ options, onChange }: OptionsFieldsProps) {
  const nowMs = useNow();
  const keys = useMirror(
    useShallow((mirror) => [...mirror.keys.values()].filter(({ status }) => status === 'active')),
  );
  const change = (changed: Partial<ImportOptions>): void => onChange({ ...options, ...changed });
  const { effect, keyId, label, expiry, allowWide, name, replace } = options;
  const asWritten = { value: '', label: t('imports.asWritten') };
  return (
    <fieldset className={classes.options}>
      <legend>{t('imports.options')}</legend>
      <div className={classes.fields}>
        <NativeSelect
          label={t('imports.effect')}
          data={[
            asWritten,
            ...effectSchema.options.map((value) => ({ value, label: t(`forms.effect_${value}`) })),
          ]}
          value={effect ?? ''}
          onChange={(event) => {
            const chosen = effectSchema.safeParse(event.currentTarget.value);
            change({ effect: chosen.success ? chosen.data : null });
          }}
        />
        <NativeSelect
          label={t('imports.key')}
          data={[
            asWritten,
            { value: 'all', label: t('forms.allKeys') },
            ...keys.map(({ id, name: keyName }) => ({
              value: id,
              label: t('forms.keyOnly', { name: keyName }),
            })),
          ]}
          value={keyId ?? ''}
          onChange={(event) => change({ keyId: event.currentTarget.value || null })}
        />
        <TextInput
          label={t('imports.label')}
          placeholder={t('imports.asWritten')}
          value={label}
          maxLength={200}
          onChange={(event) => change({ label: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('imports.expires')}
          data={[asWritten, ...expiryOptions(expiryAt(null), nowMs)]}
          value={expiry?.expiry ?? ''}
          onChange={(event) => {
            const { value } = event.currentTarget;
            change({ expiry: isExpiry(value) ? { ...expiryAt(null), expiry: value } : null });
          }}
        />
        {expiry?.expiry === 'custom' && (
          <TextInput
            type="datetime-local"
            label={t('imports.expiresAt')}
            value={expiry.custom}
            onChange={(event) => change({ expiry: { ...expiry, custom: event.currentTarget.value } })}
          />
        )}
        <TextInput
          label={t('imports.name')}
          description={t('imports.nameHelp')}
          inputWrapperOrder={['label', 'input', 'description']}
          value={name}
          maxLength={100}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
      </div>
      <Checkbox
        label={t('imports.replace')}
        checked={replace && name.trim() !== ''}
        disabled={name.trim() === ''}
        onChange={(event) => change({ replace: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('imports.allowWide')}
        checked={allowWide}
        onChange={(event) => change({ allowWide: event.currentTarget.checked })}
      />
    </fieldset>
  );
}
