import type { Connection } from '#shared/ipc/connection';
import type { Outage } from './facts';

export interface OutageState {
  readonly outage: Outage | null;
  /** The reason why the service refuses the access token; null while it does not. */
  readonly signedOut: string | null;
}

export const NOTHING_AMISS: OutageState = { outage: null, signedOut: null };

/**
 * Returns the outage after a change of the connection. An outage keeps its beginning until the service answers; it cannot begin
 * before `startedMs`, when the program began to look.
 */
export function outageAfter(
  before: OutageState,
  connection: Connection,
  nowMs: number,
  startedMs: number,
): OutageState {
  const since = (sinceMs: number, why: Pick<Outage, 'cause' | 'isOwn'>): OutageState => ({
    outage: { ...(before.outage ?? { sinceMs, noticedMs: nowMs }), ...why },
    signedOut: null,
  });
  switch (connection.kind) {
    case 'none':
    case 'online':
      return NOTHING_AMISS;
    case 'unauthorized':
      // The key store is asking a person for its password, and nobody knows yet how that ends.
      if (connection.code === 'token_waiting') return before;
      return { outage: null, signedOut: connection.message };
    case 'unreachable':
      return since(Math.max(Date.parse(connection.since), startedMs), {
        cause: connection.message,
        isOwn: connection.trouble === 'console',
      });
    case 'failed':
      return since(nowMs, { cause: connection.message, isOwn: false });
    case 'connecting':
      return before;
  }
}
