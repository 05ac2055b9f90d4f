import type { Attempt, Reason, Verdict } from '#shared/domain/entities';
import { DAY_MS } from '#shared/durations';
import { idAt } from '#test/support/service/log-rows';
import { randomFrom } from '#demo/traffic/random';

const DAYS = 30;
const SERVERS = 400;
const STRANGERS = 30_000;
const NETWORKS = 300;
const STRANGE_REASONS: readonly Reason[] = ['untrusted', 'untrusted', 'unknown', 'denied'];

/** The frequent countries often. Each network is in one of them. */
const COUNTRIES = ['DE', 'DE', 'DE', 'DE', 'FR', 'FR', 'US', 'US', 'GB', 'NL', 'ES', 'IT', 'PL', 'SE', 'AT'];

/** A word that a handful of paths has. */
export const RARE_WORD = 'invoices-of-1999';
const RARE_ONE_IN = 20_000;

export const KEY_IDS = Array.from({ length: 20 }, (_, index) => idAt(1_700_000_000_000, index));

/**
 * A log of 30 days: seven of ten rows come from 400 servers that call all day, the rest from 30,000 addresses of 300 networks
 * that are blocked. Some keys are used much more than others.
 */
export function* logRows(count: number, untilMs: number): Generator<Attempt> {
  const random = randomFrom('7');
  const startMs = untilMs - DAYS * DAY_MS;
  for (let number = 0; number < count; number += 1) {
    const firstMs = Math.floor(startMs + (number / count) * DAYS * DAY_MS);
    const isServer = random.below(10) < 7;
    const host = isServer ? random.below(SERVERS) : SERVERS + random.below(STRANGERS);
    const network = host % NETWORKS;
    const key = Math.min(random.below(KEY_IDS.length), random.below(KEY_IDS.length));
    const verdict: Verdict = isServer ? 'allowed' : 'blocked';
    const path = number % RARE_ONE_IN === 7 ? RARE_WORD : random.pick(['smtp/email', 'contacts', 'account']);
    yield {
      id: idAt(firstMs, number),
      seq: number,
      ip: `${isServer ? 10 : 20 + (host % 180)}.${host >> 16}.${(host >> 8) & 255}.${host & 255}`,
      keyId: KEY_IDS[key] ?? '',
      keyName: `Production ${key}`,
      verdict,
      reason: isServer ? 'authorized' : random.pick(STRANGE_REASONS),
      wouldBe: null,
      rangeId: null,
      reviewId: null,
      firstAt: new Date(firstMs).toISOString(),
      lastAt: new Date(firstMs + random.below(60_000)).toISOString(),
      count: 1 + random.below(20),
      method: random.pick(['GET', 'GET', 'GET', 'POST', 'DELETE']),
      path: `/v3/${path}/${random.below(1_000)}`,
      userAgent: `python-requests/2.${random.below(32)}.0 (integration ${random.below(50)})`,
      country: COUNTRIES[network % COUNTRIES.length] ?? null,
      asn: 64_500 + network,
      asName: `Example Network ${network} Ltd`,
    };
  }
}
