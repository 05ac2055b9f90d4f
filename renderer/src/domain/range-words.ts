import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';

/** Returns the range with its label, if it has one. */
export function rangeName({ cidr, label }: Pick<Range, 'cidr' | 'label'>): string {
  return label === '' ? cidr : `${cidr} (${label})`;
}

/** Returns the first texts, and how many more there are. */
export function listed(texts: readonly string[], most: number, separator: string): string {
  const list = texts.slice(0, most).join(separator);
  return texts.length > most ? t('words.andMore', { list, number: texts.length - most }) : list;
}

const FULL_PREFIX = /\/(?:32|128)$/;

/** Omits the prefix length of a single address. */
export function spokenCidr(cidr: string): string {
  return cidr.endsWith('/128') || (cidr.endsWith('/32') && !cidr.includes(':'))
    ? cidr.replace(FULL_PREFIX, '')
    : cidr;
}
