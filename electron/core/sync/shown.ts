import type { AuditEvent } from '#shared/domain/entities';
import type { MirrorPatch } from '#shared/ipc/mirror';
import type { SyncStatus } from '#shared/ipc/outbox';
import type { OutboxChange } from '../outbox/outbox';
import type { QueuedOperation } from '../outbox/queued-operation';
import type { MirrorKind, MirrorValue } from '../store/mirror-rows';
import type { Overlay } from './overlay';
import { MIRROR_KINDS, type MirrorTables } from './tables';
import type { WindowFeed } from './window-feed';

/** Ids that may be shown differently than before, by kind. */
export type ChangedIds = { readonly [K in Exclude<MirrorKind, 'account'>]?: Iterable<string> };

type Values = { readonly [K in MirrorKind]: Map<string, MirrorValue<K>> };

type Patch = Omit<MirrorPatch, 'version'>;

/**
 * What is shown of the account: the mirror's tables with the queued operations on top. Keeps the values that the windows have, so
 * that patches contain only what differs.
 */
export class Shown {
  readonly #values: Values = {
    account: new Map(),
    range: new Map(),
    review: new Map(),
    key: new Map(),
    source: new Map(),
  };
  readonly #windows: WindowFeed;
  readonly #tables: MirrorTables;
  readonly #overlaid: () => Overlay;
  #overlay: Overlay;

  /** `overlaid` applies the queued operations to the tables as they are now. */
  constructor(windows: WindowFeed, tables: MirrorTables, overlaid: () => Overlay) {
    this.#windows = windows;
    this.#tables = tables;
    this.#overlaid = overlaid;
    this.#overlay = overlaid();
  }

  get overlay(): Overlay {
    return this.#overlay;
  }

  values<K extends MirrorKind>(kind: K): MirrorValue<K>[] {
    return [...this.#values[kind].values()];
  }

  /** Reads all values again, for windows that fetch a snapshot. */
  refill(): void {
    for (const kind of MIRROR_KINDS) this.#values[kind].clear();
    this.#overlay = this.#overlaid();
    const { ranges, reviews } = this.#overlay.changedIds();
    this.#read({
      range: [...this.#tables.range.keys(), ...ranges],
      review: [...this.#tables.review.keys(), ...reviews],
      key: this.#tables.key.keys(),
      source: this.#tables.source.keys(),
    });
  }

  /** Applies the outbox to the tables again, and publishes what is shown differently. */
  update(changed: ChangedIds, alsoPublish: Patch, audit: readonly AuditEvent[] = []): void {
    const before = this.#overlay.changedIds();
    this.#overlay = this.#overlaid();
    const after = this.#overlay.changedIds();
    const ids: ChangedIds = {
      ...changed,
      range: [...(changed.range ?? []), ...before.ranges, ...after.ranges],
      review: [...(changed.review ?? []), ...before.reviews, ...after.reviews],
    };
    this.#publish(ids, alsoPublish, audit);
  }

  onOutbox(change: OutboxChange, sync: SyncStatus): void {
    const isNews =
      change.kind === 'done' && change.operations.some((each) => this.#overlay.isBehindTables(each));
    if (change.kind === 'any' || isNews) this.update({}, { sync });
    else if (change.kind === 'done') this.#publish({}, { sync });
    else if (change.kind === 'appended') this.#publish(this.#push(change.operations), { sync });
  }

  /** Puts new operations on top without applying the others again. Returns the ids that they touch. */
  #push(operations: readonly QueuedOperation[]): ChangedIds {
    const effects = operations.map((queued) => this.#overlay.push(queued));
    return {
      range: effects
        .flatMap((effect) => [...(effect?.ranges ?? []), ...(effect?.removed ?? [])])
        .map(({ id }) => id),
      review: effects.flatMap((effect) => effect?.reviews ?? []).map(({ id }) => id),
    };
  }

  #publish(changed: ChangedIds, alsoPublish: Patch, audit: readonly AuditEvent[] = []): void {
    const patch = { ...alsoPublish, ...this.#read(changed) };
    if (Object.keys(patch).length > 0) this.#windows.publish(patch);
    this.#windows.tellListeners({ ...patch, audit });
  }

  /** Reads these ids and the account again. Returns the patch, which is empty if nothing differs. */
  #read(changed: ChangedIds): Pick<MirrorPatch, 'account' | 'ranges' | 'reviews' | 'keys' | 'sources'> {
    const { account } = this.#overlay;
    const accounts = this.#readKind(
      'account',
      account === null ? [] : [account.id],
      () => account ?? undefined,
    );
    const ranges = this.#readKind('range', changed.range, (id) => this.#overlay.range(id));
    const reviews = this.#readKind('review', changed.review, (id) => this.#overlay.review(id));
    const keys = this.#readKind('key', changed.key, (id) => this.#tables.key.get(id)?.value);
    const sources = this.#readKind('source', changed.source, (id) => this.#tables.source.get(id)?.value);
    const [shownAccount] = accounts.upserted;
    return {
      ...(shownAccount === undefined ? {} : { account: shownAccount }),
      ...(isEmpty(ranges) ? {} : { ranges }),
      ...(isEmpty(reviews) ? {} : { reviews }),
      ...(isEmpty(keys) ? {} : { keys }),
      ...(isEmpty(sources) ? {} : { sources }),
    };
  }

  #readKind<K extends MirrorKind>(
    kind: K,
    ids: Iterable<string> | undefined,
    valueOf: (id: string) => MirrorValue<K> | undefined,
  ): EntityPatch<MirrorValue<K>> {
    const shown = this.#values[kind];
    const upserted = new Map<string, MirrorValue<K>>();
    const removed: string[] = [];
    for (const id of ids ?? []) {
      const value = valueOf(id);
      const before = shown.get(id);
      if (value === undefined) {
        if (before !== undefined) removed.push(id);
        shown.delete(id);
      } else if (before === undefined || !isSame(before, value)) {
        shown.set(id, value);
        upserted.set(id, value);
      }
    }
    return { upserted: [...upserted.values()], removed };
  }
}

interface EntityPatch<T> {
  readonly upserted: T[];
  readonly removed: string[];
}

function isEmpty({ upserted, removed }: EntityPatch<unknown>): boolean {
  return upserted.length + removed.length === 0;
}

/** Compares by content, because the overlay makes a new object each time. */
function isSame(a: object, b: object): boolean {
  if (a === b) return true;
  const others = b as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(a)) {
    const other = others[name];
    if (value === other) continue;
    if (!isObject(value) || !isObject(other) || JSON.stringify(value) !== JSON.stringify(other)) return false;
  }
  return Object.keys(a).length === Object.keys(b).length;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
