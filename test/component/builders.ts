import type { Failure } from '#shared/ipc/failure';
import type { AccountList, AccountSummary } from '#shared/ipc/accounts';
import type { Account, Attempt, Key, Range, Review } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import type { Bootstrap } from '#shared/ipc/app';
import type { Connection, ServiceRef } from '#shared/ipc/connection';
import type { MirrorSnapshot } from '#shared/ipc/mirror';
import type { SyncStatus } from '#shared/ipc/outbox';
import type { DesktopState } from '#shared/ipc/desktop';
import type { NetworkState } from '#shared/ipc/network';
import { defaultNotificationPreferences, type NotificationState } from '#shared/ipc/notifications';
import { makeAccount, makeAttempt, makeKey, makeRange, makeReview } from '#test/support/console/builders';

/** The shared builders' entities, as these tests want to see them, and what a test changes about them. */

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

export const key = (change: Partial<Key> = {}): Key =>
  makeKey({
    id: KEY_ID,
    name: 'Billing worker',
    prefix: 'gh_live_4f2a',
    createdAt: minutesAgo(60 * 24 * 40),
    lastUsedAt: minutesAgo(3),
    ...change,
  });

export const range = (change: Partial<Range> = {}): Range =>
  makeRange({
    id: ulid(100),
    cidr: '198.51.100.0/24',
    label: 'Office',
    createdAt: minutesAgo(60 * 24 * 3),
    lastUsedAt: minutesAgo(12),
    uses: 12_345,
    ...change,
  });

export const review = (change: Partial<Review> = {}): Review =>
  makeReview({
    id: ulid(200),
    keyId: KEY_ID,
    keyName: 'Billing worker',
    firstAt: minutesAgo(30),
    lastAt: minutesAgo(2),
    count: 14,
    ...change,
  });

export const attempt = (index: number, change: Partial<Attempt> = {}): Attempt =>
  makeAttempt({
    id: ulid(10_000 + index),
    seq: index,
    ip: '198.51.100.7',
    keyId: KEY_ID,
    keyName: 'Billing worker',
    verdict: 'allowed',
    reason: 'authorized',
    rangeId: ulid(100),
    firstAt: minutesAgo(10),
    lastAt: minutesAgo(10),
    path: '/v1/orders',
    userAgent: 'billing/2.4',
    ...change,
  });

export const account = (change: Partial<Account> = {}): Account =>
  makeAccount({
    id: ulid(2),
    name: 'Example',
    revision: 7,
    me: { userId: ulid(3), email: 'owner@example.com', role: 'owner', permissions: [] },
    ...change,
  });

export const embedded: ServiceRef = { kind: 'embedded', url: 'http://127.0.0.1:8787' };
export const remote: ServiceRef = { kind: 'remote', url: 'https://gatehouse.example.com' };

/** The service of this computer has been away for five minutes. */
export const unreachable: Connection = {
  kind: 'unreachable',
  service: embedded,
  since: minutesAgo(5),
  message: 'Nothing answers.',
};

/** No operation is on its way. */
export const quiet: SyncStatus = {
  waiting: 0,
  conflicts: 0,
  needsConfirmation: 0,
  others: 0,
  pausedBecause: null,
  message: null,
};

export const OPERATION_ID = ulid(900);

export const snapshot = (change: Partial<MirrorSnapshot> = {}): MirrorSnapshot => ({
  shownId: 'first',
  version: 1,
  connection: { kind: 'online', service: embedded, since: minutesAgo(90) },
  lastSyncAt: minutesAgo(0),
  sync: quiet,
  clockOffsetMs: 0,
  account: account(),
  ranges: [range()],
  reviews: [],
  keys: [key()],
  sources: [],
  ...change,
});

export const summary = (change: Partial<AccountSummary> = {}): AccountSummary => ({
  id: 'first',
  name: 'Acme',
  service: embedded,
  connection: { kind: 'online', service: embedded, since: minutesAgo(60) },
  openReviews: 0,
  asking: 0,
  unsent: 0,
  ...change,
});

/** The accounts of this console, of which the first one is shown. */
export const accountList = (...accounts: readonly AccountSummary[]): AccountList => {
  const [first = summary(), ...others] = accounts;
  return { accounts: [first, ...others], shownId: first.id };
};

export const bootstrap = (change: Partial<Bootstrap> = {}): Bootstrap => ({
  appVersion: '0.1.0',
  platform: 'linux',
  electronVersion: '45.4.1',
  trialRuntime: null,
  keepsTokens: true,
  notices: [],
  ...change,
});

export const notifications = (change: Partial<NotificationState> = {}): NotificationState => ({
  preferences: defaultNotificationPreferences,
  mutedKeyIds: [],
  snoozedUntil: null,
  quiet: null,
  desktop: { supported: true, buttons: true },
  ...change,
});

export const network = (change: Partial<NetworkState> = {}): NetworkState => ({
  settings: { proxy: 'system', address: '', exceptions: '', userName: '', authorityFile: '' },
  password: 'none',
  route: null,
  ...change,
});

export const desktop = (change: Partial<DesktopState> = {}): DesktopState => ({
  settings: {
    startAtLogin: false,
    startHidden: true,
    closeToTray: true,
    menuEntry: false,
    language: 'system',
  },
  hasTray: true,
  canStartAtLogin: true,
  canHaveMenuEntry: true,
  language: 'en',
  ...change,
});

export const source = (change: Partial<Source> = {}): Source => ({
  id: ulid(700),
  kind: 'preset',
  spec: { preset: 'aws', services: ['S3'], regions: ['eu-west-1'] },
  effect: 'authorize',
  keyId: null,
  label: '',
  intervalSeconds: 43_200,
  rangeExpiresAt: null,
  allowWide: false,
  minSharePercent: 50,
  status: 'ok',
  lastTriedAt: minutesAgo(3),
  lastOkAt: minutesAgo(3),
  lastError: null,
  lastErrorCode: null,
  rangeCount: 42,
  lastChange: {
    at: minutesAgo(120),
    added: 4,
    dropped: 1,
    addedExamples: ['3.5.140.0/22', '3.5.144.0/22', '3.5.148.0/22', '3.5.152.0/22'],
    droppedExamples: ['52.92.0.0/22'],
  },
  nextAt: minutesAgo(-57),
  createdAt: minutesAgo(600),
  createdBy: 'owner@example.com',
  version: 1,
  ...change,
});

/** The refusal of an edit that would block one address, and the title of the question about it. */
export function wouldBlock(): Failure {
  const address = { ip: '203.0.113.7', keyId: KEY_ID, keyName: 'Billing worker' };
  const before = { verdict: 'allowed', reason: 'authorized' } as const;
  const after = { verdict: 'blocked', reason: 'unknown' } as const;
  const examples = [{ ...address, count: 3, lastAt: minutesAgo(5), before, after }];
  const impact = { addresses: 1, keys: 1, calls: 3, examples };
  return { kind: 'conflict', code: 'would_block', message: 'It would block.', current: null, impact };
}
export const WOULD_BLOCK = '1 address that called lately would be blocked';
