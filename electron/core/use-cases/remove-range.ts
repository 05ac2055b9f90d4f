import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

/** Removes a range, unless somebody changed it since the person saw it. One that is gone already counts as removed. */
export async function removeRange(
  core: CoreContext,
  request: { readonly rangeId: string; readonly version: number },
): Promise<Outcome<undefined>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const { rangeId, version } = request;
  const answer = await client.call('removeRange', { params: { id: rangeId } }, { ifMatch: version });
  if (!answer.ok) {
    const { failure } = answer;
    const isGone = failure.kind === 'conflict' && failure.code === 'not_found';
    if (!isGone) {
      if (failure.kind === 'conflict' && failure.current !== null && 'cidr' in failure.current) {
        core.replica.applyWritten(accountId, { ranges: [failure.current] });
      }
      return answer;
    }
  }
  core.replica.applyWritten(accountId, { removedRangeIds: [rangeId] });
  return succeeded(undefined);
}
