import type { Account } from '#shared/domain/entities';
import type { ServiceRef } from '#shared/ipc/connection';
import { failed, type Failure, type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import { isReadableOnTheWay, parseServiceUrl, plainWarning } from '../api/service-url';
import { storageFailureOf } from '../store/storage-failure';
import { messageOf } from '../text';
import type { ConsoleContext, CoreContext } from './context';

const CHECK_TIMEOUT_MS = 10_000;

/**
 * Connects an account of a remote service beside the others and shows it; one that is connected gets the new token. Nothing is
 * changed or saved unless the service accepts the token and this computer can store the account's data, and nothing is sent to a
 * plain address that no person has allowed.
 */
export async function connect(
  core: ConsoleContext,
  request: { readonly url: string; readonly token: string; readonly allowPlain?: boolean | undefined },
): Promise<Outcome<undefined>> {
  const { accounts, createClient, appVersion } = core;
  const url = parseServiceUrl(request.url);
  if (!url.ok) return refused('url', url.message);
  const token = request.token.trim();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return refused('token', token === '' ? t('refusals.enterToken') : t('refusals.noToken'));
  }

  const isReadable = isReadableOnTheWay(url.url);
  if (isReadable && request.allowPlain !== true) {
    const message = plainWarning(url.url, await core.network.routeTo(new URL(url.url)));
    return failed({ kind: 'invalid', code: 'plain_address', field: 'url', message });
  }
  const client = createClient({ url: url.url, token, appVersion });
  const account = await client.call('getAccount', {}, { timeoutMs: CHECK_TIMEOUT_MS });
  client.dispose();
  if (!account.ok) return account;

  const service: ServiceRef = { kind: 'remote', url: url.url };
  return accounts.change(async () => {
    const target = accounts.find(service, account.value.id) ?? accounts.free();
    const opened = await openAccount(target, service, account.value, token);
    if (opened.ok) accounts.show(target.id);
    return opened;
  });
}

/** Saves the connection and replaces the one that the account had. */
async function openAccount(
  core: CoreContext,
  service: ServiceRef,
  account: Account,
  token: string,
): Promise<Outcome<undefined>> {
  const { connections, profile, replica, tokens, log } = core;
  return connections.change(async (change) => {
    const kept = tryStore(core, service, account.id);
    if (!kept.ok) return kept;
    // This comes first, because a full disk may refuse it.
    profile.update({
      service,
      accountId: account.id,
      chosen: true,
      plainUrl: isReadableOnTheWay(service.url) ? service.url : null,
      // The key store may prompt a person first; the connection does not wait for that.
      encryptedToken: null,
    });
    // The old connection must not write into the mirror with the old token.
    await change.close();
    replica.adopt(service, account);
    await change.openRemote(service, token);
    tokens
      .keep(service, token)
      .catch((error: unknown) => log.error('token.not_kept', { message: messageOf(error) }));
    warnIfReadable(core, service);
    return succeeded(undefined);
  });
}

/** Fails if the account's store cannot be opened: after the connection was saved it would be too late. */
function tryStore(
  { replica, accountStores, log }: CoreContext,
  service: ServiceRef,
  accountId: string,
): Outcome<undefined> {
  if (replica.isOpen(service, accountId)) return succeeded(undefined);
  try {
    void accountStores.open(service, accountId).close();
    return succeeded(undefined);
  } catch (error) {
    const message = messageOf(error);
    log.error('store.not_opened', { message });
    return failed(storageFailureOf(error) ?? { kind: 'internal', message });
  }
}

/** Adds a notice if the token and everything else travel in the open. */
export function warnIfReadable({ connectionNotices: notices }: CoreContext, service: ServiceRef): void {
  const id = 'unencrypted-connection';
  if (service.kind === 'embedded' || !isReadableOnTheWay(service.url)) {
    notices.dismiss(id);
    return;
  }
  notices.add({
    id,
    severity: 'warning',
    words: () => ({
      title: t('notices.unencryptedTitle'),
      message: t('notices.unencrypted', { url: service.url }),
    }),
  });
}

function refused(field: 'url' | 'token', message: string): { readonly ok: false; readonly failure: Failure } {
  return failed({ kind: 'invalid', code: `invalid_${field}`, field, message });
}
