import { t } from '#shared/i18n/t';
import type { BatchProgress } from '../../../domain/batch-progress';
import { BatchLine } from '../../../forms/batch-line';
import { type Batch, useBatch } from '../../../stores/batch';
import { stopTogether, undoTogether } from './answer-together';

export function ReviewBatchLine() {
  return (
    <BatchLine
      store={useBatch}
      sentence={batchSentence}
      undoWords={t('answer.undoAll')}
      hasUndoKey
      onUndo={(batch) => void undoTogether(batch)}
      onStop={(batch) => void stopTogether(batch)}
    />
  );
}

/** Returns for example `38 reviews answered. 2 were not: This review was answered already.` */
export function batchSentence(batch: Batch, { overtaken, failed, reason }: BatchProgress): string {
  const { ids, refused, isTakenBack, stopped } = batch;
  const [first] = refused;
  const sentences = [
    !isTakenBack && t('answer.batchAnswered', { count: Math.max(0, ids.length - overtaken - failed) }),
    isTakenBack && t('answer.batchTakenBack', { count: ids.length }),
    !isTakenBack && stopped > 0 && t('answer.batchTakenBack', { count: stopped }),
    !isTakenBack && overtaken > 0 && t('answer.batchOvertaken', { number: overtaken }),
    !isTakenBack && failed > 0 && t('forms.batchFailed', { number: failed, reason: reason ?? '' }),
    first !== undefined && t('forms.batchRefused', { count: refused.length, message: first.message }),
  ];
  return sentences.filter((sentence) => sentence !== false).join(' ');
}
