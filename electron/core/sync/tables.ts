import type { MirrorKind, MirrorRow } from '../store/mirror-rows';
import { RangeTable } from './range-table';
import { ReviewTable } from './review-table';

export const MIRROR_KINDS = [
  'account',
  'range',
  'review',
  'key',
  'source',
] as const satisfies readonly MirrorKind[];

/** The mirror in memory: one table for each kind, by id. */
export type Tables = { readonly [K in MirrorKind]: Map<string, MirrorRow<K>> };

export interface MirrorTables extends Tables {
  readonly range: RangeTable;
  readonly review: ReviewTable;
}

export function setRow<K extends MirrorKind>(tables: Tables, kind: K, row: MirrorRow<K>): void {
  tables[kind].set(row.value.id, row);
}

type Changes = { readonly [K in MirrorKind]: Map<string, MirrorRow<K> | null> };

function emptyMaps() {
  return { account: new Map(), range: new Map(), review: new Map(), key: new Map(), source: new Map() };
}

export function emptyTables(): MirrorTables {
  return { ...emptyMaps(), range: new RangeTable(), review: new ReviewTable() };
}

/** Changes that are written to disk before they are made in the tables. Reads of a draft see its own changes. */
export class Draft {
  readonly #tables: Tables;
  readonly #changes: Changes = emptyMaps();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  get<K extends MirrorKind>(kind: K, id: string): MirrorRow<K> | undefined {
    const changed = this.#changes[kind].get(id);
    return changed === undefined ? this.#tables[kind].get(id) : (changed ?? undefined);
  }

  put<K extends MirrorKind>(kind: K, row: MirrorRow<K>): void {
    this.#changes[kind].set(row.value.id, row);
  }

  remove(kind: MirrorKind, id: string): void {
    if (this.get(kind, id) !== undefined) this.#changes[kind].set(id, null);
  }

  /** All rows of a kind with the changes made. */
  *rows<K extends MirrorKind>(kind: K): Generator<MirrorRow<K>> {
    for (const [id, row] of this.#tables[kind]) if (!this.#changes[kind].has(id)) yield row;
    for (const row of this.#changes[kind].values()) if (row !== null) yield row;
  }

  changes<K extends MirrorKind>(
    kind: K,
  ): { readonly put: readonly MirrorRow<K>[]; readonly removed: readonly string[] } {
    const put: MirrorRow<K>[] = [];
    const removed: string[] = [];
    for (const [id, row] of this.#changes[kind]) {
      if (row === null) removed.push(id);
      else put.push(row);
    }
    return { put, removed };
  }

  /** Ids that were put or removed. A row that was put may have the same value as before. */
  changedIds(): {
    readonly range: readonly string[];
    readonly review: readonly string[];
    readonly key: readonly string[];
    readonly source: readonly string[];
  } {
    const of = (kind: MirrorKind): readonly string[] => [...this.#changes[kind].keys()];
    return { range: of('range'), review: of('review'), key: of('key'), source: of('source') };
  }

  apply(): void {
    for (const kind of MIRROR_KINDS) {
      const { put, removed } = this.changes(kind);
      for (const row of put) setRow(this.#tables, kind, row);
      for (const id of removed) this.#tables[kind].delete(id);
    }
  }
}
