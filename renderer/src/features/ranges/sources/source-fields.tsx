import { Checkbox, NativeSelect, SegmentedControl, TagsInput, TextInput } from '@mantine/core';
import { useShallow } from 'zustand/react/shallow';
import { effectSchema } from '#shared/domain/entities';
import { SOURCE_PRESETS, sourcePresetSchema } from '#shared/domain/source-presets';
import { fillsList, sourceKindSchema } from '#shared/domain/source-spec';
import { t } from '#shared/i18n/t';
import type { Failure } from '#shared/ipc/failure';
import { expiryOptions, expiryProblem, isExpiry } from '../../../domain/expiry';
import { fieldMessage, type FailureText, formMessage } from '../../../domain/failures';
import { useFailureText } from '../../../forms/failure-message';
import { useMirror } from '../../../stores/mirror';
import { useNow } from '../../../ui/clock';
import { formatLength } from '../../../ui/format';
import { FormError } from '../../../ui/form-error';
import { countries } from './countries';
import { widthWords } from './source-facts';
import { missingField, requestOf, type SourceValues } from './source-values';
import classes from './sources.module.css';

const KINDS = ['preset', 'url', 'dns', 'asn', 'country'] as const;
const OVERLAPS = [0, 300, 3_600, 86_400] as const;
const INTERVALS = [300, 3_600, 43_200, 86_400] as const;
/** The fields beside which a failure is shown. */
const FIELDS = ['spec.url', 'spec.name', 'spec.asn', 'spec.services', 'label', 'keyId', 'rangeExpiresAt'];

interface FieldsProps {
  readonly values: SourceValues;
  readonly submitted: boolean;
  readonly onChange: (changed: Partial<SourceValues>) => void;
}

interface SourceFieldsProps extends FieldsProps {
  /** False for an existing source, whose kind stays. */
  readonly isNew: boolean;
  readonly failure: Failure | null;
}

export function SourceFields({ values, isNew, submitted, failure, onChange }: SourceFieldsProps) {
  const { kind, effect, label, keyId, intervalSeconds, expiry } = values;
  const failureText = useFailureText(failure);
  const nowMs = useNow();
  const keys = useMirror(
    useShallow((mirror) => [...mirror.keys.values()].filter(({ status }) => status === 'active')),
  );
  const warning = widthWords({ kind, effect, spec: requestOf({ ...values, expiry: NEVER }, 0).spec });
  const whenProblem =
    (submitted ? expiryProblem(expiry, nowMs) : null) ?? fieldMessage(failureText, 'rangeExpiresAt');
  return (
    <div className={classes.fields}>
      <NativeSelect
        label={t('sources.kind')}
        description={t(`sources.kindHelp_${kind}`)}
        data={KINDS.map((value) => ({ value, label: t(`sources.kind_${value}`) }))}
        value={kind}
        disabled={!isNew}
        data-autofocus={isNew || undefined}
        onChange={(event) => onChange({ kind: sourceKindSchema.parse(event.currentTarget.value) })}
      />
      <SubjectFields values={values} submitted={submitted} onChange={onChange} failureText={failureText} />
      <SegmentedControl
        aria-label={t('forms.effect')}
        fullWidth
        data={[
          { value: 'authorize', label: t('forms.effect_authorize') },
          { value: 'deny', label: t('forms.effect_deny') },
        ]}
        value={effect}
        onChange={(chosen) => onChange({ effect: effectSchema.parse(chosen) })}
      />
      {warning !== null && (
        <p className={classes.warning} role="status">
          {warning}
        </p>
      )}
      <TextInput
        label={t('forms.label')}
        value={label}
        maxLength={200}
        error={fieldMessage(failureText, 'label')}
        onChange={(event) => onChange({ label: event.currentTarget.value })}
      />
      <div className={classes.pair}>
        <NativeSelect
          label={t('forms.apiKey')}
          data={[
            { value: '', label: t('forms.allKeys') },
            ...keys.map(({ id, name }) => ({ value: id, label: t('forms.keyOnly', { name }) })),
          ]}
          value={keyId ?? ''}
          error={fieldMessage(failureText, 'keyId')}
          onChange={(event) => onChange({ keyId: event.currentTarget.value || null })}
        />
        <NativeSelect
          label={t('forms.expires')}
          data={[...expiryOptions(expiry, nowMs)]}
          value={expiry.expiry}
          error={expiry.expiry === 'custom' ? null : whenProblem}
          onChange={(event) => {
            const { value } = event.currentTarget;
            if (isExpiry(value)) onChange({ expiry: { ...expiry, expiry: value } });
          }}
        />
      </div>
      {expiry.expiry === 'custom' && (
        <TextInput
          type="datetime-local"
          label={t('forms.expiresAt')}
          value={expiry.custom}
          error={whenProblem}
          onChange={(event) => onChange({ expiry: { ...expiry, custom: event.currentTarget.value } })}
        />
      )}
      {fillsList(kind) && (
        <NativeSelect
          label={t('sources.interval')}
          data={[
            { value: '', label: t('sources.interval_usual') },
            ...INTERVALS.map((value) => ({ value: String(value), label: t(`sources.interval_${value}`) })),
            ...ownChoice(intervalSeconds, INTERVALS, (length) => t('sources.interval_own', { length })),
          ]}
          value={intervalSeconds === null ? '' : String(intervalSeconds)}
          onChange={(event) => {
            const { value } = event.currentTarget;
            onChange({ intervalSeconds: value === '' ? null : Number(value) });
          }}
        />
      )}
      {(kind === 'url' || kind === 'preset') && (
        <Checkbox
          label={t('sources.mayBeWide')}
          checked={values.allowWide}
          onChange={(event) => onChange({ allowWide: event.currentTarget.checked })}
        />
      )}
      <FormError message={formMessage(failureText, FIELDS)} />
    </div>
  );
}

