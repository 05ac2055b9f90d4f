import type { Failure } from '#shared/ipc/failure';
import { isReview } from '../outbox/queued-operation';
import type { Replica } from '../sync/replica';

/** Shows at once the current state of a review that somebody else has answered. */
export function takeCurrentReview(replica: Replica, accountId: string | null, failure: Failure): void {
  if (failure.kind === 'conflict' && isReview(failure.current)) {
    replica.applyWritten(accountId, { reviews: [failure.current] });
  }
}
