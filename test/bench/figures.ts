/** The middle of some figures; of an even number the higher of both. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

/** The nearest rank: the smallest of the values that at least this share of them does not exceed. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
};

/** `1234567` as `1.23 M`, `12345` as `12.3 k`. */
export const readable = (value: number): string => {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(1)} k`;
  return value.toFixed(value >= 100 ? 0 : 1);
};

export const heading = (text: string): void => console.log(`\n${text}\n${'-'.repeat(text.length)}`);

/** Columns of text, the first to the left, the others to the right. */
export const table = (rows: readonly (readonly string[])[]): void => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(`  ${cells.join('   ')}`);
  }
};

/** One figure against what it has to reach (docs/behaviour.md 9). */
export const target = (what: string, value: number, limit: number, kind: 'at least' | 'at most'): void => {
  const reached = kind === 'at least' ? value >= limit : value <= limit;
  console.log(
    `  ${reached ? 'reached' : 'MISSED '}  ${what}: ${value.toFixed(2)} (${kind} ${limit.toFixed(2)})`,
  );
};
