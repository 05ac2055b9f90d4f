import type { Attempt } from '#shared/domain/entities';

/** Rows that are loaded, and rows that arrived while the reader was elsewhere; both newest first. */
export interface LogRows {
  readonly rows: readonly Attempt[];
  /** New rows that are kept back so that nothing moves under the reader's eyes. */
  readonly held: readonly Attempt[];
}

/**
 * The place of an attempt in the log: newest first by id. Ids are ULIDs made at the first call, so a row that is
 * counted up keeps its place.
 */
export const compareAttempts = (a: Attempt, b: Attempt): number => (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);

/** One list without doubles, newest first: of two rows with one id the one that changed later stays. */
export function mergeRows(known: readonly Attempt[], incoming: readonly Attempt[]): readonly Attempt[] {
  if (incoming.length === 0) return known;
  const byId = new Map(known.map((row) => [row.id, row]));
  let added = false;
  for (const row of incoming) {
    const old = byId.get(row.id);
    if (old !== undefined && old.seq >= row.seq) continue;
    if (old === undefined) added = true;
    byId.set(row.id, row);
  }
  const merged = [...byId.values()];
  return added ? merged.sort(compareAttempts) : merged;
}

/**
 * Takes live rows in. A row that is shown is replaced in its place (or leaves, when it no longer fits the filter); a new
 * one joins at once while the log follows, and is held back otherwise. Rows older than everything loaded wait for their
 * page, if there are pages to come.
 */
export function receiveRows(
  log: LogRows,
  incoming: readonly Attempt[],
  options: {
    readonly following: boolean;
    readonly hasOlderPages: boolean;
    readonly matches: (attempt: Attempt) => boolean;
  },
): LogRows {
  const known = new Map(log.rows.map((row) => [row.id, row]));
  const oldest = log.rows.at(-1);
  const changed: Attempt[] = [];
  const gone = new Set<string>();
  const fresh: Attempt[] = [];
  for (const row of incoming) {
    const shown = known.has(row.id);
    if (!options.matches(row)) {
      if (shown) gone.add(row.id);
    } else if (shown) {
      changed.push(row);
    } else if (oldest === undefined || !options.hasOlderPages || compareAttempts(row, oldest) < 0) {
      fresh.push(row);
    }
  }
  let rows = mergeRows(log.rows, changed);
  if (gone.size > 0) rows = rows.filter((row) => !gone.has(row.id));
  if (!options.following) return { rows, held: mergeRows(log.held, fresh) };
  return { rows: mergeRows(rows, [...log.held, ...fresh]), held: [] };
}
