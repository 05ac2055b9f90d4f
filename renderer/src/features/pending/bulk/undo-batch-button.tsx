import { t } from '#shared/i18n/t';
import { useBatch, type Batch } from '../../../stores/batch';
import { UndoInTime } from '../answer/undo-in-time';
import { UNDO_MS } from '../model';
import { undoTogether } from './answer-together';

/** Takes all answers of a batch back. */
export function UndoBatchButton({ batch }: { readonly batch: Batch }) {
  const isBusy = useBatch(({ step }) => step === 'undo');
  const isOffered = !batch.isTakenBack && batch.reviewIds.length > 0;
  return (
    <UndoInTime
      untilMs={isOffered ? batch.endedAtMs + UNDO_MS : null}
      answerKey={`${batch.endedAtMs}`}
      isBusy={isBusy}
      words={t('answer.undoAll')}
      hasKey
      onUndo={() => void undoTogether(batch)}
    />
  );
}
