import type { Review } from '#shared/domain/entities';
import type { CallRequest } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

/** Has the service propose nothing more for the review's key and network. The feed brings the other reviews that it concerns. */
export async function declineProposal(
  core: Pick<CoreContext, 'connections' | 'replica'>,
  { reviewId }: CallRequest<'reviews', 'declineProposal'>,
): Promise<Outcome<Review>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const answer = await client.call('declineProposal', { params: { id: reviewId } });
  if (!answer.ok) return answer;
  core.replica.applyWritten(accountId, { reviews: [answer.value.review] });
  return succeeded(answer.value.review);
}
