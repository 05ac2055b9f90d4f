import { ulid } from 'ulid';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChangesResponse } from '#shared/api/contract';
import type { Account } from '#shared/domain/entities';
import { KEPT_ANSWERED_REVIEWS, OtherAccountError } from '#electron/core/sync/plan-answer';
import { Replica } from '#electron/core/sync/replica';
import type { AccountStore } from '#electron/core/store/account-store';
import {
  makeAccount,
  makeAttempt,
  makeKey,
  makeRange,
  makeReview,
  upsert,
} from '#test/support/console/builders';
import { RecordingPublisher } from '#test/support/console/fakes';
import { MemoryStores, TEST_SERVICE } from '#test/support/console/memory-store';

const NOW_MS = Date.parse('2026-01-15T12:00:00Z');

let stores: MemoryStores;
let store: AccountStore;
let publisher: RecordingPublisher;
let replica: Replica;
let account: Account;
let answers: number;

const answer = (fields: Partial<ChangesResponse>): ChangesResponse => {
  answers += 1;
  return { cursor: `c${answers}`, reset: false, changes: [], more: false, ...fields };
};
const apply = (fields: Partial<ChangesResponse>, atMs = NOW_MS): void =>
  replica.applyAnswer(answer(fields), atMs);
/** The store that is open. */
const openStore = (): AccountStore => {
  if (replica.store === null) throw new Error('no store is open');
  return replica.store;
};
/** The same console after a restart. */
const restarted = (): Replica => {
  const again = new Replica(stores, publisher);
  again.open(TEST_SERVICE, account.id);
  return again;
};
const ids = (entities: readonly { readonly id: string }[]): readonly string[] =>
  entities.map(({ id }) => id).sort();

beforeEach(() => {
  stores = new MemoryStores();
  publisher = new RecordingPublisher();
  replica = new Replica(stores, publisher);
  account = makeAccount();
  answers = 0;
  replica.adopt(TEST_SERVICE, account);
  store = openStore();
});

describe('a snapshot', () => {
  it('replaces what was there, only when it is complete', () => {
    const [kept, gone] = [makeRange(), makeRange({ cidr: '198.51.100.0/24' })];
    apply({ reset: true, changes: [upsert('range', kept), upsert('range', gone)] });
    const fresh = makeRange({ cidr: '192.0.2.0/24' });

    apply({ reset: true, more: true, changes: [upsert('range', kept)] });
    expect(ids(replica.snapshot().ranges)).toEqual(ids([kept, gone]));
    apply({ changes: [upsert('range', fresh)] });
    expect(ids(replica.snapshot().ranges)).toEqual(ids([kept, fresh]));
    expect(
      store.mirror
        .read('range')
        .rows.map((row) => row.value.id)
        .sort(),
    ).toEqual(ids([kept, fresh]));
  });

  it('goes on after a restart in the middle of it', () => {
    const [kept, gone] = [makeRange(), makeRange()];
    apply({ reset: true, changes: [upsert('range', kept), upsert('range', gone)] });
    apply({ reset: true, more: true, changes: [upsert('range', kept)] });

    replica = restarted();
    expect(replica.mirror.state.cursor).toBe('c2');
    apply({ changes: [] });
    expect(ids(replica.snapshot().ranges)).toEqual([kept.id]);
  });

  it('does not sweep what this console wrote while it was under way', () => {
    replica.mirror.pollBegins();
    const written = makeKey();
    replica.applyWritten(account.id, { keys: [written] });
    apply({ reset: true, changes: [] });
    expect(ids(replica.snapshot().keys)).toEqual([written.id]);

    replica.mirror.pollBegins();
    apply({ reset: true, changes: [] });
    expect(replica.snapshot().keys).toEqual([]);
  });

  it('tells the windows of nothing that it only confirms', () => {
    const range = makeRange();
    apply({ reset: true, changes: [upsert('range', range)] });
    const before = publisher.patches.length;
    apply({ reset: true, changes: [upsert('range', range)] }, NOW_MS + 1);
    const patch = publisher.patches[before];
    expect(patch).toMatchObject({ lastSyncAt: '2026-01-15T12:00:00.001Z' });
    expect(patch?.ranges?.removed ?? []).toEqual([]);
  });
});

