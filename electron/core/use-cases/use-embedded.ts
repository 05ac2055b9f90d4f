import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import type { Session } from '../connection/connections';
import { chooseListen, type ListenChoice } from '../embedded/listen';
import type { Profile } from '../store/profile';
import { messageOf } from '../text';
import type { ConsoleContext, CoreContext } from './context';
import { tellLeftBehind } from './left-behind';

/** Runs the enforcement service on this computer, in the one account that may have it, and shows that account. */
export async function useEmbedded({ accounts }: ConsoleContext): Promise<Outcome<undefined>> {
  return accounts.change(async () => {
    const known = accounts.embedded();
    const target = known ?? accounts.free();
    const started = await startEmbedded(target);
    if (started.ok) accounts.show(target.id);
    else if (known === undefined && accounts.shown !== target) discard(target);
    return started;
  });
}

/** Another account is shown, so nobody would know why there is one that has never started. */
function discard(core: CoreContext): void {
  core.accounts.remove(core);
  core.replica.setConnection({ kind: 'none' });
}

/** Starts the service and connects the account to it. An account without a key gets its first one. */
export async function startEmbedded(core: CoreContext): Promise<Outcome<undefined>> {
  const { connections, tokens } = core;
  const listen = listenChoice(core);
  if (!listen.ok) return listen;
  return connections.change(async (change) => {
    const opened = await change.openEmbedded(listen.value, (session) => prepare(core, session));
    if (!opened.ok) return opened;
    tokens.forget();
    keep(core, {
      service: opened.value,
      encryptedToken: null,
      chosen: true,
      ...(listen.value.isRemembered ? { embeddedListen: new URL(opened.value.url).host } : {}),
    });
    return succeeded(undefined);
  });
}

/** The service runs already. A full disk only means that the next start finds all this again. */
function keep({ profile, log }: CoreContext, changes: Partial<Profile>): void {
  try {
    profile.update(changes);
  } catch (error) {
    log.error('profile.not_kept', { message: messageOf(error) });
  }
}

function listenChoice({ profile, listenOverride }: CoreContext): Outcome<ListenChoice> {
  try {
    return succeeded(chooseListen(profile.read().embeddedListen, listenOverride));
  } catch (error) {
    return failed({
      kind: 'invalid',
      code: 'invalid_setting',
      field: 'GATEHOUSE_EMBEDDED_LISTEN',
      message: messageOf(error),
    });
  }
}

/** Runs before the first poll, so that the key is in the first snapshot. The first poll reports a failure as well. */
async function prepare(core: CoreContext, { client, service }: Session): Promise<void> {
  const { replica, welcome, log } = core;
  try {
    const account = await client.call('getAccount', {});
    if (!account.ok) return;
    tellLeftBehind(core, service, account.value.id);
    replica.adopt(service, account.value);
    keep(core, { accountId: account.value.id });
    const keys = await client.call('listKeys', { query: { limit: 1 } });
    if (!keys.ok || keys.value.items.length > 0) return;
    const created = await client.call('createKey', { body: { name: t('embedded.firstKey') } });
    if (!created.ok) return;
    welcome.offer(created.value.key.name, created.value.secret);
    replica.applyWritten(account.value.id, { keys: [created.value.key] });
  } catch (error) {
    log.error('embedded.prepare_failed', { message: messageOf(error) });
  }
}
