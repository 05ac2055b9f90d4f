import { useEffect, useRef, useState } from 'react';
import type { Review } from '#shared/domain/entities';
import { authorizeReview, denyReview } from '../answer/answering';
import { type BulkAnswer, BulkChoices } from './bulk-choices';
import { BulkResult } from './bulk-result';
import { draftOf } from '../model';
import classes from '../pending.module.css';

interface BulkBarProps {
  readonly selected: readonly Review[];
  readonly onClear: () => void;
}

/** Answers the selected reviews together, each for its own address, and takes these answers back together. */
export function BulkBar({ selected, onClear }: BulkBarProps) {
  const [running, setRunning] = useState<{
    readonly kind: BulkAnswer['kind'];
    readonly of: readonly Review[];
  } | null>(null);
  const [result, setResult] = useState<{
    readonly answered: readonly Review[];
    readonly failed: number;
  } | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The button that had the focus is gone.
    if (result !== null && document.activeElement === document.body) {
      bar.current?.focus({ preventScroll: true });
    }
  }, [result]);

  const answerAll = async (answer: BulkAnswer): Promise<void> => {
    if (running !== null) return;
    setRunning({ kind: answer.kind, of: selected });
    const answered: Review[] = [];
    for (const review of selected) {
      const draft = draftOf(review, answer.choices, {});
      const isDone = await (answer.kind === 'authorize'
        ? authorizeReview(review, draft)
        : denyReview(review, draft));
      if (isDone) answered.push(review);
    }
    setResult({ answered, failed: selected.length - answered.length });
    setRunning(null);
    onClear();
  };

  if (selected.length > 0 && running === null && result !== null) setResult(null);
  // Answered reviews leave the selection, but the number on the button must stay.
  const chosen = running?.of ?? selected;
  if (chosen.length === 0 && result === null) return null;
  return (
    <div ref={bar} tabIndex={-1} className={classes.bulk} role="group" aria-label="Answer together">
      {chosen.length > 0 ? (
        <BulkChoices
          count={chosen.length}
          running={running?.kind ?? null}
          onAnswer={(answer) => void answerAll(answer)}
          onClear={onClear}
        />
      ) : (
        result !== null && <BulkResult {...result} onDismiss={() => setResult(null)} />
      )}
    </div>
  );
}