describe('a snapshot of a restored service', () => {
  it('takes the place of what is newer here, because that is lost', () => {
    const [range, review] = [
      makeRange({ version: 3, label: 'lost' }),
      makeReview({ status: 'denied', version: 2 }),
    ];
    const key = makeKey({ status: 'revoked' });
    const changes = [upsert('range', range), upsert('review', review), upsert('key', key)];
    apply({ reset: true, changes: [...changes, upsert('account', { ...account, revision: 9 })] });
    const restored = {
      range: makeRange({ ...range, version: 2, label: 'restored' }),
      review: makeReview({ ...review, status: 'pending', version: 1 }),
      key: makeKey({ ...key, status: 'active' }),
    };
    replica.mirror.pollBegins();
    apply({
      reset: true,
      changes: [
        upsert('range', restored.range),
        upsert('review', restored.review),
        upsert('key', restored.key),
        upsert('account', account),
      ],
    });
    expect(replica.snapshot()).toMatchObject({
      account,
      ranges: [restored.range],
      reviews: [restored.review],
      keys: [restored.key],
    });
  });

  it('takes the place of what a write of before the restore has answered, also when it comes in the middle of another one', () => {
    replica.mirror.pollBegins();
    apply({ reset: true, more: true, changes: [] });
    const lost = makeKey();
    replica.applyWritten(account.id, { keys: [lost] });
    replica.mirror.pollBegins();
    apply({ reset: true, changes: [] });
    expect(replica.snapshot().keys).toEqual([]);
  });

  it('is not kept from that by an answer of the restored service that is older than what is known', () => {
    const lost = makeRange({ version: 3, label: 'lost' });
    apply({ reset: true, changes: [upsert('range', lost)] });
    replica.mirror.pollBegins();
    const restored = makeRange({ ...lost, version: 2, label: 'restored' });
    replica.applyWritten(account.id, { ranges: [restored] });
    apply({ reset: true, changes: [upsert('range', restored)] });
    expect(replica.snapshot().ranges).toEqual([restored]);
  });

  it('leaves nothing of the log that is lost, and tells the windows to load it again', () => {
    const kept = makeAttempt({ seq: 5, count: 9 });
    const lost = makeAttempt({ seq: 6, id: ulid(NOW_MS + 60_000) });
    apply({ reset: true, changes: [] });
    apply({ changes: [upsert('attempt', kept), upsert('attempt', lost)] });
    const before = publisher.payloads('log.replaced').length;
    const restored = { ...kept, seq: 2, count: 4 };
    apply({ reset: true, more: true, changes: [upsert('attempt', restored)] });
    expect(publisher.payloads('log.replaced')).toHaveLength(before);
    apply({ changes: [] });
    const log = openStore().attempts;
    expect(log.page({}, { before: null, from: null, limit: 9 })).toEqual([restored]);
    expect(publisher.payloads('log.replaced')).toHaveLength(before + 1);
    expect(publisher.payloads('audit.replaced')).toHaveLength(before + 1);
    expect(log.size).toBe(log.count());
  });

  it('that has the newest rows of the log alone leaves older ones, until the service says what there is', () => {
    const at = (ms: number) => ({ id: ulid(ms), lastAt: new Date(ms).toISOString() });
    const lost = makeAttempt({ ...at(NOW_MS - 7_200_000), seq: 3 });
    const kept = makeAttempt({ ...at(NOW_MS - 3_600_000), seq: 4 });
    const newest = makeAttempt({ ...at(NOW_MS), seq: 9 });
    apply({ reset: true, changes: [lost, kept].map((row) => upsert('attempt', row)) });
    apply({ reset: true, changes: [upsert('attempt', newest)], whole: { attempts: false, audit: true } });
    const log = openStore().attempts;
    expect(log.size).toBe(3);
    const restored = { ...kept, seq: 2, count: 7 };
    expect(replica.mirror.keepOlder(replica.mirror.logEdge, [newest, restored], true)).toBe(true);
    expect(log.page({}, { before: null, from: null, limit: 9 })).toEqual([newest, restored]);
  });

  it('that has all of the log leaves nothing else', () => {
    const lost = makeAttempt({ seq: 3, id: ulid(NOW_MS - 7_200_000) });
    apply({ reset: true, changes: [upsert('attempt', lost)] });
    const later = makeAttempt({ seq: 2 });
    apply({ reset: true, changes: [upsert('attempt', later)], whole: { attempts: true, audit: true } });
    expect(openStore().attempts.page({}, { before: null, from: null, limit: 9 })).toEqual([later]);
  });

  it('is fetched when the service has counted fewer changes of policy than are known', () => {
    apply({ reset: true, changes: [upsert('account', { ...account, revision: 9 })] });
    expect(replica.mirror.state.cursor).not.toBeNull();
    replica.adopt(TEST_SERVICE, { ...account, revision: 9 });
    expect(replica.mirror.state.cursor).not.toBeNull();
    replica.adopt(TEST_SERVICE, { ...account, revision: 8 });
    expect(replica.mirror.state.cursor).toBeNull();
  });
});

