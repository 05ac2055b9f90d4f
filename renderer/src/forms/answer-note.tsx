import { TextInput } from '@mantine/core';
import { t } from '#shared/i18n/t';
import { noteProblem } from '../domain/answer';
import type { AnswerDraft } from '../stores/ui';

interface AnswerNoteProps {
  readonly draft: AnswerDraft;
  readonly disabled: boolean;
  readonly onChange: (change: Pick<AnswerDraft, 'note'>) => void;
}

/** A person's note with the answer: it labels the range, or says why the address was denied. */
export function AnswerNote({ draft, disabled, onChange }: AnswerNoteProps) {
  return (
    <TextInput
      size="xs"
      aria-label={t('forms.note')}
      placeholder={t('forms.noteExample')}
      value={draft.note}
      maxLength={200}
      disabled={disabled}
      error={noteProblem(draft)}
      onChange={(event) => onChange({ note: event.currentTarget.value })}
    />
  );
}
