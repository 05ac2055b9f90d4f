import type { Account, Review } from '#shared/domain/entities';
import type { Connection } from '#shared/ipc/connection';
import type { NotificationState } from '#shared/ipc/notifications';
import type { SyncStatus } from '#shared/ipc/outbox';
import type { QuickSeconds } from '#shared/ipc/quick';

/** One account as the tray shows it. */
export interface AccountFacts {
  /** The connection's id. */
  readonly id: string;
  /** The name that tells it from the others; undefined while it is the only one. */
  readonly name: string | undefined;
  readonly connection: Connection;
  /** Null before the first connection. */
  readonly account: Account | null;
  /** The newest first. */
  readonly pendingReviews: readonly Review[];
  /** True if the access token may answer reviews. */
  readonly mayAnswer: boolean;
  readonly operations: Pick<SyncStatus, 'waiting' | 'conflicts' | 'needsConfirmation'>;
}

export interface TrayFacts {
  readonly nowMs: number;
  readonly hasTray: boolean;
  /** At least one, which may have no connection. */
  readonly accounts: readonly AccountFacts[];
  readonly notifications: Pick<NotificationState, 'snoozedUntil' | 'quiet'>;
  /** The menu authorizes an address for this long. */
  readonly quickSeconds: QuickSeconds;
}

/** A pending review with its account. */
export interface Asked {
  readonly review: Review;
  readonly of: AccountFacts;
}

/** Returns the pending reviews of all accounts, the newest first. */
export function asked({ accounts }: TrayFacts): readonly Asked[] {
  const all = accounts.flatMap((of) => of.pendingReviews.map((review) => ({ review, of })));
  return all.sort((a, b) => newestFirst(a.review, b.review));
}

/** The order is the console's, and a further call of a review does not move it. */
function newestFirst(a: Review, b: Review): number {
  return a.firstAt === b.firstAt ? (a.id < b.id ? 1 : -1) : a.firstAt < b.firstAt ? 1 : -1;
}
