import { Button } from '@mantine/core';
import { changeWords } from '../../domain/operation-words';
import type { RangeChanges } from '../../forms/range-values';
import classes from './ranges.module.css';

interface ChangedMeanwhileProps {
  readonly changes: RangeChanges;
  /** True if something was typed that could be kept. */
  readonly isTyped: boolean;
  readonly onKeep: () => void;
  readonly onDiscard: () => void;
}

/** Shows changes by others while the form was open, and asks which values to continue with. */
export function ChangedMeanwhile({ changes, isTyped, onKeep, onDiscard }: ChangedMeanwhileProps) {
  return (
    <div className={classes.meanwhile} role="alert">
      <p>
        This range was changed while you had it open: {changeWords(changes)}.
        {isTyped && ' What you typed is not saved yet.'}
      </p>
      <div className={classes.meanwhileButtons}>
        {isTyped && (
          <Button size="compact-xs" variant="default" onClick={onKeep}>
            Keep what I typed
          </Button>
        )}
        <Button size="compact-xs" variant="default" onClick={onDiscard}>
          Show it as it is now
        </Button>
      </div>
    </div>
  );
}

export function RemovedMeanwhile({ onAddAgain }: { readonly onAddAgain: () => void }) {
  return (
    <div className={classes.meanwhile} role="alert">
      <p>This range was removed while you had it open, so it cannot be changed any more.</p>
      <Button size="compact-xs" variant="default" onClick={onAddAgain}>
        Add it again…
      </Button>
    </div>
  );
}
