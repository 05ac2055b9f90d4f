import type { FingerprintKey, FingerprintRow } from '../storage/repositories/fingerprints';
import type { WriteContext } from '../storage/writer';

/** Fingerprints that are remembered of a key, and of a key and range: a proxy may hand over one that is new with each call. */
export const MAX_FINGERPRINTS = { ofKey: 5_000, ofRange: 20 } as const;

function textOf({ key_id, fingerprint, range_id }: FingerprintKey): string {
  return JSON.stringify([key_id, fingerprint, range_id]);
}

/** Keeps one row of those with the same primary key, with the earliest and the latest time. */
function merged(rows: readonly FingerprintRow[]): FingerprintRow[] {
  const byKey = new Map<string, FingerprintRow>();
  for (const row of rows) {
    const other = byKey.get(textOf(row)) ?? row;
    byKey.set(textOf(row), {
      ...row,
      first_at: Math.min(row.first_at, other.first_at),
      last_at: Math.max(row.last_at, other.last_at),
    });
  }
  return [...byKey.values()];
}

/** Stores fingerprints for later trust reviews, within {@link MAX_FINGERPRINTS}. Their ranges must exist. */
export async function writeFingerprints(
  { tx: { fingerprints } }: WriteContext,
  seen: readonly FingerprintRow[],
): Promise<void> {
  const rows = merged(seen);
  const known = new Set((await fingerprints.raise(rows)).map(textOf));
  const counts = new Map<string, number>();
  const added: FingerprintRow[] = [];
  const take = async (keyId: string, rangeId: string | undefined, limit: number): Promise<boolean> => {
    const id = `${keyId} ${rangeId ?? ''}`;
    const count = counts.get(id) ?? (await fingerprints.count(keyId, rangeId, limit));
    counts.set(id, count + 1);
    return count < limit;
  };
  for (const row of rows) {
    if (known.has(textOf(row))) continue;
    const hasRoom =
      (await take(row.key_id, row.range_id, MAX_FINGERPRINTS.ofRange)) &&
      (await take(row.key_id, undefined, MAX_FINGERPRINTS.ofKey));
    if (hasRoom) added.push(row);
  }
  await fingerprints.add(added);
}
