import { addressBits, formatAddress, parseCidr } from '#shared/ip/index';
import type { Random } from './random';

/** A network of one country. A test compares it with the country file that is installed with the service. */
export interface Network {
  readonly country: string;
  readonly cidr: string;
}

export const OFFICE_LINES = {
  madrid: { country: 'ES', cidr: '80.58.0.0/15' },
  lyon: { country: 'FR', cidr: '92.128.0.0/11' },
  berlin: { country: 'DE', cidr: '84.128.0.0/10' },
  berlinIpv6: { country: 'DE', cidr: '2003:e4::/32' },
  partner: { country: 'NL', cidr: '145.96.0.0/15' },
} as const satisfies Record<string, Network>;

/** Mobile carriers, as small as a trust review knows neighbourhoods. */
export const CARRIERS = {
  spain: { country: 'ES', cidr: '37.14.0.0/16' },
  france: { country: 'FR', cidr: '92.184.0.0/16' },
  germany: { country: 'DE', cidr: '80.187.0.0/16' },
  britain: { country: 'GB', cidr: '82.132.128.0/17' },
} as const satisfies Record<string, Network>;

/** Carriers abroad, which phones use on a journey. */
export const ABROAD: readonly Network[] = [
  { country: 'PT', cidr: '89.180.0.0/15' },
  { country: 'IT', cidr: '151.16.0.0/12' },
  { country: 'US', cidr: '172.32.0.0/11' },
  { country: 'NL', cidr: '86.80.0.0/13' },
];

/** One region of a large cloud. */
export const CLOUD_REGION: readonly Network[] = [
  { country: 'IE', cidr: '52.208.0.0/16' },
  { country: 'IE', cidr: '34.244.0.0/16' },
];

/** Where somebody tries keys for days, until the whole network is denied. */
export const SCANNER: Network = { country: 'VN', cidr: '14.170.0.0/16' };

/** Access providers all over the world, whose lines are rented out as proxies. */
export const STRANGERS: readonly Network[] = [
  { country: 'VN', cidr: '14.160.0.0/11' },
  { country: 'RU', cidr: '95.24.0.0/13' },
  { country: 'NG', cidr: '102.88.0.0/13' },
  { country: 'TR', cidr: '78.160.0.0/11' },
  { country: 'TH', cidr: '171.96.0.0/13' },
  { country: 'IN', cidr: '117.192.0.0/10' },
  { country: 'EG', cidr: '156.160.0.0/11' },
  { country: 'PK', cidr: '39.32.0.0/11' },
  { country: 'CO', cidr: '181.48.0.0/13' },
  { country: 'KR', cidr: '211.224.0.0/13' },
];

export function addressIn(network: Network, random: Random): string {
  const cidr = parseCidr(network.cidr);
  if (cidr === undefined) throw new Error(`${network.cidr} is no network`);
  const { family, base, prefixLength } = cidr;
  let value = 0n;
  for (let bits = prefixLength; bits < addressBits(family); bits += 1) {
    value = (value << 1n) | BigInt(random.below(2));
  }
  return formatAddress({ family, value: base | value });
}
