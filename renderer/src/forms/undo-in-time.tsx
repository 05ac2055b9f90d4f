import { Button } from '@mantine/core';
import { CountdownRing } from '../ui/countdown-ring';
import { KeyHint } from '../ui/key-hint';
import { useSecondsLeft } from '../ui/use-seconds-left';
import { useArmed } from '../ui/use-armed';
import { UNDO_MS } from '../stores/batch';

const KEY = 'U';

interface UndoInTimeProps {
  /** Milliseconds since the epoch until which it is offered; null if it is not. */
  readonly untilMs: number | null;
  /** Another answer has another one. */
  readonly answerKey: string;
  readonly isBusy: boolean;
  readonly words: string;
  /** The button's name where several are on screen. */
  readonly name?: string;
  readonly hasKey: boolean;
  readonly onUndo: () => void;
}

/** Takes something back while that is offered, and shows the seconds that are left. */
export function UndoInTime(props: UndoInTimeProps) {
  const { untilMs, answerKey, isBusy, words, name = words, hasKey, onUndo } = props;
  const secondsLeft = useSecondsLeft(untilMs);
  // It may appear where the answer's button was, so a double click must not take the answer back.
  const isArmed = useArmed(answerKey);
  // A press in time keeps the button until the call is done.
  if (untilMs === null || (secondsLeft === 0 && !isBusy)) return null;
  return (
    <Button
      variant="default"
      size="compact-sm"
      aria-label={name}
      loading={isBusy}
      disabled={!isArmed && !isBusy}
      leftSection={<CountdownRing secondsLeft={secondsLeft} outOf={UNDO_MS / 1_000} />}
      {...(hasKey && { 'aria-keyshortcuts': KEY })}
      onClick={onUndo}
    >
      {words}
      {hasKey && <KeyHint>{KEY}</KeyHint>}
    </Button>
  );
}
