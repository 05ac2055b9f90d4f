/** Text that means an address or a range, its canonical form, and arithmetic on networks. Pure. */
export { addressBits, type IpAddress, type IpFamily } from './address.ts';
export {
  addressCount,
  type Cidr,
  cidrContains,
  cidrContainsCidr,
  cidrOf,
  cidrsOverlap,
  compareCidrs,
  firstAddress,
  lastAddress,
  subnetAround,
  type SubnetPrefixLengths,
} from './cidr.ts';
export { cidrsCovering } from './cover.ts';
export {
  IP_TEXT_ERROR_CODES,
  type IpTextError,
  type IpTextErrorCode,
  type IpTextFailure,
  MAX_IP_TEXT_LENGTH,
} from './error.ts';
export { formatAddress, formatCidr } from './format.ts';
export { type AddressResult, parseAddress } from './parse-address.ts';
export { parseCidr } from './parse-cidr.ts';
export {
  isTooWide,
  parseRangeText,
  type RangeTextOptions,
  WIDEST_PREFIX_LENGTHS,
} from './parse-range-text.ts';
export type { RangeText, RangeTextNote, RangeTextResult } from './range-text.ts';
export { sortableAddress } from './sortable.ts';
