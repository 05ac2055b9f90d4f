/** Identity and version of a row in a list that follows. */
export interface FeedRow {
  /** A ULID made when it happened. It orders the list, and stays when the row's count grows. */
  readonly id: string;
  /** Number of changes of the row; missing if rows never change. */
  readonly seq?: number;
}

/** Loaded rows, and rows that arrived while the list did not follow; both newest first. */
export interface FeedRows<T> {
  readonly rows: readonly T[];
  /** New rows that are held back so that nothing moves while somebody reads. */
  readonly held: readonly T[];
}

/** Orders rows by id, newest first. */
export function compareRows(a: FeedRow, b: FeedRow): number {
  return a.id === b.id ? 0 : a.id < b.id ? 1 : -1;
}

/** Merges two lists without duplicates, newest first. The later version of a row wins. */
export function mergeRows<T extends FeedRow>(known: readonly T[], incoming: readonly T[]): readonly T[] {
  if (incoming.length === 0) return known;
  const byId = new Map(known.map((row) => [row.id, row]));
  let added = false;
  for (const row of incoming) {
    const old = byId.get(row.id);
    if (old !== undefined && (old.seq ?? 0) >= (row.seq ?? 0)) continue;
    if (old === undefined) added = true;
    byId.set(row.id, row);
  }
  const merged = [...byId.values()];
  return added ? merged.sort(compareRows) : merged;
}

/**
 * Adds live rows. A shown row is replaced, or removed if it no longer matches the filter. A new one is added while the list
 * follows, else held back. Rows older than all loaded ones are ignored if their page is still to come.
 */
export function receiveRows<T extends FeedRow>(
  feed: FeedRows<T>,
  incoming: readonly T[],
  options: {
    readonly following: boolean;
    readonly hasOlderPages: boolean;
    readonly matches: (row: T) => boolean;
  },
): FeedRows<T> {
  const known = new Map(feed.rows.map((row) => [row.id, row]));
  const oldest = feed.rows.at(-1);
  const changed: T[] = [];
  const gone = new Set<string>();
  const fresh: T[] = [];
  for (const row of incoming) {
    const shown = known.has(row.id);
    if (!options.matches(row)) {
      if (shown) gone.add(row.id);
    } else if (shown) {
      changed.push(row);
    } else if (oldest === undefined || !options.hasOlderPages || compareRows(row, oldest) < 0) {
      fresh.push(row);
    }
  }
  let rows = mergeRows(feed.rows, changed);
  if (gone.size > 0) rows = rows.filter((row) => !gone.has(row.id));
  if (!options.following) return { rows, held: mergeRows(feed.held, fresh) };
  return { rows: mergeRows(rows, [...feed.held, ...fresh]), held: [] };
}
