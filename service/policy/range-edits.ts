import type { Effect, Range } from '#shared/domain/entities';
import { epochMsOf } from '../runtime/clock';
import { rangeOf, type RangeRow } from '../storage/repositories/ranges';
import type { PolicyWrite } from './policy-write';

function timeOf(time: string | null): number | null {
  return time === null ? null : epochMsOf(time);
}

async function rowOf(write: PolicyWrite, range: Range): Promise<RangeRow> {
  return {
    id: range.id,
    account_id: write.policy.id,
    cidr: range.cidr,
    // A change can only ask for effects and sources that this version knows.
    effect: range.effect as Effect,
    label: range.label,
    source: range.source as RangeRow['source'],
    source_id: range.sourceId,
    key_id: range.keyId,
    created_at: epochMsOf(range.createdAt),
    created_by: range.createdBy,
    expires_at: timeOf(range.expiresAt),
    version: range.version,
    last_used_at: timeOf(range.lastUsedAt),
    uses: range.uses,
    changed_seq: await write.seq(),
  };
}

/** Adds new ranges in batches. @throws Error if one of them is in the list already, expired or not. */
export async function insertRanges(write: PolicyWrite, ranges: readonly Range[]): Promise<void> {
  if (ranges.length === 0) return;
  const rows = await Promise.all(ranges.map((range) => rowOf(write, range)));
  await write.tx.ranges.insertAll(rows);
  for (const range of ranges) {
    await write.audit({ action: 'range.add', target: range.id, before: null, after: range });
  }
  for (const row of rows) write.draft.setRange(row);
}

export async function updateRange(write: PolicyWrite, before: Range, after: Range): Promise<void> {
  const { label, effect, key_id, expires_at } = await rowOf(write, after);
  const row = await write.tx.ranges.update(
    write.policy.id,
    after.id,
    { label, effect, key_id, expires_at },
    await write.seq(),
  );
  await write.audit({ action: 'range.update', target: after.id, before, after: rangeOf(row) });
  write.draft.setRange(row);
}

export async function deleteRange(write: PolicyWrite, range: Range): Promise<void> {
  const { tx, policy } = write;
  await tx.ranges.delete(policy.id, range.id);
  await tx.feed.insertTombstones([
    { account_id: policy.id, changed_seq: await write.seq(), kind: 'range', entity_id: range.id },
  ]);
  await write.audit({ action: 'range.remove', target: range.id, before: range, after: null });
  write.draft.removeRange(range.id);
}
