import { formatCidr, type Cidr } from '#shared/ip/index';
import type { Effect, RangeSource } from '#shared/domain/entities';
import { rangeOf, type RangeRow } from '../storage/repositories/ranges';
import type { PolicyWrite } from './policy-write';

/** A range before it has an id. */
export interface NewRange {
  readonly cidr: Cidr;
  readonly effect: Effect;
  readonly label: string;
  readonly source: RangeSource;
  readonly keyId: string | null;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  /** Made by its author; one is made here where it is absent. */
  readonly id?: string;
}

const isExpired = (row: RangeRow, now: number): boolean => row.expires_at !== null && row.expires_at <= now;

/** What makes two ranges the same one. */
type RangeIdentity = Pick<NewRange, 'effect' | 'keyId'> & { readonly cidr: string };

/**
 * The other range that says the same already, if there is one. An expired one makes room: it decides nothing any
 * more, and what takes its place has a life of its own.
 */
export const findSame = async (
  write: PolicyWrite,
  { cidr, effect, keyId }: RangeIdentity,
  exceptId?: string,
): Promise<RangeRow | undefined> => {
  const same = await write.tx.ranges.same(write.policy.id, cidr, effect, keyId);
  if (same === undefined || same.id === exceptId) return undefined;
  if (!isExpired(same, write.now)) return same;
  await deleteRange(write, same);
  return undefined;
};

/** The range as its row will be; it is not written yet. */
const newRangeRow = async (write: PolicyWrite, range: NewRange): Promise<RangeRow> => ({
  id: range.id ?? write.newId(),
  account_id: write.policy.id,
  cidr: formatCidr(range.cidr),
  effect: range.effect,
  label: range.label,
  source: range.source,
  key_id: range.keyId,
  created_at: write.now,
  created_by: range.createdBy,
  expires_at: range.expiresAt,
  version: 1,
  last_used_at: null,
  uses: 0,
  changed_seq: await write.seq(),
});

/** Adds the range, or answers the one that says the same already. */
export const ensureRange = async (
  write: PolicyWrite,
  range: NewRange,
): Promise<{ readonly row: RangeRow; readonly added: boolean }> => {
  const cidr = formatCidr(range.cidr);
  const existing = await findSame(write, { ...range, cidr });
  if (existing !== undefined) return { row: existing, added: false };
  const { tx, policy } = write;
  const row = await newRangeRow(write, range);
  await tx.ranges.insert(row);
  await write.audit({ action: 'range.add', target: row.id, before: null, after: rangeOf(row) });
  write.afterCommit(() => policy.setRange(row));
  return { row, added: true };
};

export const deleteRange = async (write: PolicyWrite, row: RangeRow): Promise<void> => {
  const { tx, policy } = write;
  await tx.ranges.delete(policy.id, row.id);
  await tx.feed.insertTombstone({
    account_id: policy.id,
    changed_seq: await write.seq(),
    kind: 'range',
    entity_id: row.id,
  });
  await write.audit({ action: 'range.remove', target: row.id, before: rangeOf(row), after: null });
  write.afterCommit(() => policy.removeRange(row.id));
};

/**
 * Adds ranges that are known to be new, some hundred at once. `rows` of the answer are in the order of `ranges`.
 * @throws when one of them is in the list already, expired or not.
 */
export const insertRanges = async (write: PolicyWrite, ranges: readonly NewRange[]): Promise<RangeRow[]> => {
  const rows = await Promise.all(ranges.map((range) => newRangeRow(write, range)));
  await write.tx.ranges.insertAll(rows);
  await write.auditAll(
    rows.map((row) => ({ action: 'range.add', target: row.id, before: null, after: rangeOf(row) })),
  );
  write.afterCommit(() => {
    for (const row of rows) write.policy.setRange(row);
  });
  return rows;
};
