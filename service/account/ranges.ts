import type { RouteRequest } from '#shared/api/route-types';
import type { Range } from '#shared/domain/entities';
import { parseRangeText, type Cidr } from '#shared/ip/index';
import { epochMsOf } from '../clock';
import { rangeOf, type RangeRow } from '../storage/repositories/ranges';
import type { Author, ServiceContext } from './context';
import { writePolicy, type PolicyWrite } from './policy-write';
import { deleteRange, ensureRange, findSame, type NewRange } from './range-edits';
import { Refusal } from './refusal';
import { settleStandingReviews } from './settle-reviews';

/** Reads the text of a range (docs/behaviour.md 2). @throws Refusal `invalid_cidr` or `too_wide`, naming `field`. */
export const readCidrs = (text: string, allowWide: boolean, field: string): readonly Cidr[] => {
  const parsed = parseRangeText(text, { allowWide });
  if (parsed.ok) return parsed.cidrs;
  const code = parsed.error.code === 'too_wide' ? 'too_wide' : 'invalid_cidr';
  throw new Refusal(code, parsed.error.message, { field });
};

const requireKey = (write: PolicyWrite, keyId: string | null): void => {
  if (keyId === null) return;
  const key = write.policy.keys.get(keyId);
  if (key === undefined)
    throw new Refusal('invalid_request', 'There is no API key with this id.', { field: 'keyId' });
};

const readExpiry = (expiresAt: string | null, now: number): number | null => {
  if (expiresAt === null) return null;
  const at = epochMsOf(expiresAt);
  if (at <= now)
    throw new Refusal('invalid_request', 'The expiry must be in the future.', { field: 'expiresAt' });
  return at;
};

/** What is asked for when ranges are added. */
export type RangeWish = RouteRequest<'addRanges'>['body'] & {
  /** An id that the author made; only for a text that means one range. */
  readonly rangeId?: string | undefined;
};

/** Adds what the text means: one range, or several for a dash. All of them are added, or none. */
export const addRangesWithin = async (write: PolicyWrite, wish: RangeWish): Promise<Range[]> => {
  const cidrs = readCidrs(wish.cidr, wish.allowWide, 'cidr');
  const { rangeId } = wish;
  if (rangeId !== undefined && cidrs.length > 1) {
    throw new Refusal('invalid_request', 'This text means several ranges, which cannot share one id.', {
      field: 'rangeId',
    });
  }
  if (rangeId !== undefined && (await write.tx.ranges.exists(rangeId))) {
    throw new Refusal('invalid_request', 'This id belongs to another range already.', { field: 'rangeId' });
  }
  requireKey(write, wish.keyId);
  const expiresAt = readExpiry(wish.expiresAt, write.now);
  const rows: RangeRow[] = [];
  for (const cidr of cidrs) {
    const range: NewRange = {
      cidr,
      effect: wish.effect,
      label: wish.label,
      source: 'manual',
      keyId: wish.keyId,
      createdBy: write.author.actor.name,
      expiresAt,
      ...(rangeId !== undefined && { id: rangeId }),
    };
    const { row, added } = await ensureRange(write, range);
    if (!added) {
      // Part of a dash may be there already; the rest is still wanted. A single range that is there is refused.
      if (cidrs.length > 1) continue;
      throw new Refusal('duplicate', `${row.cidr} is in the list already.`, {
        field: 'cidr',
        existing: rangeOf(row),
      });
    }
    await settleStandingReviews(write, row);
    rows.push(row);
  }
  if (rows.length === 0) {
    throw new Refusal('duplicate', 'All of these ranges are in the list already.', { field: 'cidr' });
  }
  return rows.map(rangeOf);
};

export const addRanges = (context: ServiceContext, author: Author, wish: RangeWish): Promise<Range[]> =>
  writePolicy(context, author, (write) => addRangesWithin(write, wish));

const requireRange = async (write: PolicyWrite, rangeId: string, expectedVersion: number | undefined) => {
  const row = await write.tx.ranges.get(write.policy.id, rangeId);
  if (row === undefined) throw new Refusal('not_found', 'There is no range with this id.', { field: 'id' });
  if (expectedVersion !== undefined && row.version !== expectedVersion) {
    throw new Refusal('stale', 'The range was changed by somebody else.', {
      field: 'if-match',
      current: rangeOf(row),
    });
  }
  return row;
};

type RangeChanges = RouteRequest<'updateRange'>['body'];

/** Changes label, effect, key or expiry. @throws Refusal `stale` when `expectedVersion` is not the current one. */
export const updateRangeWithin = async (
  write: PolicyWrite,
  rangeId: string,
  changes: RangeChanges,
  expectedVersion: number | undefined,
): Promise<Range> => {
  const { tx, policy } = write;
  const before = await requireRange(write, rangeId, expectedVersion);
  const effect = changes.effect ?? before.effect;
  const keyId = changes.keyId === undefined ? before.key_id : changes.keyId;
  const expiresAt =
    changes.expiresAt === undefined ? before.expires_at : readExpiry(changes.expiresAt, write.now);
  requireKey(write, keyId);
  const same = await findSame(write, { cidr: before.cidr, effect, keyId }, rangeId);
  if (same !== undefined) {
    throw new Refusal('duplicate', `${same.cidr} is in the list already.`, {
      field: 'effect',
      existing: rangeOf(same),
    });
  }
  const after = await tx.ranges.update(
    policy.id,
    rangeId,
    { label: changes.label ?? before.label, effect, key_id: keyId, expires_at: expiresAt },
    await write.seq(),
  );
  await write.audit({
    action: 'range.update',
    target: rangeId,
    before: rangeOf(before),
    after: rangeOf(after),
  });
  write.afterCommit(() => policy.setRange(after));
  await settleStandingReviews(write, after);
  return rangeOf(after);
};

export const updateRange = (
  context: ServiceContext,
  author: Author,
  rangeId: string,
  changes: RangeChanges,
  expectedVersion: number | undefined,
): Promise<Range> =>
  writePolicy(context, author, (write) => updateRangeWithin(write, rangeId, changes, expectedVersion));

/** Removes a range; its addresses are unknown again, unless another range covers them. */
export const removeRangeWithin = async (
  write: PolicyWrite,
  rangeId: string,
  expectedVersion: number | undefined,
): Promise<void> => deleteRange(write, await requireRange(write, rangeId, expectedVersion));

export const removeRange = (
  context: ServiceContext,
  author: Author,
  rangeId: string,
  expectedVersion: number | undefined,
): Promise<void> =>
  writePolicy(context, author, (write) => removeRangeWithin(write, rangeId, expectedVersion));
