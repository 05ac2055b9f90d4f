import { MAX_IMPORT_BYTES } from '#shared/api/routes-import';
import { MINUTE_MS } from '#shared/durations';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import { failed, type Outcome } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import type { CoreContext } from './context';

/** A hundred thousand lines take some seconds, and longer while calls are answered. */
const TIMEOUT_MS = 2 * MINUTE_MS;

/** Adds the ranges of a text, or previews a page of that. The feed brings the new ranges. */
export async function importRanges(
  core: Pick<CoreContext, 'connections'>,
  request: CallRequest<'ranges', 'import'>,
): Promise<Outcome<CallResponse<'ranges', 'import'>>> {
  const session = core.connections.session();
  if (!session.ok) return session;
  // The service would close the connection in the middle of the text, without a reason that a person could read.
  if (Buffer.byteLength(JSON.stringify(request)) > MAX_IMPORT_BYTES) {
    const message = t('refusals.listTooLarge', { number: MAX_IMPORT_BYTES / 2 ** 20 });
    return failed({ kind: 'invalid', code: 'payload_too_large', field: 'text', message });
  }
  return session.value.client.call('importRanges', { body: request }, { timeoutMs: TIMEOUT_MS });
}
