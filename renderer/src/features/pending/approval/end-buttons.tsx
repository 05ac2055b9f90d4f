import { Button } from '@mantine/core';
import { KeyHint } from '../../../ui/key-hint';
import classes from './approval.module.css';

/** The way to the next question. */
export interface GoOn {
  readonly show: () => void;
  readonly label: string;
}

interface EndButtonsProps {
  /** Null where no other question is open. */
  readonly goOn: GoOn | null;
  /** False for a moment, because it stands where the question was answered; to close decides nothing. */
  readonly armed: boolean;
  readonly onClose: () => void;
}

/** What can be done in the approval window once its question is answered or gone. */
export function EndButtons({ goOn, armed, onClose }: EndButtonsProps) {
  return (
    <div className={classes.endButtons}>
      {goOn !== null && (
        <Button aria-keyshortcuts="Enter" disabled={!armed} onClick={goOn.show}>
          {goOn.label}
          <KeyHint>⏎</KeyHint>
        </Button>
      )}
      <Button variant="default" aria-keyshortcuts="Escape" onClick={onClose}>
        Close
      </Button>
    </div>
  );
}
