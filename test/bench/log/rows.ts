import type { Key } from '#shared/domain/entities';
import { idAt, type LogRow } from '#test/support/service/log-rows';
import { randomFrom } from '#demo/traffic/random';

const DAY_MS = 86_400_000;
const DAYS = 90;

/** Countries, the frequent ones often; the last one is rare. */
const COUNTRIES = ['DE', 'DE', 'DE', 'DE', 'FR', 'FR', 'US', 'US', 'GB', 'NL', 'ES', 'IT', 'PL', 'SE', 'AT'];
export const RARE_COUNTRY = 'NZ';
/** A word that only a handful of paths has. */
export const RARE_WORD = 'invoices-of-1999';

const RARE_ONE_IN = 20_000;

/**
 * A log as an account of some size has it after 90 days: seven of ten rows come from 400 servers that call all day,
 * the rest from addresses that were seen once (a scan, a leaked key), one key is hardly used, one country and one
 * word are rare.
 */
export function* benchRows(keys: readonly Key[], count: number, untilMs: number): Generator<LogRow> {
  const random = randomFrom('4');
  const startMs = untilMs - DAYS * DAY_MS;
  const [rareKey, ...usual] = keys;
  if (rareKey === undefined) throw new Error('the log needs keys');
  for (let number = 0; number < count; number += 1) {
    const firstAt = Math.floor(startMs + (number / count) * DAYS * DAY_MS);
    const isServer = random.below(10) < 7;
    const place = isServer ? random.below(400) : random.below(2 ** 32);
    const ip = isServer
      ? `10.${place >> 8}.${place & 255}.7`
      : [place >>> 24, (place >>> 16) & 255, (place >>> 8) & 255, place & 255].join('.');
    const isRare = number % RARE_ONE_IN === 7;
    const network = place % 300;
    yield {
      id: idAt(firstAt, number),
      ip,
      keyId: (isRare ? rareKey : random.pick(usual)).id,
      reason: isServer ? 'authorized' : random.pick(['untrusted', 'untrusted', 'unknown', 'denied'] as const),
      firstAt,
      lastAt: firstAt + random.below(60_000),
      count: 1 + random.below(20),
      path: isRare
        ? `/v3/${RARE_WORD}`
        : `/v3/${random.pick(['smtp/email', 'contacts', 'account'])}/${random.below(1000)}`,
      userAgent: `python-requests/2.${random.below(32)}.0 (integration ${random.below(50)})`,
      country: isRare ? RARE_COUNTRY : random.pick(COUNTRIES),
      asn: 64_500 + network,
      asName: `Example Network ${network} Ltd`,
    };
  }
}
