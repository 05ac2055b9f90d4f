import type { Connection } from '#shared/ipc/connection';
import { isUndecided, type Undecided } from '#shared/domain/outbox';
import type { ListedOperation, SyncStatus } from '#shared/ipc/outbox';
import { serviceWords, toldState } from '#shared/ipc/service-words';
import { t } from '#shared/i18n/t';
import { formatAtMoment, formatShortMoment } from '../../ui/format';
import { connectionWords, serviceName } from '../../domain/connection-words';
import type { BannerText } from './model';

/** Returns the banner for operations that need attention; null if none does. */
export function operationsBanner(sync: SyncStatus, connection: Connection): BannerText | null {
  const asking = sync.conflicts + sync.needsConfirmation;
  if (asking > 0) {
    return {
      id: 'operations',
      tone: 'warning',
      title: t('frame.changesNeedYou', { count: asking }),
      message: waitingWords(sync),
    };
  }
  if (sync.others > 0) {
    return {
      id: 'operations',
      tone: 'warning',
      title: t('frame.changesOfOthers', { count: sync.others }),
      message: t('frame.othersAreNotSent'),
    };
  }
  if (sync.waiting === 0 || sync.pausedBecause === null || connection.kind === 'connecting') return null;
  // The banner of the connection has the reason.
  const isTold = connection.kind === 'unreachable';
  return {
    id: 'operations',
    tone: 'info',
    title: waitingWords(sync),
    message: pauseWords(isTold ? { ...sync, message: null } : sync),
  };
}

function waitingWords({ waiting }: SyncStatus): string {
  if (waiting === 0) return '';
  return t('frame.changesWait', { count: waiting });
}

/** Says why operations wait, and when they will be sent; empty if nothing keeps them. */
export function pauseWords({ pausedBecause, message }: SyncStatus): string {
  switch (pausedBecause) {
    case 'offline':
      return message === null
        ? t('frame.sentWhenItAnswers')
        : t('frame.sentWhenThatIsOver', { why: message });
    case 'signed_out':
      return t('frame.sentWhenSignedIn');
    case 'rate_limited':
      return t('frame.waitAMoment');
    case 'service_trouble':
      return t('frame.notTaken', { why: message ?? t('frame.noDetails') });
    case 'own_trouble':
      return t('frame.keptUntilThen', { why: message ?? t('frame.wrongHere') });
    case null:
      return '';
  }
}

/** Says how old the shown data are. */
export function syncedWords(lastSyncAt: string | null, nowMs: number): string {
  return lastSyncAt === null
    ? t('frame.notSynced')
    : t('frame.synced', { moment: formatShortMoment(lastSyncAt, nowMs) });
}

export interface IndicatorText {
  readonly first: string;
  readonly second: string;
  readonly tone: 'quiet' | 'warn';
  readonly about: 'first' | 'second';
  /** Full sentences for screen readers. */
  readonly spoken: string;
}

/** Returns two short lines: the state of the connection, and the operations that the service does not have yet. */
export function indicatorText(
  connection: Connection,
  lastSyncAt: string | null,
  sync: SyncStatus,
  nowMs: number,
): IndicatorText {
  const { waiting, conflicts, needsConfirmation, others } = sync;
  const trouble = connection.kind === 'online' ? troubleOf(sync) : undefined;
  const connected = connectionWords(connection, nowMs);
  const state = trouble === undefined ? connected : t(`frame.${trouble}`, { state: connected });
  const asking = [
    ...(conflicts > 0 ? [t('frame.conflicts', { count: conflicts })] : []),
    ...(needsConfirmation > 0 ? [t('frame.askAgain', { count: needsConfirmation })] : []),
    ...(others > 0 ? [t('frame.ofOthers', { number: others })] : []),
  ];
  const rest =
    waiting === 0
      ? []
      : [
          asking.length === 0
            ? t('frame.changesWaiting', { count: waiting })
            : t('frame.waiting', { number: waiting }),
        ];
  const operations = [...asking, ...rest].join(' · ');
  const isWrong =
    trouble !== undefined ||
    serviceWords(toldState(connection)) !== undefined ||
    ['unreachable', 'unauthorized', 'failed'].includes(connection.kind);
  const service = connection.kind === 'none' ? [] : [serviceName(connection.service)];
  const second = operations === '' ? syncedWords(lastSyncAt, nowMs) : operations;
  return {
    first: state,
    second,
    tone: isWrong || asking.length > 0 ? 'warn' : 'quiet',
    about: isWrong ? 'first' : 'second',
    spoken: [
      // The spoken text begins with the visible one, so that voice control finds the button by it (WCAG 2.5.3).
      state,
      second,
      ...service,
      ...(operations === '' ? [t('frame.nothingWaits')] : [syncedWords(lastSyncAt, nowMs)]),
      ...(sync.pausedBecause === null ? [] : [pauseWords(sync).replace(/\.$/, '')]),
    ]
      .map((sentence) => `${sentence}.`)
      .join(' '),
  };
}

/** Names the text about what keeps operations from being sent although the service is reachable. */
function troubleOf({ pausedBecause }: SyncStatus): 'rateLimited' | 'sendingFails' | undefined {
  if (pausedBecause === 'rate_limited') return 'rateLimited';
  return pausedBecause === 'service_trouble' || pausedBecause === 'own_trouble' ? 'sendingFails' : undefined;
}

/** Says who made somebody else's operation, and when. */
export function othersWords({ by, since, attempts }: ListedOperation, nowMs: number): string {
  const email = by?.email ?? null;
  const at = formatAtMoment(since, nowMs);
  const made = email === null ? t('operations.madeByUnknown', { at }) : t('operations.madeBy', { email, at });
  return attempts === 0 ? made : `${made} ${t('operations.mayBeDone')}`;
}

/** Describes the state of a queued operation. */
export function stateWords({ state, since, lastError }: ListedOperation, nowMs: number): string {
  const made = t('operations.made', { at: formatAtMoment(since, nowMs) });
  if (isUndecided(state)) return `${made} ${undecidedWords(state)}`;
  if (state.kind === 'sending') return `${made} ${t('operations.beingSent')}`;
  if (state.behind !== null) return `${made} ${t('operations.waitsForOther')}`;
  const waits = `${made} ${t('operations.waitsToBeSent')}`;
  return lastError === null ? waits : `${waits} ${t('operations.lastTry', { why: lastError })}`;
}

/** Main has put the detail into the language of the console. */
function undecidedWords({ kind, code, detail: why, impact }: Undecided): string {
  if (impact !== undefined) return t('operations.wouldBlock', { count: impact.addresses });
  if (kind === 'expired') return t('operations.expired');
  if (kind === 'rejected' && code === 'forbidden') return t('operations.forbidden');
  // That it was changed is all that this reason says.
  return t(`operations.${kind}`, { why: code === 'stale' ? '' : why }).trim();
}

export function asksAgain({ state }: ListedOperation): boolean {
  return state.kind === 'held' || state.kind === 'expired';
}

export function isConflict({ state }: ListedOperation): boolean {
  return state.kind === 'conflicted' || state.kind === 'rejected';
}
