/** Where a page of the log goes on. */
export type LogCursor =
  /** In the local store, below this attempt id; null: from the newest on. */
  | { readonly at: 'store'; readonly before: string | null }
  /** With the service: rows below this attempt id, and where the service itself goes on (null: it has not begun). */
  | { readonly at: 'service'; readonly below: string | null; readonly cursor: string | null };

const ULID = /^[0-9A-Z]{26}$/i;

export function encodeLogCursor(cursor: LogCursor): string {
  return cursor.at === 'store'
    ? `l.${cursor.before ?? ''}`
    : `s.${cursor.below ?? ''}.${cursor.cursor ?? ''}`;
}

/** Reads a cursor back; null is the first page. Undefined when it is none of ours. */
export function decodeLogCursor(text: string | null): LogCursor | undefined {
  if (text === null) return { at: 'store', before: null };
  const [, place, id = '', rest = ''] = /^(l|s)\.([^.]*)(?:\.(.*))?$/.exec(text) ?? [];
  if (place === undefined || (id !== '' && !ULID.test(id))) return undefined;
  const below = id === '' ? null : id;
  return place === 'l'
    ? { at: 'store', before: below }
    : { at: 'service', below, cursor: rest === '' ? null : rest };
}
