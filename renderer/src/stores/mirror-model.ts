import type { Account, Key, Permission, Range, Review } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import type { Connection } from '#shared/ipc/connection';
import type { MirrorPatch, MirrorSnapshot } from '#shared/ipc/mirror';
import type { SyncStatus } from '#shared/ipc/outbox';

/** This window's replica of main's state. Components only read it. */
export interface Mirror {
  readonly version: number;
  /** The connection whose account it is. */
  readonly shownId: string;
  readonly connection: Connection;
  readonly lastSyncAt: string | null;
  /** Counts of this console's queued operations. */
  readonly sync: SyncStatus;
  /** Milliseconds by which the service's clock is ahead of this computer's. */
  readonly clockOffsetMs: number;
  /** From here on: the server's state with the queued operations applied. */
  readonly account: Account | null;
  readonly ranges: ReadonlyMap<string, Range>;
  readonly reviews: ReadonlyMap<string, Review>;
  readonly keys: ReadonlyMap<string, Key>;
  readonly sources: ReadonlyMap<string, Source>;
}

/** Returns what tells the shown account from others, also from one that takes its place behind the same address. */
export function accountKeyOf({ shownId, account }: Pick<Mirror, 'shownId' | 'account'>): string {
  return `${shownId} ${account?.id ?? ''}`;
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}

export function mirrorOf({ ranges, reviews, keys, sources, ...others }: MirrorSnapshot): Mirror {
  return {
    ...others,
    ranges: byId(ranges),
    reviews: byId(reviews),
    keys: byId(keys),
    sources: byId(sources),
  };
}

/** Compares a patch with the mirror: `next` is to be applied, `old` is known already, `gap` means that one was missed. */
export function orderOf(mirror: { readonly version: number }, patch: MirrorPatch): 'next' | 'old' | 'gap' {
  if (patch.version <= mirror.version) return 'old';
  return patch.version === mirror.version + 1 ? 'next' : 'gap';
}

interface EntityPatch<T> {
  readonly upserted: readonly T[];
  readonly removed: readonly string[];
}

function patched<T extends { readonly id: string }>(
  entities: ReadonlyMap<string, T>,
  patch: EntityPatch<T> | undefined,
): ReadonlyMap<string, T> {
  if (patch === undefined) return entities;
  const next = new Map(entities);
  for (const id of patch.removed) next.delete(id);
  for (const entity of patch.upserted) next.set(entity.id, entity);
  return next;
}

/** Applies a patch. Parts that it does not name keep their identity, so that they do not re-render. */
export function applyPatch(mirror: Mirror, patch: MirrorPatch): Mirror {
  return {
    version: patch.version,
    shownId: mirror.shownId,
    connection: patch.connection ?? mirror.connection,
    lastSyncAt: patch.lastSyncAt === undefined ? mirror.lastSyncAt : patch.lastSyncAt,
    sync: patch.sync ?? mirror.sync,
    clockOffsetMs: patch.clockOffsetMs ?? mirror.clockOffsetMs,
    account: patch.account === undefined ? mirror.account : patch.account,
    ranges: patched(mirror.ranges, patch.ranges),
    reviews: patched(mirror.reviews, patch.reviews),
    keys: patched(mirror.keys, patch.keys),
    sources: patched(mirror.sources, patch.sources),
  };
}

function newestFirst(a: Review, b: Review): number {
  return a.firstAt === b.firstAt ? (a.id < b.id ? 1 : -1) : a.firstAt < b.firstAt ? 1 : -1;
}

/** Returns the pending reviews, newest first. Further calls do not move them. */
export function pendingReviews(reviews: ReadonlyMap<string, Review>): readonly Review[] {
  return [...reviews.values()].filter((review) => review.status === 'pending').sort(newestFirst);
}

export function pendingCount(reviews: ReadonlyMap<string, Review>): number {
  let count = 0;
  for (const review of reviews.values()) if (review.status === 'pending') count += 1;
  return count;
}

export type Ability = Permission | 'owner';

/** Returns true if the user of the access token may change this; an owner may change everything. */
export function may(account: Account | null, ability: Ability): boolean {
  if (account === null) return false;
  const { role, permissions } = account.me;
  return role === 'owner' || (ability !== 'owner' && permissions.includes(ability));
}
