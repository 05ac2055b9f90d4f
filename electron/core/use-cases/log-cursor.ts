/**
 * The position of a page of the log or the audit trail: below this id (null: from the newest on), in the local store or at
 * the service.
 */
export interface LogCursor {
  readonly at: 'store' | 'service';
  readonly before: string | null;
}

const SOURCES = { l: 'store', s: 'service' } as const;

export function encodeLogCursor({ at, before }: LogCursor): string {
  return `${at === 'store' ? 'l' : 's'}.${before ?? ''}`;
}

/** Parses a cursor; null is the first page. Returns undefined if it is malformed. */
export function decodeLogCursor(text: string | null): LogCursor | undefined {
  if (text === null) return { at: 'store', before: null };
  const [, place, id = ''] = /^(l|s)\.([0-9A-Z]{26})?$/i.exec(text) ?? [];
  return place === 'l' || place === 's' ? { at: SOURCES[place], before: id === '' ? null : id } : undefined;
}
