import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { noteProblem } from '../domain/answer';
import type { AnswerDraft } from '../stores/ui';
import classes from './answer-options.module.css';

interface AnswerNoteProps {
  /** The answered address, which tells the buttons of a list apart. */
  readonly ip: string;
  readonly draft: AnswerDraft;
  /** In a list of reviews the field appears on request. */
  readonly isOnDemand?: boolean;
  readonly disabled: boolean;
  readonly onChange: (change: Pick<AnswerDraft, 'note'>) => void;
}

/** A person's note with the answer: it labels the range, or says why the address was denied. */
export function AnswerNote({ ip, draft, isOnDemand = false, disabled, onChange }: AnswerNoteProps) {
  const [isWanted, setIsWanted] = useState(false);
  if (isOnDemand && !isWanted && draft.note === '') {
    return (
      <div>
        <button
          type="button"
          className={classes.addNote}
          disabled={disabled}
          aria-label={`Add a note…, ${ip}`}
          onClick={() => setIsWanted(true)}
        >
          Add a note…
        </button>
      </div>
    );
  }
  return (
    <TextInput
      size="xs"
      aria-label="Note"
      placeholder="Note: who it is, or why it is denied"
      value={draft.note}
      maxLength={200}
      disabled={disabled}
      error={noteProblem(draft)}
      autoFocus={isWanted}
      onChange={(event) => onChange({ note: event.currentTarget.value })}
    />
  );
}
