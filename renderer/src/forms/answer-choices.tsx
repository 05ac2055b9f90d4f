import { SegmentedControl } from '@mantine/core';
import { t } from '#shared/i18n/t';
import { DURATIONS, isDuration } from '../domain/durations';
import type { AnswerDraft, Duration } from '../stores/ui';
import { KeyHint } from '../ui/key-hint';

interface KeysChoiceProps {
  readonly thisKeyOnly: boolean;
  /** The words for the key of the review. */
  readonly thisKey: string;
  readonly disabled: boolean;
  readonly onChange: (change: Pick<AnswerDraft, 'thisKeyOnly'>) => void;
}

export function KeysChoice({ thisKeyOnly, thisKey, disabled, onChange }: KeysChoiceProps) {
  return (
    <SegmentedControl
      aria-label={t('forms.forWhichKeys')}
      fullWidth
      data={[
        { value: 'all', label: t('forms.allKeys') },
        { value: 'this', label: thisKey },
      ]}
      value={thisKeyOnly ? 'this' : 'all'}
      disabled={disabled}
      onChange={(keys) => onChange({ thisKeyOnly: keys === 'this' })}
    />
  );
}

interface DurationChoiceProps {
  readonly duration: Duration;
  /** Digits choose the duration, and are shown beside it. */
  readonly keyHints: boolean;
  readonly disabled: boolean;
  readonly onChange: (change: Pick<AnswerDraft, 'duration'>) => void;
}

export function DurationChoice({ duration, keyHints, disabled, onChange }: DurationChoiceProps) {
  return (
    <SegmentedControl
      aria-label={t('forms.forHowLong')}
      data-durations
      fullWidth
      data={DURATIONS.map(({ value }, index) => ({
        value,
        label: (
          <>
            {t(`forms.duration_${value}`)}
            {keyHints && <KeyHint>{`${index + 1}`}</KeyHint>}
          </>
        ),
      }))}
      value={duration}
      disabled={disabled}
      onChange={(chosen) => {
        if (isDuration(chosen)) onChange({ duration: chosen });
      }}
    />
  );
}
