import type { Bootstrap } from '#shared/ipc/app';
import type { Connection } from '#shared/ipc/connection';
import { serviceWords, toldState, troubleHeadline } from '#shared/ipc/service-words';
import { bridge } from '../../bridge/bridge';
import { trialRuntimeWords } from '../../domain/connection-words';
import { formatMoment } from '../../ui/format';

export function retryConnection() {
  return bridge().calls.connection.retry();
}

/** Titles by the code of the connection. */
const TOKEN_TITLES: Readonly<Record<string, string>> = {
  token_expired: 'The access token has expired',
  token_missing: 'The access token was kept for the last session only',
  token_waiting: 'The key store of this desktop has not handed out the access token yet',
  token_locked: 'The key store of this desktop is locked, with the access token in it',
  forbidden: 'The access token may not read this account',
  plain_address: 'The access token has not been sent, because the address is not encrypted',
};

export const NOT_STARTED = 'The enforcement service on this computer did not start';

export function tokenTitle(code: string): string {
  return TOKEN_TITLES[code] ?? 'The service does not accept the access token';
}

/** The ways to repair a connection. */
interface Remedies {
  /** Label of the button that tries again; null if only another token helps. */
  readonly retry: string | null;
  /** The form for another token; null if there is none to enter. */
  readonly token: { readonly label: string; readonly url: string } | null;
}

export function remediesOf(connection: Connection): Remedies {
  if (connection.kind !== 'unauthorized') return { retry: 'Try now', token: null };
  const { service, code } = connection;
  // A person cannot enter another token for the embedded service.
  if (service.kind === 'embedded') return { retry: 'Try now', token: null };
  const label = code === 'plain_address' ? 'Decide…' : 'Enter a new token';
  const token = { label, url: service.url };
  if (code === 'token_locked') return { retry: 'Unlock', token };
  return { retry: code === 'token_waiting' ? 'Try again' : null, token };
}

export interface BannerText {
  readonly id: 'trial-runtime' | 'vault' | 'connection' | 'service' | 'newer-service' | 'operations';
  readonly tone: 'info' | 'warning' | 'error';
  readonly title: string;
  readonly message: string;
}

/** Returns the banner about the connection while older data are shown; null if there is none. */
export function connectionBanner(
  connection: Connection,
  lastSyncAt: string | null,
  nowMs: number,
): BannerText | null {
  if (connection.kind === 'none' || connection.kind === 'online' || connection.kind === 'connecting')
    return null;
  const { kind, message } = connection;
  if (kind === 'failed') return { id: 'connection', tone: 'error', title: `${NOT_STARTED}.`, message };
  const asOf =
    lastSyncAt === null
      ? 'Nothing has been loaded from it yet.'
      : `What you see is as of ${formatMoment(lastSyncAt, nowMs)}.`;
  const headline =
    kind === 'unauthorized'
      ? tokenTitle(connection.code)
      : troubleHeadline(connection.trouble, 'The service', formatMoment(connection.since, nowMs));
  return {
    id: 'connection',
    tone: 'warning',
    title: `${headline}.`,
    message: `${message} ${asOf}`.trim(),
  };
}

/** Returns the banner about the enforcement of calls; null if all is well or nothing is known. */
export function serviceBanner(connection: Connection): BannerText | null {
  const words = serviceWords(toldState(connection));
  if (words === undefined) return null;
  return {
    id: 'service',
    tone: words.isSevere ? 'error' : 'warning',
    title: `${words.headline}.`,
    message: words.why,
  };
}

/** Returns the banner about a service that is newer than this console, or null. */
export function newerBanner(connection: Connection): BannerText | null {
  if (connection.kind !== 'online' || connection.isNewer !== true) return null;
  return {
    id: 'newer-service',
    tone: 'warning',
    title: 'Update this console.',
    message: 'The service is newer, and says things that this console cannot show.',
  };
}

/** Returns the banners about the program itself. */
export function programBanners(bootstrap: Bootstrap | null): readonly BannerText[] {
  if (bootstrap === null) return [];
  const { trialRuntime, vault } = bootstrap;
  const banners: BannerText[] = [];
  if (trialRuntime !== null) {
    banners.push({ id: 'trial-runtime', tone: 'info', title: '', message: trialRuntimeWords(trialRuntime) });
  }
  if (!vault.encrypted) {
    banners.push({
      id: 'vault',
      tone: 'info',
      title: 'Access tokens are kept for this session only.',
      message: vault.reason ?? 'This system cannot keep them encrypted.',
    });
  }
  return banners;
}
