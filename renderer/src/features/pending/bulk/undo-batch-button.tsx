import { Button } from '@mantine/core';
import { useBatch, type Batch } from '../../../stores/batch';
import { CountdownRing } from '../../../ui/countdown-ring';
import { KeyHint } from '../../../ui/key-hint';
import { useSecondsLeft } from '../../../ui/use-seconds-left';
import { UNDO_MS } from '../model';
import { useArmed } from '../use-armed';
import { undoTogether } from './answer-together';

/** Takes all answers of a batch back while that is offered, and shows the seconds that are left. */
export function UndoBatchButton({ batch }: { readonly batch: Batch }) {
  const isBusy = useBatch(({ step }) => step === 'undo');
  const secondsLeft = useSecondsLeft(batch.endedAtMs + UNDO_MS);
  // It appears where the answer's button may have been, so a double click must not take the answers back.
  const isArmed = useArmed(`${batch.endedAtMs}`);
  if (batch.isTakenBack || batch.reviewIds.length === 0 || (secondsLeft === 0 && !isBusy)) return null;
  return (
    <Button
      variant="default"
      size="compact-sm"
      aria-label="Undo all"
      aria-keyshortcuts="U"
      loading={isBusy}
      disabled={!isArmed && !isBusy}
      leftSection={<CountdownRing secondsLeft={secondsLeft} outOf={UNDO_MS / 1_000} />}
      onClick={() => void undoTogether(batch)}
    >
      Undo all
      <KeyHint>U</KeyHint>
    </Button>
  );
}
