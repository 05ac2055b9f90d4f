import { useEffect } from 'react';
import type { Review } from '#shared/domain/entities';
import { notAnswering, setAnswering, useAnswers } from '../../../stores/answers';
import { useSettled } from '../../../stores/settled';
import { type Answered, answeredOf, isSeenOpenAgain } from '../model';

export function useAnswered(review: Review): Answered {
  const answering = useAnswers(({ byReview }) => byReview.get(review.id) ?? notAnswering);
  const settled = useSettled(({ byId }) => byId);
  const answered = answeredOf(review, answering, settled);
  const isNews = isSeenOpenAgain(review, answered);
  useEffect(() => {
    if (isNews) setAnswering(review.id, { takenBack: false, reopened: true });
  }, [isNews, review.id]);
  return answered;
}
