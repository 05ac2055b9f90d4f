/** Text of addresses and ranges, its canonical form, and arithmetic on networks. Pure. */
export { addressBits, carriesIpv4, type IpAddress, type IpFamily } from './address';
export {
  addressCount,
  anyContains,
  type Cidr,
  cidrContains,
  cidrContainsCidr,
  cidrOf,
  cidrsOverlap,
  hostCidrOf,
  compareCidrs,
  firstAddress,
  lastAddress,
  subnetAround,
  type SubnetPrefixLengths,
} from './cidr';
export { cidrsCovering } from './cover';
export {
  IP_TEXT_ERROR_CODES,
  type IpTextError,
  type IpTextErrorCode,
  type IpTextFailure,
  MAX_IP_TEXT_LENGTH,
} from './error';
export { formatAddress, formatCidr } from './format';
export { type AddressResult, parseAddress } from './parse-address';
export { parseCidr } from './parse-cidr';
export { parseRangeText, type RangeTextOptions } from './parse-range-text';
export type { RangeText, RangeTextNote, RangeTextResult } from './range-text';
export { sortableAddress } from './sortable';
export { AddressSum, isTooWide, WIDEST_PREFIX_LENGTHS } from './too-wide';
