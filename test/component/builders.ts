import type { Account, Attempt, Key, Range, Review } from '#shared/domain/entities';
import type { Bootstrap, MirrorSnapshot, ServiceRef } from '#shared/ipc/contract';

/** Builders of entities: a plain, valid one, and what a test changes about it. */

/** The time at which component tests play, in local time so that texts do not depend on the machine's zone. */
export const NOW = new Date(2026, 10, 24, 14, 2, 11);

export const minutesAgo = (minutes: number): string =>
  new Date(NOW.getTime() - minutes * 60_000).toISOString();

const ULID_DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID whose order is the order of `index`. */
export function ulid(index: number): string {
  let text = '';
  for (let rest = index, position = 0; position < 16; position += 1) {
    text = (ULID_DIGITS[rest % 32] ?? '0') + text;
    rest = Math.floor(rest / 32);
  }
  return `01JDEXAMPE${text}`;
}

export const KEY_ID = ulid(1);

export const key = (change: Partial<Key> = {}): Key => ({
  id: KEY_ID,
  name: 'Billing worker',
  prefix: 'gh_live_4f2a',
  status: 'active',
  createdAt: minutesAgo(60 * 24 * 40),
  lastUsedAt: minutesAgo(3),
  rotatedAt: null,
  ...change,
});

export const range = (change: Partial<Range> = {}): Range => ({
  id: ulid(100),
  cidr: '198.51.100.0/24',
  effect: 'authorize',
  label: 'Office',
  source: 'manual',
  keyId: null,
  createdAt: minutesAgo(60 * 24 * 3),
  createdBy: 'owner@example.com',
  expiresAt: null,
  version: 1,
  lastUsedAt: minutesAgo(12),
  uses: 12_345,
  ...change,
});

export const review = (change: Partial<Review> = {}): Review => ({
  id: ulid(200),
  ip: '203.0.113.9',
  keyId: KEY_ID,
  keyName: 'Billing worker',
  status: 'pending',
  reason: 'unknown',
  firstAt: minutesAgo(30),
  lastAt: minutesAgo(2),
  count: 14,
  score: null,
  evidence: [],
  suggestedCidr: '203.0.113.0/24',
  country: null,
  asn: null,
  asName: null,
  decidedBy: null,
  decidedAt: null,
  rangeId: null,
  version: 1,
  ...change,
});

export const attempt = (index: number, change: Partial<Attempt> = {}): Attempt => ({
  id: ulid(10_000 + index),
  seq: index,
  ip: '198.51.100.7',
  keyId: KEY_ID,
  keyName: 'Billing worker',
  verdict: 'allowed',
  reason: 'authorized',
  rangeId: ulid(100),
  reviewId: null,
  firstAt: minutesAgo(10),
  lastAt: minutesAgo(10),
  count: 1,
  method: 'GET',
  path: '/v1/orders',
  userAgent: 'billing/2.4',
  country: null,
  asn: null,
  asName: null,
  ...change,
});

export const account = (change: Partial<Account> = {}): Account => ({
  id: ulid(2),
  name: 'Example',
  mode: 'manual',
  learning: null,
  revision: 7,
  grants: { ipv4PrefixLength: 24, ipv6PrefixLength: 64 },
  me: { userId: ulid(3), email: 'owner@example.com', role: 'owner', permissions: [] },
  ...change,
});

export const embedded: ServiceRef = { kind: 'embedded', url: 'http://127.0.0.1:8787' };
export const remote: ServiceRef = { kind: 'remote', url: 'https://gatehouse.example.com' };

export const snapshot = (change: Partial<MirrorSnapshot> = {}): MirrorSnapshot => ({
  version: 1,
  connection: { kind: 'online', service: embedded, since: minutesAgo(90) },
  lastSyncAt: minutesAgo(0),
  account: account(),
  ranges: [range()],
  reviews: [],
  keys: [key()],
  ...change,
});

export const bootstrap = (change: Partial<Bootstrap> = {}): Bootstrap => ({
  appVersion: '0.1.0',
  platform: 'linux',
  electronVersion: '45.4.1',
  trialRuntime: null,
  vault: { encrypted: true, reason: null },
  notices: [],
  ...change,
});
