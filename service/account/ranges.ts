import type { RouteRequest } from '#shared/api/route-types';
import type { Range } from '#shared/domain/entities';
import { applyChange } from '../policy/apply-change';
import type { Author } from '../policy/context';
import type { ChangeContext } from '../policy/impact';

/** Adds the range, or the several of a dash: all of them or none. */
export async function addRanges(
  context: ChangeContext,
  author: Author,
  { expiresAt: rangeExpiresAt, ...rest }: RouteRequest<'addRanges'>['body'],
): Promise<Range[]> {
  const { ranges } = await applyChange(context, author, { type: 'range.add', ...rest, rangeExpiresAt });
  return [...ranges];
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
