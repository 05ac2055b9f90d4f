import { cidrContains, parseCidr, type Cidr, type IpAddress } from '#shared/ip/index';

/** Addresses that no caller on the public internet has. */
interface ReservedNetwork {
  readonly cidr: Cidr;
  readonly text: string;
  /** The purpose, as it follows "an address". */
  readonly purpose: string;
  /** True if callers inside a private network or behind a translator can have such an address. */
  readonly canCall: boolean;
}

/**
 * The IANA registries of special-purpose addresses (RFC 6890 and its updates), with multicast:
 * https://www.iana.org/assignments/iana-ipv4-special-registry and
 * https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const TABLE: readonly (readonly [cidr: string, purpose: string, canCall: boolean])[] = [
  ['0.0.0.0/8', 'of "this network", which nobody calls from', false],
  ['10.0.0.0/8', 'for private networks', true],
  ['100.64.0.0/10', "for the inside of providers' networks", true],
  ['127.0.0.0/8', 'of this computer itself', true],
  ['169.254.0.0/16', 'for a single link', true],
  ['172.16.0.0/12', 'for private networks', true],
  ['192.0.0.0/24', 'for protocols', false],
  ['192.0.2.0/24', 'for documentation', true],
  ['192.88.99.0/24', 'of withdrawn 6to4 relays', false],
  ['192.168.0.0/16', 'for private networks', true],
  ['198.18.0.0/15', 'for measurements', true],
  ['198.51.100.0/24', 'for documentation', true],
  ['203.0.113.0/24', 'for documentation', true],
  ['224.0.0.0/4', 'for multicast, which nobody calls from', false],
  ['240.0.0.0/4', 'for the future, which nobody calls from', false],
  ['::/128', 'of nobody', false],
  ['::1/128', 'of this computer itself', true],
  // IANA assigns IPv6 addresses from 2000::/3 only. The low end also holds embedded IPv4 addresses (the mapped form and
  // 64:ff9b::/96 have been converted to IPv4 before).
  ['::/3', 'that is given to nobody', false],
  ['4000::/2', 'that is given to nobody', false],
  ['8000::/1', 'that is given to nobody', false],
  ['64:ff9b:1::/48', 'that a translator gives to an IPv4 caller', true],
  ['100::/64', 'to be discarded', false],
  ['2001::/32', 'of a Teredo tunnel, which hides an IPv4 caller', true],
  ['2001:2::/48', 'for measurements', true],
  ['2001:10::/28', 'for protocols', false],
  ['2001:20::/28', 'for protocols', false],
  ['2001:db8::/32', 'for documentation', true],
  ['2002::/16', 'of a 6to4 tunnel, which hides an IPv4 caller', true],
  ['3fff::/20', 'for documentation', true],
  ['5f00::/16', 'for routing inside a network', false],
  ['fc00::/7', 'for private networks', true],
  ['fe80::/10', 'for a single link', true],
  ['fec0::/10', 'for private networks, withdrawn', true],
  ['ff00::/8', 'for multicast, which nobody calls from', false],
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
