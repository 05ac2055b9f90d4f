import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { noteProblem } from '../domain/answer';
import type { AnswerDraft } from '../stores/ui';
import classes from './answer-options.module.css';

interface AnswerNoteProps {
  /** The address that is answered: on a list it tells the buttons apart. */
  readonly ip: string;
  readonly draft: AnswerDraft;
  /** On a list of questions the field is there once somebody wants it. */
  readonly isOnDemand?: boolean;
  readonly disabled: boolean;
  readonly onChange: (change: Pick<AnswerDraft, 'note'>) => void;
}

/** What a person notes down with the answer: it labels the range, or says why it was denied. */
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
