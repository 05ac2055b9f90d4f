import { t } from '#shared/i18n/t';
import { notAnswering, useAnswers } from '../../stores/answers';
import { UNDO_MS, useBatch } from '../../stores/batch';
import { useMirror } from '../../stores/mirror';
import { useSettled } from '../../stores/settled';
import { undoAnswer } from './answer/answering';
import { undoTogether } from './bulk/answer-together';
import { answeredLately, answeredOf } from './model';

interface UndoableAnswer {
  /** The label of what takes it back. */
  readonly words: string;
  readonly undo: () => void;
}

/** Returns the last answer that can still be taken back, for one review or many; null if there is none. */
export function undoableAnswer(): UndoableAnswer | null {
  const nowMs = Date.now();
  const answers = useAnswers.getState().byReview;
  const settled = useSettled.getState().byId;
  const [review] = answeredLately(useMirror.getState().reviews, answers, settled, nowMs);
  const { last } = useBatch.getState();
  const isBatch =
    last !== null &&
    !last.isTakenBack &&
    last.endedAtMs + UNDO_MS > nowMs &&
    (review === undefined || last.ids.includes(review.id));
  if (isBatch) {
    const count = last.ids.length;
    return count === 0
      ? null
      : { words: t('answer.undoMany', { count }), undo: () => void undoTogether(last) };
  }
  if (review === undefined) return null;
  const { undo } = answeredOf(review, answers.get(review.id) ?? notAnswering, settled);
  return {
    words: t('answer.undoFor', { ip: review.ip }),
    undo: () => void undoAnswer(review.id, undo?.operationId ?? null),
  };
}
