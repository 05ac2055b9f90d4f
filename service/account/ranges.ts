import type { RouteRequest } from '#shared/api/route-types';
import {
  addRanges as ruleOfAdding,
  networksOf,
  type RangeRequest,
  type RangeUpdateRequest,
  removeRange as ruleOfRemoving,
  updateRange as ruleOfUpdating,
} from '#shared/domain/change-ranges';
import type { Range } from '#shared/domain/entities';
import { formatCidr } from '#shared/ip/index';
import type { Author, ServiceContext } from './context';
import { contextOf, LoadedPolicy, orRefuse, writeEffect } from './policy-effect';
import { writePolicy, type PolicyWrite } from './policy-write';

/** Adds what the text means: one range, or several for a dash. All of them are added, or none. */
export async function addRangesWithin(write: PolicyWrite, request: RangeRequest): Promise<readonly Range[]> {
  const view = new LoadedPolicy(write);
  const { rangeId, effect, keyId } = request;
  if (rangeId !== undefined) await view.loadTaken(rangeId);
  const { cidrs } = orRefuse(networksOf(request));
  for (const cidr of cidrs) await view.loadSame({ cidr: formatCidr(cidr), effect, keyId });
  const outcome = orRefuse(ruleOfAdding(view, request, contextOf(write)));
  await writeEffect(write, view, outcome);
  return outcome.ranges;
}

export const addRanges = (
  context: ServiceContext,
  author: Author,
  { expiresAt: rangeExpiresAt, ...rest }: RouteRequest<'addRanges'>['body'],
): Promise<Range[]> =>
  writePolicy(context, author, async (write) => [
    ...(await addRangesWithin(write, { ...rest, rangeExpiresAt })),
  ]);

/** Changes label, effect, key or expiry. @throws Refusal `stale` when `baseVersion` is not the current one. */
export async function updateRangeWithin(write: PolicyWrite, request: RangeUpdateRequest): Promise<Range> {
  const view = new LoadedPolicy(write);
  const { rangeId, changes } = request;
  await view.loadRange(rangeId);
  const before = view.range(rangeId);
  if (before !== undefined) {
    const { effect = before.effect, keyId = before.keyId } = changes;
    await view.loadSame({ cidr: before.cidr, effect, keyId });
  }
  const outcome = orRefuse(ruleOfUpdating(view, request, contextOf(write)));
  await writeEffect(write, view, outcome);
  const [after] = outcome.ranges;
  if (after === undefined) throw new Error(`range ${rangeId} was not changed`);
  return after;
}

export const updateRange = (
  context: ServiceContext,
  author: Author,
  rangeId: string,
  changes: RangeUpdateRequest['changes'],
  baseVersion: number | undefined,
): Promise<Range> =>
  writePolicy(context, author, (write) => updateRangeWithin(write, { rangeId, changes, baseVersion }));

/** Removes a range; its addresses are unknown again, unless another range covers them. */
export async function removeRangeWithin(
  write: PolicyWrite,
  rangeId: string,
  baseVersion: number | undefined,
): Promise<void> {
  const view = new LoadedPolicy(write);
  await view.loadRange(rangeId);
  await writeEffect(write, view, orRefuse(ruleOfRemoving(view, { rangeId, baseVersion })));
}

export const removeRange = (
  context: ServiceContext,
  author: Author,
  rangeId: string,
  baseVersion: number | undefined,
): Promise<void> => writePolicy(context, author, (write) => removeRangeWithin(write, rangeId, baseVersion));
