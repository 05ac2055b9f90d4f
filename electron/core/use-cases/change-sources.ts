import { MINUTE_MS } from '#shared/durations';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { CoreContext } from './context';

type Context = Pick<CoreContext, 'connections' | 'replica'>;

/** An edit of a source rewrites its ranges, of which there may be very many. */
const TIMEOUT_MS = 2 * MINUTE_MS;

/** Adds a source, which the service then reads. The feed brings what it yields. */
export async function addSource(
  core: Context,
  request: CallRequest<'sources', 'add'>,
): Promise<Outcome<CallResponse<'sources', 'add'>>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const answer = await client.call('addSource', { body: request });
  if (answer.ok) core.replica.applyWritten(accountId, { sources: [answer.value.source] });
  return answer;
}

/** Changes a source and all its ranges, or pauses it. */
export async function updateSource(
  core: Context,
  { sourceId, version, changes }: CallRequest<'sources', 'update'>,
): Promise<Outcome<CallResponse<'sources', 'update'>>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const { client, accountId } = session.value;
  const request = { params: { id: sourceId }, body: changes };
  const answer = await client.call('updateSource', request, {
    timeoutMs: TIMEOUT_MS,
    ...(version !== undefined && { ifMatch: version }),
  });
  if (answer.ok) core.replica.applyWritten(accountId, { sources: [answer.value.source] });
  return answer;
}

/** Has the service read a source now. */
export async function refreshSource(
  core: Context,
  { sourceId, ...body }: CallRequest<'sources', 'refresh'>,
): Promise<Outcome<CallResponse<'sources', 'refresh'>>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  return session.value.client.call('refreshSource', { params: { id: sourceId }, body });
}

/** Removes a source and its ranges, which the feed takes away here. */
export async function removeSource(
  core: Context,
  { sourceId, confirmImpact }: CallRequest<'sources', 'remove'>,
): Promise<Outcome<undefined>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  const answer = await session.value.client.call(
    'removeSource',
    { params: { id: sourceId }, query: confirmImpact === true ? { confirmImpact: 'true' } : {} },
    { timeoutMs: TIMEOUT_MS },
  );
  return answer.ok ? succeeded(undefined) : answer;
}
