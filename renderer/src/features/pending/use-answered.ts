import type { Review } from '#shared/domain/entities';
import { notAnswering, useAnswers } from '../../stores/answers';
import { useSettled } from '../../stores/settled';
import { type Answered, answeredOf } from './model';

/** Follows how one question is answered: in this window, in another one of this console, or by somebody else. */
export function useAnswered(review: Review): Answered {
  const answering = useAnswers(({ byReview }) => byReview.get(review.id) ?? notAnswering);
  const settled = useSettled(({ byId }) => byId);
  return answeredOf(review, answering, settled);
}