/** Returns the choice for a duration that is none of the usual ones. */
function ownChoice(
  seconds: number | null,
  usual: readonly number[],
  label: (length: string) => string,
): readonly { readonly value: string; readonly label: string }[] {
  if (seconds === null || usual.includes(seconds)) return [];
  return [{ value: String(seconds), label: label(formatLength(seconds)) }];
}

const NEVER = { expiry: 'never', custom: '', kept: null } as const;

/** The fields that say what is read. */
function SubjectFields(props: FieldsProps & { readonly failureText: FailureText | null }) {
  const { values, submitted, onChange, failureText } = props;
  const missing = submitted ? missingField(values) : undefined;
  const problemOf = (field: 'url' | 'name' | 'asn' | 'services'): string | null =>
    missing === field ? t(`sources.missing_${field}`) : fieldMessage(failureText, `spec.${field}`);
  switch (values.kind) {
    case 'preset':
      return <PresetFields values={values} onChange={onChange} problem={problemOf('services')} />;
    case 'url':
      return (
        <TextInput
          label={t('sources.url')}
          placeholder={t('sources.urlExample')}
          type="url"
          value={values.url}
          error={problemOf('url')}
          spellCheck={false}
          onChange={(event) => onChange({ url: event.currentTarget.value })}
        />
      );
    case 'dns':
      return (
        <div className={classes.pair}>
          <TextInput
            label={t('sources.name')}
            placeholder={t('sources.nameExample')}
            value={values.name}
            error={problemOf('name')}
            spellCheck={false}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
          />
          <NativeSelect
            label={t('sources.overlap')}
            data={[
              ...OVERLAPS.map((value) => ({ value: String(value), label: t(`sources.overlap_${value}`) })),
              ...ownChoice(values.overlapSeconds, OVERLAPS, (length) => length),
            ]}
            value={String(values.overlapSeconds)}
            onChange={(event) => onChange({ overlapSeconds: Number(event.currentTarget.value) })}
          />
        </div>
      );
    case 'asn':
      return (
        <TextInput
          label={t('sources.asn')}
          placeholder={t('sources.asnExample')}
          inputMode="numeric"
          value={values.asn}
          error={problemOf('asn')}
          onChange={(event) => onChange({ asn: event.currentTarget.value })}
        />
      );
    case 'country':
      return (
        <NativeSelect
          label={t('sources.country')}
          data={[...countries()]}
          value={values.country}
          onChange={(event) => onChange({ country: event.currentTarget.value })}
        />
      );
  }
}

interface PresetFieldsProps {
  readonly values: SourceValues;
  readonly problem: string | null;
  readonly onChange: (changed: Partial<SourceValues>) => void;
}

/** A vendor, and what of its list is taken. Names that are not in the lists can be typed, because vendors add some every month. */
function PresetFields({ values, problem, onChange }: PresetFieldsProps) {
  const { preset, services, regions } = values;
  const facts = SOURCE_PRESETS[preset];
  const usual =
    facts.usual === undefined
      ? t(facts.needsService === true ? 'sources.chooseOne' : 'sources.allOfThem')
      : t('sources.usual', { names: facts.usual.join(', ') });
  return (
    <>
      <NativeSelect
        label={t('sources.vendor')}
        data={sourcePresetSchema.options.map((value) => ({
          value,
          label: value === 'bots' ? t('sources.bots') : SOURCE_PRESETS[value].name,
        }))}
        value={preset}
        onChange={(event) =>
          onChange({ preset: sourcePresetSchema.parse(event.currentTarget.value), services: [], regions: [] })
        }
      />
      <div className={classes.choices}>
        {facts.services.length > 1 && (
          <TagsInput
            label={t(`sources.services_${preset}`)}
            placeholder={services.length === 0 ? usual : ''}
            data={[...facts.services]}
            value={[...services]}
            error={problem}
            maxDropdownHeight={180}
            acceptValueOnBlur
            onChange={(chosen) => onChange({ services: chosen })}
          />
        )}
        {facts.regions.length > 0 && (
          <TagsInput
            label={t('sources.regions')}
            placeholder={regions.length === 0 ? t('sources.allOfThem') : ''}
            data={[...facts.regions]}
            value={[...regions]}
            maxDropdownHeight={180}
            acceptValueOnBlur
            onChange={(chosen) => onChange({ regions: chosen })}
          />
        )}
      </div>
    </>
  );
}
