/** Keyset paging: the cursor is the id of the previous page's last item. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Fetches one row more than the page holds, to know whether there is a next page. */
export async function pageBy<T extends { readonly id: string }>(
  request: PageRequest,
  fetch: (after: string | undefined, limit: number) => Promise<T[]>,
): Promise<Page<T>> {
  const rows = await fetch(request.cursor, request.limit + 1);
  const items = rows.slice(0, request.limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > request.limit && last !== undefined ? last.id : null };
}

/** Returns a pattern for LIKE ... ESCAPE '\' that finds the literal text anywhere. */
export function containsPattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
