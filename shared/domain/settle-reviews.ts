import { type Cidr, cidrContains, cidrsOverlap, type IpAddress, parseAddress, parseCidr } from '../ip/index';
import type { Range, Review } from './entities';
import type { OperationContext, PolicyView } from './policy-state';

/**
 * The open questions that a new or changed range answers by itself, as they are then: superseded. A longer range that
 * decides about the address already goes before it.
 */
export function settledBy(
  view: PolicyView,
  range: Range,
  network: Cidr | undefined,
  { now, author }: OperationContext,
): Review[] {
  if (network === undefined) return [];
  const settled: Review[] = [];
  /** The ranges that may decide in its place; looked for once, however many the questions are. */
  let longer: readonly Range[] | undefined;
  for (const review of view.pendingReviews()) {
    if (range.keyId !== null && range.keyId !== review.keyId) continue;
    const address = addressOf(review);
    if (address === undefined || !cidrContains(network, address)) continue;
    longer ??= rangesAround(view, network).filter((each) => prefixLengthOf(each) > network.prefixLength);
    if (decidingRange(longer, review, now) !== undefined) continue;
    settled.push({
      ...review,
      status: 'superseded',
      decidedBy: author,
      decidedAt: new Date(now).toISOString(),
      rangeId: range.id,
      version: review.version + 1,
    });
  }
  return settled;
}

/** The ranges that have addresses of the network. */
export const rangesAround = (view: PolicyView, network: Cidr): readonly Range[] =>
  [...view.ranges()].filter((range) => {
    const its = networkOf(range);
    return its !== undefined && cidrsOverlap(its, network);
  });

const prefixLengthOf = (range: Range): number => networkOf(range)?.prefixLength ?? 0;

/**
 * The one of the ranges that decides about the review's address and key: the longest unexpired one, of two of equal length the one
 * that denies, of two that say the same the key's own. `exceptId` is left out of account.
 */
export function decidingRange(
  ranges: Iterable<Range>,
  review: Review,
  now: number,
  exceptId?: string,
): { readonly range: Range; readonly network: Cidr } | undefined {
  const address = addressOf(review);
  if (address === undefined) return undefined;
  let deciding: { readonly range: Range; readonly network: Cidr } | undefined;
  for (const range of ranges) {
    if (range.id === exceptId || (range.keyId !== null && range.keyId !== review.keyId)) continue;
    if (range.expiresAt !== null && Date.parse(range.expiresAt) <= now) continue;
    const network = networkOf(range);
    if (network === undefined || !isStronger(range, network, deciding)) continue;
    if (cidrContains(network, address)) deciding = { range, network };
  }
  return deciding;
}

function isStronger(
  { effect, keyId }: Range,
  { prefixLength }: Cidr,
  than: { readonly range: Range; readonly network: Cidr } | undefined,
): boolean {
  if (than === undefined || prefixLength > than.network.prefixLength) return true;
  if (prefixLength < than.network.prefixLength) return false;
  return effect === than.range.effect ? keyId !== null && than.range.keyId === null : effect === 'deny';
}

/** Texts are read once for each object; a changed entity is another object. */
const networks = new WeakMap<Range, Cidr | null>();
const addresses = new WeakMap<Review, IpAddress | null>();

/** The network of a range; undefined where its text cannot be read. */
export function networkOf(range: Range): Cidr | undefined {
  const known = networks.get(range);
  if (known !== undefined) return known ?? undefined;
  const read = parseCidr(range.cidr);
  networks.set(range, read ?? null);
  return read;
}

function addressOf(review: Review): IpAddress | undefined {
  const known = addresses.get(review);
  if (known !== undefined) return known ?? undefined;
  const parsed = parseAddress(review.ip);
  addresses.set(review, parsed.ok ? parsed.address : null);
  return parsed.ok ? parsed.address : undefined;
}
