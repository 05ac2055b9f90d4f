import type { RangeNote } from '#shared/api/bodies';
import type { RouteRequest, RouteResponse } from '#shared/api/route-types';
import type { Range } from '#shared/domain/entities';
import { parseRangeText } from '#shared/ip/index';
import { applyChange } from '../policy/apply-change';
import type { Author } from '../policy/context';
import type { ChangeContext } from '../policy/impact';
import { listOutcomeOf } from '../policy/list-outcome';
import type { AccountPolicy } from '../policy/policy';
import { coveredNotes, denialNotes } from '../policy/range-notes';
import { epochMsOf } from '../runtime/clock';

/** Returns what a person should know of the range, beside the list as it is now. */
function notesOf(policy: AccountPolicy, body: RouteRequest<'addRanges'>['body'], now: number): RangeNote[] {
  const parsed = parseRangeText(body.cidr, { allowWide: true });
  if (!parsed.ok) return [];
  const { effect, keyId } = body;
  const expiresAt = body.expiresAt === null ? null : epochMsOf(body.expiresAt);
  const outcomes = parsed.cidrs.map((cidr) =>
    listOutcomeOf(cidr, { effect, keyId, expiresAt }, [policy.ranges], now),
  );
  return [...parsed.notes, ...coveredNotes(outcomes), ...denialNotes(policy, outcomes)];
}

/** Adds the range, or the several of a dash: all of them or none. */
export async function addRanges(
  context: ChangeContext,
  author: Author,
  body: RouteRequest<'addRanges'>['body'],
): Promise<RouteResponse<'addRanges'>> {
  const notes = notesOf(context.directory.account(author.accountId), body, context.clock.now());
  const { expiresAt: rangeExpiresAt, ...rest } = body;
  const { ranges } = await applyChange(context, author, { type: 'range.add', ...rest, rangeExpiresAt });
  return { items: [...ranges], notes };
}

/** Changes label, effect, key or expiry. @throws Refusal `stale` if `baseVersion` is not current. */
export async function updateRange(
  context: ChangeContext,
  author: Author,
  rangeId: string,
  { confirmImpact, ...changes }: RouteRequest<'updateRange'>['body'],
  baseVersion: number | undefined,
): Promise<Range> {
  const change = { type: 'range.update', rangeId, changes, baseVersion, confirmImpact } as const;
  const [range] = (await applyChange(context, author, change)).ranges;
  if (range === undefined) throw new Error(`range ${rangeId} was not changed`);
  return range;
}

/** Removes a range. Its addresses are unknown again unless another range covers them. */
export async function removeRange(
  context: ChangeContext,
  author: Author,
  rangeId: string,
  { confirmImpact }: RouteRequest<'removeRange'>['query'],
  baseVersion: number | undefined,
): Promise<void> {
  await applyChange(context, author, {
    type: 'range.remove',
    rangeId,
    baseVersion,
    confirmImpact,
  });
}
