import type { Range } from '#shared/domain/entities';

/** Returns the range with its label, if it has one. */
export function rangeName({ cidr, label }: Pick<Range, 'cidr' | 'label'>): string {
  return label === '' ? cidr : `${cidr} (${label})`;
}

const FULL_PREFIX = /\/(?:32|128)$/;

/** Omits the prefix length of a single address. */
export function spokenCidr(cidr: string): string {
  return cidr.endsWith('/128') || (cidr.endsWith('/32') && !cidr.includes(':'))
    ? cidr.replace(FULL_PREFIX, '')
    : cidr;
}
