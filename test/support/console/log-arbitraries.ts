import fc from 'fast-check';
import type { AttemptFilter } from '#shared/domain/attempt-filter';
import { makeAttempt } from './builders';

/** Rows and filters with so few values that filters match, alone and combined. */

const KEYS = ['01J00000000000000000000001', '01J00000000000000000000002'] as const;

export const attemptArbitrary = fc
  .record({
    ip: fc.constantFrom(
      '203.0.113.9',
      '203.0.113.200',
      '10.0.0.1',
      '2001:db8::1',
      '2001:db8:1::7',
      // What a flood leaves.
      '203.0.0.0/16',
      '2001:db8::/32',
    ),
    keyId: fc.constantFrom(...KEYS),
    verdict: fc.constantFrom('allowed', 'blocked'),
    reason: fc.constantFrom('authorized', 'unknown', 'denied'),
    country: fc.constantFrom(null, 'DE', 'FR'),
    asn: fc.constantFrom(null, 64_500),
    count: fc.integer({ min: 1, max: 9 }),
    method: fc.constantFrom(null, 'GET', 'POST'),
    path: fc.constantFrom(null, '/orders', '/Ärger', '/a_b', '/100%'),
    userAgent: fc.constantFrom(null, 'curl/8', 'CURL/9'),
  })
  .map((fields) => makeAttempt(fields));

const FIELDS = [
  'verdict',
  'reason',
  'keyId',
  'country',
  'asn',
  'method',
  'ip',
  'text',
  'fromMs',
  'toMs',
] as const;

/** At most three fields, so that something is left to match. */
export function filterArbitrary(times: fc.Arbitrary<number>): fc.Arbitrary<AttemptFilter> {
  const whole = fc.record({
    verdict: fc.constantFrom('allowed', 'blocked'),
    reason: fc.constantFrom('authorized', 'unknown', 'denied'),
    keyId: fc.constantFrom(...KEYS),
    country: fc.constantFrom('DE', 'FR', ''),
    asn: fc.constantFrom(64_500, 64_501, 0),
    method: fc.constantFrom('GET', 'DELETE', ''),
    ip: fc.constantFrom(
      '203.0.113.0/24',
      '203.0.113.9',
      '203.0.0.0',
      '2001:db8::/32',
      '10.0.0.0-203.0.113.100',
      '0.0.0.0/0',
      'nonsense',
    ),
    text: fc.constantFrom('orders', 'ÄRGER', 'curl', '_', '%', '10.0', ''),
    fromMs: times,
    toMs: times,
  });
  return fc
    .tuple(whole, fc.subarray([...FIELDS], { maxLength: 3 }))
    .map(([values, fields]) => Object.fromEntries(fields.map((field) => [field, values[field]])));
}
