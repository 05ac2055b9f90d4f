import { CloseButton } from '@mantine/core';
import { countOf } from '#shared/words';
import { explainFailure } from '../../../domain/failures';
import { type Batch, useBatch } from '../../../stores/batch';
import { useNow } from '../../../ui/clock';
import { FormError } from '../../../ui/form-error';
import { useSecondsLeft } from '../../../ui/use-seconds-left';
import { UNDO_MS } from '../model';
import classes from './bulk.module.css';
import { UndoBatchButton } from './undo-batch-button';

/** Says how many reviews were answered together, with Undo while that is possible. */
export function BatchLine() {
  const last = useBatch((state) => state.last);
  return last === null ? null : <Line batch={last} />;
}

function Line({ batch }: { readonly batch: Batch }) {
  const step = useBatch((state) => state.step);
  const failure = useBatch((state) => state.failure);
  const nowMs = useNow();
  const secondsLeft = useSecondsLeft(batch.endedAtMs + UNDO_MS);
  // What went wrong stays until it is put away.
  const isOver = secondsLeft === 0 && step !== 'undo' && batch.refused.length === 0 && failure === null;
  if (isOver || step === 'authorize' || step === 'deny') return null;
  return (
    <div className={classes.batch}>
      <p role="status">{batchSentence(batch)}</p>
      <FormError message={failure === null ? null : explainFailure(failure, nowMs).message} />
      <UndoBatchButton batch={batch} />
      <CloseButton size="sm" aria-label="Put this away" onClick={() => useBatch.setState({ last: null })} />
    </div>
  );
}

/** Returns for example `38 reviews answered. 2 were not: This review was answered already.` */
export function batchSentence({ reviewIds, refused, isTakenBack }: Batch): string {
  const answered = isTakenBack
    ? `${countOf(reviewIds.length, 'answer')} taken back: open again.`
    : `${countOf(reviewIds.length, 'review')} answered.`;
  const [first] = refused;
  if (first === undefined) return answered;
  return `${answered} ${countOf(refused.length, 'was', 'were')} not: ${first.message}`;
}
