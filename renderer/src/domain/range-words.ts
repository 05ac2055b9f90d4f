import type { Range, RangeSource } from '#shared/domain/entities';

export const SOURCE_WORDS: Readonly<Record<RangeSource, string>> = {
  manual: 'Added by hand',
  learning: 'Learned',
  automatic: 'Trust review',
  approval: 'Approved question',
  denial: 'Denied question',
  import: 'Imported',
};

/** Whether a range is past its expiry and not matched any more. */
export const isExpired = (range: Pick<Range, 'expiresAt'>, nowMs: number): boolean =>
  range.expiresAt !== null && Date.parse(range.expiresAt) <= nowMs;

const FULL_PREFIX = /\/(?:32|128)$/;

/** A range as a person would say it: one address without its prefix length, anything wider with it. */
export const spokenCidr = (cidr: string): string =>
  cidr.endsWith('/128') || (cidr.endsWith('/32') && !cidr.includes(':'))
    ? cidr.replace(FULL_PREFIX, '')
    : cidr;
