import type { Bootstrap } from '#shared/ipc/app';
import type { Connection } from '#shared/ipc/connection';
import { serviceWords, toldState, troubleHeadline } from '#shared/ipc/service-words';
import { formatMoment } from '../../ui/format';

/** Titles by the code of the connection. */
const TOKEN_TITLES: Readonly<Record<string, string>> = {
  token_expired: 'The access token has expired.',
  token_missing: 'The access token was kept for the last session only.',
  token_waiting: 'The key store of this desktop has not handed out the access token yet.',
  token_locked: 'The key store of this desktop is locked, with the access token in it.',
  forbidden: 'The access token may not read this account.',
  plain_address: 'The access token has not been sent, because the address is not encrypted.',
};

/** Returns true if the key store has the token and a person can unlock it. */
function isLockedAway(code: string): boolean {
  return code === 'token_waiting' || code === 'token_locked';
}

export function tokenTitle(code: string): string {
  return TOKEN_TITLES[code] ?? 'The service does not accept the access token.';
}

export function tokenButton(code: string): string {
  return code === 'plain_address' ? 'Decide…' : 'Enter a new token';
}

export interface BannerText {
  readonly id: string;
  readonly tone: 'info' | 'warning' | 'error';
  readonly title: string;
  readonly message: string;
  readonly action: 'retry' | 'unlock' | 'token' | null;
}

/** Returns the action for an unusable token. A person cannot enter another token for the embedded service. */
export function unauthorizedAction({
  service,
  code,
}: Extract<Connection, { kind: 'unauthorized' }>): 'retry' | 'unlock' | 'token' {
  if (service.kind === 'embedded') return 'retry';
  return isLockedAway(code) ? 'unlock' : 'token';
}

function asOf(lastSyncAt: string | null, nowMs: number): string {
  return lastSyncAt === null
    ? 'Nothing has been loaded from it yet.'
    : `What you see is as of ${formatMoment(lastSyncAt, nowMs)}.`;
}

/** Returns the banner about the connection while older data are shown; null if there is none. */
export function connectionBanner(
  connection: Connection,
  lastSyncAt: string | null,
  nowMs: number,
): BannerText | null {
  switch (connection.kind) {
    case 'none':
    case 'online':
    case 'connecting':
      return null;
    case 'unreachable':
      return {
        id: 'connection',
        tone: 'warning',
        title: `${troubleHeadline(connection.trouble, 'The service', formatMoment(connection.since, nowMs))}.`,
        message: `${connection.message} ${asOf(lastSyncAt, nowMs)}`.trim(),
        action: 'retry',
      };
    case 'unauthorized':
      return {
        id: 'connection',
        tone: 'warning',
        title: tokenTitle(connection.code),
        message: `${connection.message} ${asOf(lastSyncAt, nowMs)}`.trim(),
        action: unauthorizedAction(connection),
      };
    case 'failed':
      return {
        id: 'connection',
        tone: 'error',
        title: 'The enforcement service on this computer did not start.',
        message: connection.message,
        action: 'retry',
      };
  }
}

/** Returns the banner about the enforcement of calls; null if all is well or nothing is known. */
export function serviceBanner(connection: Connection): Omit<BannerText, 'action'> | null {
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
export function newerBanner(connection: Connection): Omit<BannerText, 'action'> | null {
  return connection.kind === 'online' && connection.isNewer === true
    ? {
        id: 'newer-service',
        tone: 'warning',
        title: 'Update this console.',
        message: 'The service is newer, and tells of things that this console cannot show.',
      }
    : null;
}

/** Returns the banners about the program itself. */
export function programBanners(bootstrap: Bootstrap | null): readonly BannerText[] {
  if (bootstrap === null) return [];
  const banners: BannerText[] = [];
  if (bootstrap.trialRuntime !== null) {
    banners.push({
      id: 'trial-runtime',
      tone: 'info',
      title: '',
      message: `This window runs on a stand-in runtime (Electron ${bootstrap.trialRuntime}) that is for trying out only.`,
      action: null,
    });
  }
  if (!bootstrap.vault.encrypted) {
    banners.push({
      id: 'vault',
      tone: 'info',
      title: 'Access tokens are kept for this session only.',
      message: bootstrap.vault.reason ?? 'This system has no place to keep them encrypted.',
      action: null,
    });
  }
  return banners;
}
