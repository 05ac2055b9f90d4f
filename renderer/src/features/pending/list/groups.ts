import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { formatCidr, parseAddress, subnetAround } from '#shared/ip/index';
import { countryName, networkName } from '#shared/words';
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

function networkOf({ asn, asName }: Review): string {
  return asn === null ? (asName ?? '') : `${asn}`;
}

/** How reviews are grouped: by a value, which is read of each, and a title, which is written once for each group. */
const PROPERTIES: Readonly<
  Record<
    Exclude<GroupBy, 'none'>,
    { readonly valueOf: (review: Review) => string; readonly titleOf: (review: Review) => string }
  >
> = {
  key: { valueOf: ({ keyId }) => keyId, titleOf: ({ keyName }) => keyName },
  network: {
    valueOf: networkOf,
    titleOf: ({ asn, asName }) => networkName(asn, asName) ?? t('pending.networkNotKnown'),
  },
  country: {
    valueOf: ({ country }) => country ?? '',
    titleOf: ({ country }) => (country === null ? t('pending.countryNotKnown') : countryName(country)),
  },
  subnet: { valueOf: subnetOf, titleOf: subnetOf },
};

/** Groups reviews in one pass: the largest group first, and each in the order of the list. */
export function groupReviews(
  reviews: readonly Review[],
  groupBy: Exclude<GroupBy, 'none'>,
): readonly Group[] {
  const { valueOf, titleOf } = PROPERTIES[groupBy];
  const groups = new Map<string, { readonly title: string; readonly reviews: Review[] }>();
  for (const review of reviews) {
    const value = valueOf(review);
    const group = groups.get(value);
    if (group === undefined) groups.set(value, { title: titleOf(review), reviews: [review] });
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

function agentOf({ callers }: Review): string | null {
  return callers[0]?.userAgent ?? null;
}

/** Returns for example `38 addresses of 4 networks, all from Germany, all with python-requests/2.31`. */
export function commonWords(reviews: readonly Review[], groupBy: GroupBy = 'none'): string {
  const [first] = reviews;
  if (first === undefined) return '';
  const networks = new Set(reviews.map(networkOf));
  const keys = new Set(reviews.map(({ keyId }) => keyId));
  const count = reviews.reduce((sum, { addressCount }) => sum + addressCount, 0);
  const are = reviews.length === 1 ? 'one' : 'same';
  const network = networks.size > 1 ? undefined : networkName(first.asn, first.asName);
  const country = shared(reviews, (review) => review.country);
  const agent = shared(reviews, agentOf);
  return [
    networks.size > 1
      ? t('pending.addressesOf', { count, networks: t('pending.networks', { count: networks.size }) })
      : t('pending.addresses', { count }),
    ...(groupBy === 'network' || network === undefined ? [] : [t(`pending.${are}Network`, { network })]),
    ...(groupBy === 'country' || country === undefined
      ? []
      : [t(`pending.${are}Country`, { country: countryName(country) })]),
    ...(groupBy === 'key' || keys.size > 1 ? [] : [t(`pending.${are}Key`, { key: first.keyName })]),
    ...(keys.size > 1 ? [t('pending.withKeys', { count: keys.size })] : []),
    ...(agent === undefined ? [] : [t(`pending.${are}Agent`, { agent: agentWords(agent) })]),
  ].join(', ');
}
