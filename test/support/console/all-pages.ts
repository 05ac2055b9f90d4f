/** Reads pages from the last row of the one before, until one is not full. */
export async function allPages<Row extends { readonly id: string }>(
  limit: number,
  pageBefore: (id: string | null) => readonly Row[] | Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let before: string | null = null;
  for (;;) {
    const page = await pageBefore(before);
    rows.push(...page);
    if (page.length < limit) return rows;
    before = page.at(-1)?.id ?? null;
  }
}
