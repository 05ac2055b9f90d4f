import { t } from '../i18n/t';
import { formatCount } from '../words';

const LARGEST_SPELLED_OUT = 1n << 40n;

/** Formats a number of addresses: in digits up to 2^40, as a power of two above, rounded down with `about`. */
export function formatAddressCount(count: bigint): string {
  if (count <= LARGEST_SPELLED_OUT) return formatCount(count);
  const exponent = count.toString(2).length - 1;
  return count === 1n << BigInt(exponent) ? `2^${exponent}` : t('times.aboutPower', { exponent });
}