describe('changes', () => {
  it('are on disk with their cursor before a window hears of them', () => {
    const range = makeRange();
    let onDisk: readonly unknown[] = [];
    publisher.publish = () => {
      onDisk = [store.syncState.read().cursor, ...store.mirror.read('range').rows.map((r) => r.value.id)];
    };
    apply({ changes: [upsert('range', range)] });
    expect(onDisk).toEqual(['c1', range.id]);
  });

  it('are all there again after a restart', () => {
    const [range, review, key] = [makeRange(), makeReview(), makeKey()];
    apply({ changes: [upsert('range', range), upsert('review', review), upsert('key', key)] });
    const again = restarted().snapshot();
    expect(again).toMatchObject({ account, ranges: [range], reviews: [review], keys: [key] });
    expect(again.lastSyncAt).toBe('2026-01-15T12:00:00.000Z');
  });

  it('carry a version that grows by one with each patch', () => {
    const start = replica.snapshot().version;
    apply({ changes: [upsert('range', makeRange())] });
    apply({ changes: [upsert('key', makeKey())] });
    const versions = publisher.patches.slice(-2).map(({ version }) => version);
    expect(versions).toEqual([start + 1, start + 2]);
    expect(replica.snapshot().version).toBe(start + 2);
  });

  it('that fail to be written change nothing', () => {
    const before = replica.snapshot();
    store.syncState.write = () => {
      throw new Error('disk full');
    };
    const changes = [upsert('range', makeRange()), upsert('attempt', makeAttempt())];
    expect(() => apply({ changes })).toThrow('disk full');
    expect(replica.snapshot()).toEqual(before);
    expect(store.mirror.read('range').rows).toEqual([]);
    expect([store.attempts.size, store.attempts.count()]).toEqual([0, 0]);
  });

  it('keep the newest answered questions, and every open one', () => {
    const open = Array.from({ length: 3 }, () => makeReview());
    const answered = Array.from({ length: KEPT_ANSWERED_REVIEWS + 60 }, (_, index) =>
      makeReview({ status: 'denied', decidedAt: new Date(NOW_MS + index).toISOString() }),
    );
    apply({ changes: [...open, ...answered].map((review) => upsert('review', review)) });
    const kept = replica.reviews();
    expect(kept.filter(({ status }) => status === 'pending')).toHaveLength(3);
    expect(kept).toHaveLength(KEPT_ANSWERED_REVIEWS + 3);
    expect(kept.some(({ id }) => id === answered[0]?.id)).toBe(false);
    expect(kept.some(({ id }) => id === answered.at(-1)?.id)).toBe(true);
  });

  it('of the log reach the windows newest first, in portions', () => {
    const rows = Array.from({ length: 650 }, () => makeAttempt());
    apply({ changes: rows.map((row) => upsert('attempt', row)) });
    const portions = publisher.payloads('log.changed') as readonly { items: readonly { id: string }[] }[];
    expect(portions.map(({ items }) => items.length)).toEqual([300, 300, 50]);
    expect(portions[0]?.items[0]?.id).toBe(rows.at(-1)?.id);
  });
});

describe('an answer that is older than what this console wrote', () => {
  it.each([
    ['range', makeRange({ version: 2 }), { version: 1 }],
    ['review', makeReview({ status: 'authorized', version: 2 }), { status: 'pending', version: 1 }],
    ['key', makeKey({ status: 'revoked' }), { status: 'active' }],
    ['key', makeKey({ rotatedAt: '2026-01-15T12:00:00.000Z' }), { rotatedAt: null }],
  ] as const)('does not overwrite a %s', (kind, newer, olderFields) => {
    replica.applyWritten(account.id, { [`${kind}s`]: [newer] });
    apply({ changes: [upsert(kind, { ...newer, ...olderFields } as never)] });
    expect(replica.snapshot()[`${kind}s`]).toEqual([newer]);
  });

  it('does not overwrite the account', () => {
    const newer = { ...account, mode: 'deactivated' as const, revision: 7 };
    replica.applyWritten(account.id, { account: newer });
    apply({ changes: [upsert('account', account)] });
    expect(replica.snapshot().account).toEqual(newer);
  });
});

