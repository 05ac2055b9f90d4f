import type { ServiceRef } from '#shared/ipc/connection';
import { t } from '#shared/i18n/t';
import { isReadableOnTheWay, plainWarning } from '../api/service-url';
import type { DecryptOutcome } from '../ports';
import { messageOf } from '../text';
import { warnIfReadable } from './connect';
import type { CoreContext } from './context';
import { startEmbedded } from './use-embedded';

/** An open key store answers sooner. */
const PATIENCE_MS = 3_000;

const FIRST_SERVICE: ServiceRef = { kind: 'embedded', url: 'http://127.0.0.1:8787' };

/**
 * Connects an account to its service when the app starts. The very first start uses the embedded one; after "forget" a person
 * chooses.
 */
export async function resume(core: CoreContext): Promise<void> {
  const profile = core.profile.read();
  const service = profile.service ?? (profile.chosen ? null : FIRST_SERVICE);
  if (service === null) return;
  // Set before anything that takes time, so that no window offers a choice that has been made.
  core.replica.setConnection({ kind: 'connecting', service });
  if (profile.accountId !== null) showLastKnown(core, service, profile.accountId);
  if (service.kind === 'embedded') await resumeEmbedded(core, service);
  else await resumeRemote(core, service);
}

/** Shows the stored state of the account and the queued operations until the service is reached. */
function showLastKnown(
  { replica, log, connectionNotices: notices }: CoreContext,
  service: ServiceRef,
  accountId: string,
): void {
  try {
    replica.open(service, accountId);
  } catch (error) {
    const message = messageOf(error);
    log.error('store.not_opened', { message });
    notices.add({
      id: 'store-not-opened',
      severity: 'error',
      words: () => ({ title: t('notices.storeNotOpenedTitle'), message }),
    });
  }
}

async function resumeEmbedded(core: CoreContext, service: ServiceRef): Promise<void> {
  const outcome = await startEmbedded(core);
  if (outcome.ok || core.replica.connection.kind === 'failed') return;
  core.replica.setConnection({ kind: 'failed', service, message: outcome.failure.message });
}

async function resumeRemote(core: CoreContext, service: ServiceRef): Promise<void> {
  const { profile, vault, replica, connections } = core;
  const { encryptedToken, plainUrl } = profile.read();
  if (isReadableOnTheWay(service.url) && plainUrl !== service.url) {
    const message = plainWarning(service.url, await core.network.routeTo(new URL(service.url)));
    replica.setConnection({ kind: 'unauthorized', service, code: 'plain_address', message });
    return;
  }
  const token = encryptedToken === null ? null : await readPatiently(core, service, encryptedToken);
  // While the key store was prompting, a person may have connected in another way.
  if (token === undefined || profile.read().encryptedToken !== encryptedToken || connections.session().ok)
    return;
  if (token?.kind === 'decrypted') {
    warnIfReadable(core, service);
    await connections.change((change) => change.openRemote(service, token.secret));
  } else if (token?.kind === 'locked') {
    const code = 'token_locked';
    replica.setConnection({ kind: 'unauthorized', service, code, message: t('refusals.tokenLocked') });
  } else {
    const message = vault.canKeep()
      ? t('refusals.tokenGone')
      : t('refusals.tokenGoneBecause', { why: t('start.noKeyStore') });
    replica.setConnection({ kind: 'unauthorized', service, code: 'token_missing', message });
  }
}

/** Reads the token, and says so if the key store takes long, because it may be prompting a person. */
async function readPatiently(
  { tokens, replica, clock }: CoreContext,
  service: ServiceRef,
  encryptedToken: string,
): Promise<DecryptOutcome | undefined> {
  const waiting = new AbortController();
  void clock.sleep(PATIENCE_MS, waiting.signal).then(() => {
    if (waiting.signal.aborted || replica.connection.kind !== 'connecting') return;
    const code = 'token_waiting';
    replica.setConnection({ kind: 'unauthorized', service, code, message: t('refusals.tokenWaiting') });
  });
  try {
    return await tokens.read(encryptedToken);
  } finally {
    waiting.abort();
  }
}
