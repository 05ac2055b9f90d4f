/** Reads pages from the last row of the one before, until one is not full. */
export function allPages<Row extends { readonly id: string }>(
  limit: number,
  pageBefore: (id: string | null) => readonly Row[],
): readonly Row[] {
  const rows: Row[] = [];
  let before: string | null = null;
  for (;;) {
    const page = pageBefore(before);
    rows.push(...page);
    if (page.length < limit) return rows;
    before = page.at(-1)?.id ?? null;
  }
}
