import type { MirrorPatch } from '#shared/ipc/mirror';
import type { MirrorKind, MirrorValue } from '../store/mirror-rows';
import type { Overlay } from './overlay';
import { MIRROR_KINDS, type Tables } from './tables';

/** Ids that may be shown differently than before, by kind. */
export type ChangedIds = { readonly [K in Exclude<MirrorKind, 'account'>]?: Iterable<string> };

type Values = { readonly [K in MirrorKind]: Map<string, MirrorValue<K>> };

type ShownPatch = Pick<MirrorPatch, 'account' | 'ranges' | 'reviews' | 'keys'>;

/** The values that the windows have, so that patches contain only what differs. */
export class Shown {
  readonly #values: Values = { account: new Map(), range: new Map(), review: new Map(), key: new Map() };

  values<K extends MirrorKind>(kind: K): MirrorValue<K>[] {
    return [...this.#values[kind].values()];
  }

  get<K extends MirrorKind>(kind: K, id: string): MirrorValue<K> | undefined {
    return this.#values[kind].get(id);
  }

  /** Reads all values again, for windows that fetch a snapshot. */
  refill(tables: Tables, overlay: Overlay): void {
    for (const kind of MIRROR_KINDS) this.#values[kind].clear();
    const { ranges, reviews } = overlay.changedIds();
    this.update(
      {
        range: [...tables.range.keys(), ...ranges],
        review: [...tables.review.keys(), ...reviews],
        key: tables.key.keys(),
      },
      tables,
      overlay,
    );
  }

  /** Reads these ids and the account again. Returns the patch, which is empty if nothing differs. */
  update(changed: ChangedIds, tables: Tables, overlay: Overlay): ShownPatch {
    const account = overlay.account;
    const accounts =
      account === null ? { upserted: [], removed: [] } : this.#look('account', [account.id], () => account);
    const ranges = this.#look('range', changed.range ?? [], (id) => overlay.range(id));
    const reviews = this.#look('review', changed.review ?? [], (id) => overlay.review(id));
    const keys = this.#look('key', changed.key ?? [], (id) => tables.key.get(id)?.value);
    const [shownAccount] = accounts.upserted;
    return {
      ...(shownAccount === undefined ? {} : { account: shownAccount }),
      ...(isEmpty(ranges) ? {} : { ranges }),
      ...(isEmpty(reviews) ? {} : { reviews }),
      ...(isEmpty(keys) ? {} : { keys }),
    };
  }

  #look<K extends MirrorKind>(
    kind: K,
    ids: Iterable<string>,
    look: (id: string) => MirrorValue<K> | undefined,
  ): EntityPatch<MirrorValue<K>> {
    const shown = this.#values[kind];
    const upserted = new Map<string, MirrorValue<K>>();
    const removed: string[] = [];
    for (const id of ids) {
      const value = look(id);
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

const isEmpty = ({ upserted, removed }: EntityPatch<unknown>): boolean =>
  upserted.length + removed.length === 0;

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

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
