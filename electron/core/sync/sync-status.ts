import type { Connection } from '#shared/ipc/connection';
import type { SyncStatus } from '#shared/ipc/outbox';
import type { OutboxCounts } from '../outbox/operation-table';

/** The reason why operations wait although the service answers, with a sentence. */
export interface SendingTrouble {
  readonly because: 'rate_limited' | 'service_trouble' | 'own_trouble';
  readonly message: string;
}

const NOTHING: SyncStatus = {
  waiting: 0,
  conflicts: 0,
  needsConfirmation: 0,
  others: 0,
  pausedBecause: null,
  message: null,
};

/** Returns the counts of the outbox, and why nothing is sent if operations wait. */
export function syncStatus(
  counts: OutboxCounts | null,
  connection: Connection,
  trouble: SendingTrouble | null,
): SyncStatus {
  if (counts === null) return NOTHING;
  const paused = counts.waiting === 0 ? null : pausedBy(connection, trouble);
  return { ...counts, pausedBecause: paused?.because ?? null, message: paused?.message ?? null };
}

function pausedBy(
  connection: Connection,
  trouble: SendingTrouble | null,
): { readonly because: NonNullable<SyncStatus['pausedBecause']>; readonly message: string | null } | null {
  switch (connection.kind) {
    case 'online':
      return trouble;
    case 'unauthorized':
      return { because: 'signed_out', message: connection.message };
    case 'unreachable':
    case 'failed':
      return { because: 'offline', message: connection.message };
    case 'none':
    case 'connecting':
      return { because: 'offline', message: null };
  }
}
