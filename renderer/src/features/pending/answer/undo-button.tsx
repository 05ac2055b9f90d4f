import { Button } from '@mantine/core';
import { CountdownRing } from '../../../ui/countdown-ring';
import { KeyHint } from '../../../ui/key-hint';
import { useSecondsLeft } from '../../../ui/use-seconds-left';
import { undoAnswer } from './answering';
import { useArmed } from '../use-armed';
import { type Answered, UNDO_MS } from '../model';

interface UndoButtonProps {
  readonly reviewId: string;
  readonly answered: Answered;
  /** Name of the button where several are on screen: `Undo for 203.0.113.9`. */
  readonly name?: string;
  readonly keyHint?: string;
}

/** Takes an answer back while that is offered, and shows the seconds that are left. */
export function UndoButton({ reviewId, answered, name = 'Undo', keyHint }: UndoButtonProps) {
  const { undo, answering } = answered;
  const busy = answering.step === 'undo';
  // It may appear where the answer's button was, so a double click must not take the answer back.
  const armed = useArmed(undo?.operationId ?? '');
  const secondsLeft = useSecondsLeft(undo?.untilMs ?? null);
  // A press in time keeps the button until the call is done.
  if (undo === null || (secondsLeft === 0 && !busy)) return null;
  return (
    <Button
      variant="default"
      size="compact-sm"
      aria-label={name}
      loading={busy}
      disabled={!armed && !busy}
      leftSection={<CountdownRing secondsLeft={secondsLeft} outOf={UNDO_MS / 1_000} />}
      {...(keyHint === undefined ? {} : { 'aria-keyshortcuts': keyHint })}
      onClick={() => void undoAnswer(reviewId, undo.operationId)}
    >
      Undo
      {keyHint !== undefined && <KeyHint>{keyHint}</KeyHint>}
    </Button>
  );
}
