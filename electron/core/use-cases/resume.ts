import type { ServiceRef } from '#shared/ipc/contract';
import { isReadableOnTheWay, plainQuestion } from '../api/service-url';
import { messageOf } from '../text';
import { warnIfReadable } from './connect';
import type { CoreContext } from './context';
import { useEmbedded } from './use-embedded';

const TOKEN_GONE =
  'The access token is not on this computer any more. Connect again with the URL and a token.';

const FIRST_SERVICE: ServiceRef = { kind: 'embedded', url: 'http://127.0.0.1:8787' };

/**
 * What happens at the start of the app: the service that was used last is used again. On the very first start that is
 * the embedded one; after "forget" nothing happens until a person chooses.
 */
export async function resume(core: CoreContext): Promise<void> {
  const profile = core.profile.read();
  const service = profile.service ?? (profile.chosen ? null : FIRST_SERVICE);
  if (service === null) return;
  // Before anything that takes time, so that no window offers a choice that has been made.
  core.replica.setConnection({ kind: 'connecting', service });
  if (profile.accountId !== null) showLastKnown(core, service, profile.accountId);
  if (service.kind === 'embedded') await startEmbedded(core, service);
  else await resumeRemote(core, service);
}

/** What is known of the account, and the edits that wait, until the service is reached. */
function showLastKnown({ replica, log, notices }: CoreContext, service: ServiceRef, accountId: string): void {
  try {
    replica.open(service, accountId);
  } catch (error) {
    const message = messageOf(error);
    log.error('store.not_opened', { message });
    notices.add({
      id: 'store-not-opened',
      severity: 'error',
      title: 'The local store cannot be opened',
      message,
    });
  }
}

async function startEmbedded(core: CoreContext, service: ServiceRef): Promise<void> {
  const outcome = await useEmbedded(core);
  if (outcome.ok || core.replica.connection.kind === 'failed') return;
  core.replica.setConnection({ kind: 'failed', service, message: outcome.failure.message });
}

async function resumeRemote(core: CoreContext, service: ServiceRef): Promise<void> {
  const { profile, vault, replica, connections } = core;
  const { encryptedToken, plainUrl } = profile.read();
  if (isReadableOnTheWay(service.url) && plainUrl !== service.url) {
    const message = plainQuestion(service.url, await core.network.routeTo(new URL(service.url)));
    replica.setConnection({ kind: 'unauthorized', service, code: 'plain_address', message });
    return;
  }
  const token = encryptedToken === null ? null : await vault.decrypt(Buffer.from(encryptedToken, 'base64'));
  if (token === null) {
    const { reason } = await vault.status();
    const message = reason === null ? TOKEN_GONE : `${TOKEN_GONE} ${reason}`;
    replica.setConnection({ kind: 'unauthorized', service, code: 'token_missing', message });
    return;
  }
  warnIfReadable(core, service);
  await connections.change((change) => change.openRemote(service, token));
}
