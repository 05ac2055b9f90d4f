import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { noteProblem } from '../domain/answer';
import type { AnswerDraft } from '../stores/ui';

interface AnswerNoteProps {
  readonly draft: AnswerDraft;
  /** On a list of questions the field is there once somebody wants it. */
  readonly isOnDemand?: boolean;
  readonly disabled: boolean;
  readonly onChange: (change: Pick<AnswerDraft, 'note'>) => void;
}

/** What a person notes down with the answer: it labels the range, or says why it was denied. */
export function AnswerNote({ draft, isOnDemand = false, disabled, onChange }: AnswerNoteProps) {
  const [isWanted, setIsWanted] = useState(false);
  if (isOnDemand && !isWanted && draft.note === '') {
    return (
      <div>
        <Button size="compact-xs" variant="subtle" disabled={disabled} onClick={() => setIsWanted(true)}>
          Add a note…
        </Button>
      </div>
    );
  }
  return (
    <TextInput
      size="xs"
      aria-label="Note"
      placeholder="Who it is, or why it is denied"
      value={draft.note}
      maxLength={200}
      disabled={disabled}
      error={noteProblem(draft)}
      autoFocus={isWanted}
      onChange={(event) => onChange({ note: event.currentTarget.value })}
    />
  );
}
