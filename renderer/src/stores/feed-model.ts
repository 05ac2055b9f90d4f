/** What a list that is told about new rows needs to know of each. */
export interface FeedRow {
  /** A ULID made when it happened: the order of the list, and kept when the row is counted up. */
  readonly id: string;
  /** Counts the changes of a row; not there where a row never changes. */
  readonly seq?: number;
}

/** Rows that are loaded, and rows that arrived while the reader was elsewhere; both newest first. */
export interface FeedRows<T> {
  readonly rows: readonly T[];
  /** New rows that are kept back so that nothing moves under the reader's eyes. */
  readonly held: readonly T[];
}

/** The place of a row in its list: newest first by id. */
export const compareRows = (a: FeedRow, b: FeedRow): number => (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);

/** One list without doubles, newest first: of two rows with one id the one that changed later stays. */
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
 * Takes live rows in. A row that is shown is replaced in its place (or leaves, when it no longer fits the filter); a new
 * one joins at once while the list follows, and is held back otherwise. Rows older than everything loaded wait for their
 * page, if there are pages to come.
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
