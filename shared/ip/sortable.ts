import type { IpAddress } from './address';

/**
 * Returns a text whose byte order is the order of addresses, within a family and across (IPv4 first): `4` and 8 hex digits,
 * or `6` and 32, lower case. An ordinary index of a database then finds the addresses of a network between the texts of its
 * first and last address, in every collation that has ASCII digits before letters.
 */
export function sortableAddress(address: IpAddress): string {
  const digits = address.value.toString(16);
  return address.family === 4 ? `4${digits.padStart(8, '0')}` : `6${digits.padStart(32, '0')}`;
}
