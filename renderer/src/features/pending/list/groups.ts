import type { Review } from '#shared/domain/entities';
import { formatCidr, parseAddress, subnetAround } from '#shared/ip/index';
import { countOf, countryName, networkName } from '#shared/words';
import { agentWords } from '../../../domain/agent-words';
import type { GroupBy } from '../../../stores/pending-list';

export interface Group {
  readonly id: string;
  readonly title: string;
  /** In the order of the list. */
  readonly reviews: readonly Review[];
  /** What the reviews have in common, in words. */
  readonly common: string;
}

const SUBNET = { ipv4PrefixLength: 24, ipv6PrefixLength: 64 } as const;

/** Returns the /24 or /64 around the address of a review. */
function subnetOf({ ip }: Review): string {
  const read = parseAddress(ip);
  return read.ok ? formatCidr(subnetAround(read.address, SUBNET)) : ip;
}

const networkOf = ({ asn, asName }: Review): string => networkName(asn, asName) ?? 'Network not known';
const countryOf = ({ country }: Review): string =>
  country === null ? 'Country not known' : countryName(country);

/** The value by which reviews are grouped, and the title of its group. */
const PROPERTIES: Readonly<
  Record<Exclude<GroupBy, 'none'>, (review: Review) => readonly [value: string, title: string]>
> = {
  key: (review) => [review.keyId, review.keyName],
  network: (review) => [review.asn === null ? (review.asName ?? '') : `${review.asn}`, networkOf(review)],
  country: (review) => [review.country ?? '', countryOf(review)],
  subnet: (review) => [subnetOf(review), subnetOf(review)],
};

/** Groups reviews in one pass: the largest group first, and each in the order of the list. */
export function groupReviews(
  reviews: readonly Review[],
  groupBy: Exclude<GroupBy, 'none'>,
): readonly Group[] {
  const property = PROPERTIES[groupBy];
  const groups = new Map<string, { readonly title: string; readonly reviews: Review[] }>();
  for (const review of reviews) {
    const [value, title] = property(review);
    const group = groups.get(value);
    if (group === undefined) groups.set(value, { title, reviews: [review] });
    else group.reviews.push(review);
  }
  return [...groups]
    .sort(([, a], [, b]) => b.reviews.length - a.reviews.length)
    .map(([value, group]) => ({
      id: `${groupBy} ${value}`,
      ...group,
      common: commonWords(group.reviews, groupBy),
    }));
}

/** Returns the one value that all reviews share; undefined if they differ or one has none. */
function shared<T>(reviews: readonly Review[], valueOf: (review: Review) => T | null): T | undefined {
  const [first] = reviews;
  const value = first === undefined ? null : valueOf(first);
  return value !== null && reviews.every((review) => valueOf(review) === value) ? value : undefined;
}

const agentOf = ({ callers }: Review): string | null => callers[0]?.userAgent ?? null;

/** Returns for example `38 addresses of 4 networks, all from Germany, all with python-requests/2.31`. */
export function commonWords(reviews: readonly Review[], groupBy: GroupBy = 'none'): string {
  const networks = new Set(reviews.map(({ asn, asName }) => asn ?? asName ?? ''));
  const keys = new Set(reviews.map(({ keyId }) => keyId));
  const addresses = reviews.reduce((sum, { addressCount }) => sum + addressCount, 0);
  const all = reviews.length === 1 ? '' : 'all ';
  const country = groupBy === 'country' ? undefined : shared(reviews, (review) => review.country);
  const network =
    groupBy === 'network'
      ? undefined
      : shared(reviews, (review) => networkName(review.asn, review.asName) ?? null);
  const keyName = groupBy === 'key' ? undefined : shared(reviews, (review) => review.keyName);
  const agent = shared(reviews, agentOf);
  const isSpread = networks.size > 1 && groupBy !== 'network';
  return [
    countOf(addresses, 'address', 'addresses') + (isSpread ? ` of ${countOf(networks.size, 'network')}` : ''),
    ...(network === undefined ? [] : [`${all}in ${network}`]),
    ...(country === undefined ? [] : [`${all}from ${countryName(country)}`]),
    ...(keyName === undefined || keys.size > 1 ? [] : [`${all}with the key “${keyName}”`]),
    ...(groupBy !== 'key' && keys.size > 1 ? [countOf(keys.size, 'key')] : []),
    ...(agent === undefined ? [] : [`${all}with ${agentWords(agent)}`]),
  ].join(', ');
}
