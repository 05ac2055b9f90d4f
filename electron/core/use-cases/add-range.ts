import type { z } from 'zod';
import type { addRangeBody } from '#shared/api/bodies';
import type { Range } from '#shared/domain/entities';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

/** Adds what a range text means: one range, or several for a dash. */
export async function addRange(
  core: CoreContext,
  request: z.output<typeof addRangeBody>,
): Promise<Outcome<Range[]>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const answer = await client.call('addRanges', { body: request });
  if (!answer.ok) return answer;
  core.replica.applyWritten(accountId, { ranges: answer.value.items });
  return succeeded(answer.value.items);
}
