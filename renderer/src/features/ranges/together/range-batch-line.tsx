import { t } from '#shared/i18n/t';
import type { BatchProgress } from '../../../domain/batch-progress';
import { BatchLine } from '../../../forms/batch-line';
import { type RangeBatch, useRangeBatch } from '../../../stores/batch';
import { useMirror } from '../../../stores/mirror';
import { undoTogether } from './change-together';

export function RangeBatchLine() {
  const isOnline = useMirror(({ connection }) => connection.kind === 'online');
  return (
    <BatchLine
      store={useRangeBatch}
      sentence={(batch, progress) => batchSentence(batch, progress, isOnline)}
      undoWords={t('answer.undo')}
      hasUndoKey={false}
      onUndo={(batch) => void undoTogether(batch)}
    />
  );
}

/** Returns for example `38 ranges were removed. Somebody else had changed 2.` */
export function batchSentence(
  batch: RangeBatch,
  { overtaken, failed, reason }: BatchProgress,
  isOnline: boolean,
): string {
  const { ids, refused, isTakenBack } = batch;
  const [firstRefused] = refused;
  const done = Math.max(0, ids.length - overtaken - failed);
  const sentences = [
    isTakenBack ? t('ranges.takenBack', { count: ids.length }) : doneWords(batch, done, isOnline),
    !isTakenBack && overtaken > 0 && t('ranges.batchOvertaken', { number: overtaken }),
    !isTakenBack && failed > 0 && t('forms.batchFailed', { number: failed, reason: reason ?? '' }),
    firstRefused !== undefined &&
      t('forms.batchRefused', { count: refused.length, message: firstRefused.message }),
  ];
  return sentences.filter((sentence) => sentence !== false).join(' ');
}

function doneWords({ change, before, refused }: RangeBatch, done: number, isOnline: boolean): string {
  const what = change === 'remove' ? 'removed' : 'changed';
  const [only] = before;
  if (only !== undefined && done === 1 && before.length === 1 && refused.length === 0) {
    return t(isOnline ? `ranges.${what}` : `ranges.${what}Later`, { range: only.cidr });
  }
  return t(isOnline ? `ranges.${what}Many` : `ranges.${what}ManyLater`, { count: done });
}
