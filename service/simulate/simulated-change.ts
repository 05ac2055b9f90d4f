import { limitsRefusal, readNetworks } from '#shared/domain/change-ranges';
import type { RouteRequest } from '#shared/api/route-types';
import { DAY_MS } from '#shared/durations';
import { epochMsOf } from '../runtime/clock';
import type { MatchRange } from '../enforcement/matcher';
import type { AccountPolicy } from '../policy/policy';
import { orRefuse } from '../policy/apply-change';
import { Refusal } from '../policy/refusal';

export type SimulatedChange = RouteRequest<'simulate'>['body'];

const DEFAULT_SPAN_MS = 30 * DAY_MS;

/** Returns the span to replay in milliseconds since the epoch; `to` is exclusive. */
export function readSpan(
  request: SimulatedChange,
  now: number,
): { readonly from: number; readonly to: number } {
  // Includes calls of the current millisecond.
  const to = request.to === undefined ? now + 1 : epochMsOf(request.to);
  const from = request.from === undefined ? to - DEFAULT_SPAN_MS : epochMsOf(request.from);
  if (from < to) return { from, to };
  throw new Refusal('invalid_request', 'from: must be before "to", which is now where it is absent.', {
    field: 'from',
  });
}

/** Returns the ids of the ranges to remove. @throws Refusal naming the one that does not exist. */
export function readRemoved(policy: AccountPolicy, ids: readonly string[]): ReadonlySet<string> {
  for (const [index, id] of ids.entries()) {
    if (policy.ranges.get(id) !== undefined) continue;
    throw new Refusal('invalid_request', 'There is no range with this id.', {
      field: `removeRangeIds.${index}`,
    });
  }
  return new Set(ids);
}

/** Networks of all added ranges together; one dash may mean hundreds. */
const MAX_ADDED_NETWORKS = 10_000;

/** Returns the ranges to add. @throws Refusal naming the field of the one that cannot be added. */
export function readAdded(
  policy: AccountPolicy,
  ranges: SimulatedChange['addRanges'],
  now: number,
): MatchRange[] {
  const added: MatchRange[] = [];
  for (const [index, { cidr: text, allowWide, effect, keyId, expiresAt }] of ranges.entries()) {
    const fieldPrefix = `addRanges.${index}.`;
    const { cidrs } = orRefuse(readNetworks(text, allowWide, `${fieldPrefix}cidr`));
    const view = { hasKey: (id: string) => policy.keys.has(id) };
    orRefuse(limitsRefusal(view, { keyId, expiresAt }, now, fieldPrefix) ?? {});
    const endsAt = expiresAt === null ? null : epochMsOf(expiresAt);
    for (const cidr of cidrs) {
      added.push({ id: `added-${added.length}`, cidr, effect, keyId, createdAt: now, expiresAt: endsAt });
    }
    if (added.length > MAX_ADDED_NETWORKS) {
      throw new Refusal('limit_reached', `addRanges: means more than ${MAX_ADDED_NETWORKS} networks.`, {
        field: 'addRanges',
      });
    }
  }
  return added;
}
