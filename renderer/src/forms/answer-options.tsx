import { Checkbox, SegmentedControl, TextInput, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { hasSubnet, type ScopeReading } from '../domain/answer';
import type { AnswerDraft } from '../stores/ui';
import { KeysChoice, DurationChoice } from './answer-choices';
import classes from './answer-options.module.css';

interface AnswerOptionsProps {
  readonly review: Review;
  readonly draft: AnswerDraft;
  readonly reading: ScopeReading;
  /** Digits choose the duration, and are shown beside it. */
  readonly keyHints?: boolean;
  readonly disabled: boolean;
  /** Main's message about the custom range, besides the checks in this window. */
  readonly problem?: string | null;
  readonly onChange: (change: Partial<AnswerDraft>) => void;
}

/** Longer texts do not fit beside the other choices of the approval window. */
const LONG_CIDR = 18;

function subnetLabel({ suggestedCidr }: Review): ReactNode {
  if (suggestedCidr.length <= LONG_CIDR) return suggestedCidr;
  return (
    <span title={suggestedCidr}>
      <span aria-hidden>
        {t('forms.itsSubnet', { prefix: suggestedCidr.slice(suggestedCidr.indexOf('/')) })}
      </span>
      <VisuallyHidden>{suggestedCidr}</VisuallyHidden>
    </span>
  );
}

export function AnswerOptions(props: AnswerOptionsProps) {
  const { review, draft, reading, keyHints = false, disabled, problem = null, onChange } = props;
  const ownRange = draft.scope === 'own' && (
    <div className={classes.own}>
      <TextInput
        aria-label={t('forms.rangeToAuthorize')}
        placeholder={review.suggestedCidr}
        description={t('forms.rangeForms')}
        value={draft.ownText}
        disabled={disabled}
        error={reading.kind === 'problem' ? reading.message : problem}
        onChange={(event) => onChange({ ownText: event.currentTarget.value, allowWide: false })}
        spellCheck={false}
      />
      {reading.kind === 'own' &&
        reading.notes.map((note) => (
          <p key={note} className={classes.note}>
            {note}
          </p>
        ))}
      {reading.kind === 'own' && reading.wide && (
        <Checkbox
          checked={draft.allowWide}
          disabled={disabled}
          onChange={(event) => onChange({ allowWide: event.currentTarget.checked })}
          label={t('forms.veryWide', { range: reading.text })}
        />
      )}
    </div>
  );
  return (
    <div className={classes.options}>
      <SegmentedControl
        aria-label={t('forms.whatToAuthorize')}
        fullWidth
        data={[
          { value: 'address', label: t('forms.thisAddress') },
          ...(hasSubnet(review) ? [{ value: 'subnet', label: subnetLabel(review) }] : []),
          { value: 'own', label: t('forms.myOwnRange') },
        ]}
        value={draft.scope}
        disabled={disabled}
        onChange={(scope) => {
          if (scope === 'address' || scope === 'subnet' || scope === 'own') onChange({ scope });
        }}
      />
      {ownRange}
      <KeysChoice
        thisKeyOnly={draft.thisKeyOnly}
        thisKey={t('forms.thisKeyOnly')}
        disabled={disabled}
        onChange={onChange}
      />
      <DurationChoice duration={draft.duration} keyHints={keyHints} disabled={disabled} onChange={onChange} />
    </div>
  );
}