describe('another account', () => {
  it('takes the place of the first one, and nothing of that stays', () => {
    apply({ changes: [upsert('range', makeRange()), upsert('attempt', makeAttempt())] });
    store.announced.add('question', ['x'], 'single', NOW_MS);
    const before = replica.snapshot().version;
    const other = makeAccount();
    replica.adopt(TEST_SERVICE, other);

    expect(replica.snapshot()).toMatchObject({ account: other, ranges: [], lastSyncAt: null });
    expect(replica.mirror.state.cursor).toBeNull();
    expect(openStore().attempts.count()).toBe(0);
    expect([...openStore().announced.subjects('question')]).toEqual([]);
    // A gap, so that windows fetch a snapshot instead of patching the old account.
    const [first] = publisher.patches.filter(({ version }) => version > before);
    expect(first?.version).toBe(before + 2);
  });

  it('whose store cannot be opened leaves the first one as it was', () => {
    const range = makeRange();
    apply({ changes: [upsert('range', range)] });
    const close = vi.spyOn(store, 'close');
    vi.spyOn(stores, 'open').mockImplementation(() => {
      throw new Error('disk full');
    });
    const before = replica.snapshot();
    expect(() => replica.adopt(TEST_SERVICE, makeAccount())).toThrow('disk full');
    expect(replica.snapshot()).toEqual(before);
    expect([replica.store, close.mock.calls]).toEqual([store, []]);
  });

  it('finds what is its own when it comes back', () => {
    const range = makeRange();
    apply({ changes: [upsert('range', range)] });
    replica.adopt(TEST_SERVICE, makeAccount());
    replica.adopt(TEST_SERVICE, account);
    expect(replica.snapshot().ranges).toEqual([range]);
  });

  it('does not get what a late write of the first one answers', () => {
    const other = makeAccount();
    replica.adopt(TEST_SERVICE, other);
    replica.applyWritten(account.id, { ranges: [makeRange()] });
    expect(replica.snapshot().ranges).toEqual([]);
  });

  it('is recognised in the feed', () => {
    expect(() => apply({ changes: [upsert('account', makeAccount())] })).toThrow(OtherAccountError);
    expect(replica.snapshot().account).toEqual(account);
  });

  it('is not the same account with news about itself', () => {
    apply({ changes: [upsert('range', makeRange())] });
    replica.adopt(TEST_SERVICE, { ...account, mode: 'automatic', revision: 2 });
    expect(replica.snapshot().ranges).toHaveLength(1);
    expect(replica.snapshot().account?.mode).toBe('automatic');
  });
});

describe('a store with a row that cannot be read', () => {
  it('fetches a snapshot, and shows the rest until then', () => {
    const [good, bad] = [makeRange(), makeRange()];
    apply({ changes: [upsert('range', good), upsert('range', bad)] });
    store.database.run("UPDATE mirror SET body = '{' WHERE id = ?", [bad.id]);
    replica = restarted();
    expect(ids(replica.snapshot().ranges)).toEqual([good.id]);
    expect(replica.mirror.state.cursor).toBeNull();
  });
});

describe('how far the local log is complete', () => {
  it('is all of it when the snapshot had none', () => {
    apply({ reset: true, changes: [] });
    expect(replica.mirror.state.logCompleteFrom).toBe('');
  });

  it('is unknown until the snapshot has begun to tell', () => {
    expect(replica.mirror.state.logCompleteFrom).toBeNull();
    apply({ reset: true, more: true, changes: [upsert('range', makeRange())] });
    expect(replica.mirror.state.logCompleteFrom).toBeNull();
  });

  it('starts after the first row of the snapshot, whose neighbours may be missing', () => {
    // It was counted up late, so the feed has it although rows that began after it are not in the snapshot.
    const first = makeAttempt({ seq: 10, lastAt: '2026-01-15T12:00:30.000Z' });
    const later = makeAttempt({ seq: 11, lastAt: '2026-01-15T12:00:31.000Z' });
    apply({ reset: true, more: true, changes: [upsert('attempt', first), upsert('attempt', later)] });
    apply({ changes: [upsert('attempt', makeAttempt({ seq: 12, lastAt: '2026-01-15T13:00:00.000Z' }))] });
    const from = replica.mirror.state.logCompleteFrom ?? '';
    expect(from > later.id).toBe(true);
    expect(from).toHaveLength(26);
  });
});
