import { t } from '#shared/i18n/t';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { failed, type Outcome } from '#shared/ipc/failure';
import type { CoreContext } from './context';
import { onlineClient } from './paging';

/** Asks the service what a call would get now. Offline nobody waits for an answer that does not come. */
export async function explain(
  core: Pick<CoreContext, 'replica' | 'connections'>,
  query: CallRequest<'log', 'explain'>,
): Promise<Outcome<CallResponse<'log', 'explain'>>> {
  const client = onlineClient(core);
  if (client !== null) return client.call('explain', { query });
  const session = core.connections.session();
  return session.ok ? failed({ kind: 'unreachable', message: t('refusals.explainOffline') }) : session;
}
