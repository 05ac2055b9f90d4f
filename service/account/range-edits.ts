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
}

const isExpired = (row: RangeRow, now: number): boolean => row.expires_at !== null && row.expires_at <= now;

/** The unexpired range that says the same already, if there is one. */
export const existingRange = async (write: PolicyWrite, range: NewRange): Promise<RangeRow | undefined> => {
  const same = await write.tx.ranges.same(write.policy.id, formatCidr(range.cidr), range.effect, range.keyId);
  return same !== undefined && !isExpired(same, write.now) ? same : undefined;
};

/**
 * Adds a range that `existingRange` did not find. An expired one with the same text makes room: it authorizes
 * nothing any more, and the new one has a life of its own.
 */
export const insertRange = async (write: PolicyWrite, range: NewRange): Promise<RangeRow> => {
  const { tx, policy } = write;
  const cidr = formatCidr(range.cidr);
  const expired = await tx.ranges.same(policy.id, cidr, range.effect, range.keyId);
  if (expired !== undefined) await deleteRange(write, expired);
  const row: RangeRow = {
    id: write.newId(),
    account_id: policy.id,
    cidr,
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
  };
  await tx.ranges.insert(row);
  await write.audit({ action: 'range.add', target: row.id, before: null, after: rangeOf(row) });
  write.afterCommit(() => policy.setRange(row));
  return row;
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
  write.afterCommit(() => policy.ranges.delete(row.id));
};
