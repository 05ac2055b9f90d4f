import type { Bootstrap } from '#shared/ipc/app';
import type { Connection } from '#shared/ipc/connection';
import { serviceWords, toldState, troubleHeadline } from '#shared/ipc/service-words';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { formatMoment } from '../../ui/format';

export function retryConnection() {
  return bridge().calls.connection.retry();
}

export function tokenTitle(code: string): string {
  switch (code) {
    case 'token_expired':
      return t('frame.tokenExpired');
    case 'token_missing':
      return t('frame.tokenMissing');
    case 'token_waiting':
      return t('frame.tokenWaiting');
    case 'token_locked':
      return t('frame.tokenLocked');
    case 'forbidden':
      return t('frame.tokenForbidden');
    case 'plain_address':
      return t('frame.tokenNotSent');
    default:
      return t('frame.tokenNotAccepted');
  }
}

/** The ways to repair a connection. */
interface Remedies {
  /** Label of the button that tries again; null if only another token helps. */
  readonly retry: string | null;
  /** The form for another token; null if there is none to enter. */
  readonly token: { readonly label: string; readonly url: string } | null;
}

export function remediesOf(connection: Connection): Remedies {
  if (connection.kind !== 'unauthorized') return { retry: t('frame.tryNow'), token: null };
  const { service, code } = connection;
  // A person cannot enter another token for the embedded service.
  if (service.kind === 'embedded') return { retry: t('frame.tryNow'), token: null };
  const label = t(code === 'plain_address' ? 'frame.decide' : 'frame.enterToken');
  const token = { label, url: service.url };
  if (code === 'token_locked') return { retry: t('frame.unlock'), token };
  return { retry: code === 'token_waiting' ? t('frame.tryAgain') : null, token };
}

export interface BannerText {
  readonly id: 'program' | 'connection' | 'service' | 'newer-service' | 'operations';
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
  if (kind === 'failed')
    return { id: 'connection', tone: 'error', title: `${t('frame.notStarted')}.`, message };
  const asOf =
    lastSyncAt === null
      ? t('frame.nothingLoaded')
      : t('frame.asOf', { moment: formatMoment(lastSyncAt, nowMs) });
  const headline =
    kind === 'unauthorized'
      ? tokenTitle(connection.code)
      : troubleHeadline(
          connection.trouble,
          t('connection.theService'),
          formatMoment(connection.since, nowMs),
        );
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
    title: t('frame.updateConsole'),
    message: t('frame.serviceIsNewer'),
  };
}

/** Returns the banner about the program itself, one line for all that it has to say; null if that is nothing. Settings say more. */
export function programBanner(bootstrap: Bootstrap | null): BannerText | null {
  if (bootstrap === null) return null;
  const { trialRuntime, keepsTokens } = bootstrap;
  const sentences = [
    ...(trialRuntime === null ? [] : [t('connection.trialRuntime', { version: trialRuntime })]),
    ...(keepsTokens ? [] : [t('frame.tokensForSession')]),
  ];
  if (sentences.length === 0) return null;
  return { id: 'program', tone: 'info', title: '', message: sentences.join(' ') };
}
