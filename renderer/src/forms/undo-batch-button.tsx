import { type Batch, type BatchStore, UNDO_MS } from '../stores/batch';
import { UndoInTime } from './undo-in-time';

interface UndoBatchButtonProps<B extends Batch, S extends string> {
  readonly store: BatchStore<B, S>;
  readonly batch: B;
  readonly words: string;
  /** True where the screen has a key for it. */
  readonly hasKey: boolean;
  readonly onUndo: (batch: B) => void;
}

/** Takes the whole change back. */
export function UndoBatchButton<B extends Batch, S extends string>(props: UndoBatchButtonProps<B, S>) {
  const { store, batch, words, hasKey, onUndo } = props;
  const isBusy = store(({ step }) => step === 'undo');
  const isOffered = !batch.isTakenBack && batch.ids.length > 0;
  return (
    <UndoInTime
      untilMs={isOffered ? batch.endedAtMs + UNDO_MS : null}
      answerKey={`${batch.endedAtMs}`}
      isBusy={isBusy}
      words={words}
      hasKey={hasKey}
      onUndo={() => onUndo(batch)}
    />
  );
}
