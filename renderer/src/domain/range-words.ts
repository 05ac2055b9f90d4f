import type { Range } from '#shared/domain/entities';
import { SOMETHING_NEW } from './reasons';

export const SOURCE_WORDS: Readonly<Record<Range['source'], string>> = {
  manual: 'Added by hand',
  learning: 'Learned',
  automatic: 'Trust review',
  approval: 'Authorized in a review',
  denial: 'Denied in a review',
  import: 'Imported',
  unrecognised: SOMETHING_NEW,
};

const FULL_PREFIX = /\/(?:32|128)$/;

/** Omits the prefix length of a single address. */
export function spokenCidr(cidr: string): string {
  return cidr.endsWith('/128') || (cidr.endsWith('/32') && !cidr.includes(':'))
    ? cidr.replace(FULL_PREFIX, '')
    : cidr;
}
