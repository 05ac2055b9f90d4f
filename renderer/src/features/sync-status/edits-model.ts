import type { Connection, OutboxItem, SyncStatus } from '#shared/ipc/contract';
import { countOf, formatMoment } from '../../ui/format';
import type { BannerText } from './model';

/** What has to be said about this console's edits; null when they go their way. */
export function editsBanner(sync: SyncStatus, connection: Connection): Omit<BannerText, 'action'> | null {
  const asking = sync.conflicts + sync.needsConfirmation;
  if (asking > 0) {
    return {
      id: 'edits',
      tone: 'warning',
      title: asking === 1 ? 'One edit needs you.' : `${countOf(asking, 'edit')} need you.`,
      message: waitingWords(sync),
    };
  }
  if (sync.waiting === 0 || sync.pausedBecause === null || connection.kind === 'connecting') return null;
  return { id: 'edits', tone: 'info', title: waitingWords(sync), message: pauseWords(sync) };
}

const waitingWords = ({ waiting }: SyncStatus): string => {
  if (waiting === 0) return '';
  return waiting === 1 ? 'One edit waits to be sent.' : `${countOf(waiting, 'edit')} wait to be sent.`;
};

function pauseWords({ pausedBecause, message }: SyncStatus): string {
  switch (pausedBecause) {
    case 'offline':
      return 'They go as soon as the service answers, also after a restart.';
    case 'signed_out':
      return 'They go as soon as you are signed in again.';
    case 'rate_limited':
      return 'The service asks to wait a moment.';
    case 'service_trouble':
      return `The service does not take them: ${message ?? 'no details were given.'}`;
    case null:
      return '';
  }
}

/** How an edit stands, in a sentence. */
export function stateWords({ state, since, lastError }: OutboxItem, nowMs: number): string {
  const made = `Made at ${formatMoment(since, nowMs)}.`;
  switch (state.kind) {
    case 'sending':
      return `${made} Being sent.`;
    case 'waiting':
      return state.behind === null
        ? `${made} Waits to be sent.${lastError === null ? '' : ` Last try: ${lastError}`}`
        : `${made} Waits for the edit before it.`;
    case 'parked':
      return `${made} ${parkedWords(state)}`;
  }
}

type Parked = Extract<OutboxItem['state'], { kind: 'parked' }>;

function parkedWords({ reason, code, detail }: Parked): string {
  switch (reason) {
    case 'conflict':
      return `Somebody else was first. ${detail}`;
    case 'rejected':
      return code === 'forbidden'
        ? 'Your access token may not do this any more.'
        : `The service refuses it. ${detail}`;
    case 'expired':
      return `It came too late to be applied by itself. ${detail}`;
    case 'needs_confirmation':
      return `${detail} Is it still meant?`;
  }
}

export const asksAgain = ({ state }: OutboxItem): boolean =>
  state.kind === 'parked' && (state.reason === 'needs_confirmation' || state.reason === 'expired');

export const isConflict = ({ state }: OutboxItem): boolean =>
  state.kind === 'parked' && (state.reason === 'conflict' || state.reason === 'rejected');
