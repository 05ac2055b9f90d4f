import type { en } from '#shared/i18n/catalogue';
import { cidrContains, parseCidr, type Cidr, type IpAddress } from '#shared/ip/index';

/** The names of the purposes in the catalogue. */
type Purpose = keyof typeof en.evidence extends infer Name
  ? Name extends `purpose_${infer Each}`
    ? Each
    : never
  : never;

/** Addresses that no caller on the public internet has. */
interface ReservedNetwork {
  readonly cidr: Cidr;
  readonly text: string;
  readonly purpose: Purpose;
  /** True if callers inside a private network or behind a translator can have such an address. */
  readonly canCall: boolean;
}

/**
 * The IANA registries of special-purpose addresses (RFC 6890 and its updates), with multicast:
 * https://www.iana.org/assignments/iana-ipv4-special-registry and
 * https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const TABLE: readonly (readonly [cidr: string, purpose: Purpose, canCall: boolean])[] = [
  ['0.0.0.0/8', 'this', false],
  ['10.0.0.0/8', 'private', true],
  ['100.64.0.0/10', 'provider', true],
  ['127.0.0.0/8', 'loopback', true],
  ['169.254.0.0/16', 'link', true],
  ['172.16.0.0/12', 'private', true],
  ['192.0.0.0/24', 'protocols', false],
  ['192.0.2.0/24', 'documentation', true],
  ['192.88.99.0/24', 'relays', false],
  ['192.168.0.0/16', 'private', true],
  ['198.18.0.0/15', 'measurements', true],
  ['198.51.100.0/24', 'documentation', true],
  ['203.0.113.0/24', 'documentation', true],
  ['224.0.0.0/4', 'multicast', false],
  ['240.0.0.0/4', 'future', false],
  ['::/128', 'nobody', false],
  ['::1/128', 'loopback', true],
  // IANA assigns IPv6 addresses from 2000::/3 only. The low end also holds embedded IPv4 addresses (the mapped form and
  // 64:ff9b::/96 have been converted to IPv4 before).
  ['::/3', 'unassigned', false],
  ['4000::/2', 'unassigned', false],
  ['8000::/1', 'unassigned', false],
  ['64:ff9b:1::/48', 'translator', true],
  ['100::/64', 'discard', false],
  ['2001::/32', 'teredo', true],
  ['2001:2::/48', 'measurements', true],
  ['2001:10::/28', 'protocols', false],
  ['2001:20::/28', 'protocols', false],
  ['2001:db8::/32', 'documentation', true],
  ['2002::/16', '6to4', true],
  ['3fff::/20', 'documentation', true],
  ['5f00::/16', 'routing', false],
  ['fc00::/7', 'private', true],
  ['fe80::/10', 'link', true],
  ['fec0::/10', 'privateWithdrawn', true],
  ['ff00::/8', 'multicast', false],
];

const NETWORKS: readonly ReservedNetwork[] = TABLE.map(([text, purpose, canCall]) => {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new Error(`Not a network: ${text}`);
  return { cidr, text, purpose, canCall };
});

/** Returns the narrowest reserved network of an address; undefined for an ordinary public address. */
export function reservedNetworkOf(address: IpAddress): ReservedNetwork | undefined {
  let narrowest: ReservedNetwork | undefined;
  for (const network of NETWORKS) {
    if (!cidrContains(network.cidr, address)) continue;
    if (narrowest === undefined || network.cidr.prefixLength > narrowest.cidr.prefixLength)
      narrowest = network;
  }
  return narrowest;
}
