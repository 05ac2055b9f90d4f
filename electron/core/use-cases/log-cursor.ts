/**
 * Where a page of the log, or of the audit trail, goes on: below this id (null: from the newest on), in the local store or
 * with the service.
 */
export interface LogCursor {
  readonly at: 'store' | 'service';
  readonly before: string | null;
}

const PLACES = { l: 'store', s: 'service' } as const;

export function encodeLogCursor({ at, before }: LogCursor): string {
  return `${at === 'store' ? 'l' : 's'}.${before ?? ''}`;
}

/** Reads a cursor back; null is the first page. Undefined when it is none of ours. */
export function decodeLogCursor(text: string | null): LogCursor | undefined {
  if (text === null) return { at: 'store', before: null };
  const [, place, id = ''] = /^(l|s)\.([0-9A-Z]{26})?$/i.exec(text) ?? [];
  return place === 'l' || place === 's' ? { at: PLACES[place], before: id === '' ? null : id } : undefined;
}
