import { formatAddressCount } from '#shared/domain/address-count';
import { cidrOfRange, isExpired } from '#shared/domain/deciding-range';
import type { Key, Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { addressCount } from '#shared/ip/index';
import { capital, formatAgo, formatUntil } from '../../../ui/format';

export function sourceWords({ source }: Range): string {
  return t(`ranges.source_${source}`);
}

export function authorWords({ createdBy }: Range): string {
  return createdBy === 'system' ? t('ranges.byService') : t('ranges.by', { author: createdBy });
}

export function keyWords(keys: ReadonlyMap<string, Key>, keyId: string | null): string {
  return keyId === null ? t('ranges.allKeys') : (keys.get(keyId)?.name ?? t('ranges.removedKey'));
}

/** Returns the number of addresses in a range, in text. */
export function sizeWords(range: Range): string {
  const cidr = cidrOfRange(range);
  if (cidr === undefined) return t('ranges.unknownSize');
  const count = addressCount(cidr);
  return count === 1n ? t('ranges.oneAddress') : t('ranges.addresses', { number: formatAddressCount(count) });
}

export function expiryWords(range: Range, nowMs: number): string {
  return range.expiresAt === null
    ? t('ranges.never')
    : isExpired(range, nowMs)
      ? t('ranges.expired', { moment: formatAgo(range.expiresAt, nowMs) })
      : capital(formatUntil(range.expiresAt, nowMs));
}

export function usedWords({ lastUsedAt, uses }: Range, nowMs: number): string {
  return lastUsedAt === null
    ? t('ranges.neverUsedAtAll')
    : t('ranges.lastUsedAt', { moment: formatAgo(lastUsedAt, nowMs), count: uses });
}
