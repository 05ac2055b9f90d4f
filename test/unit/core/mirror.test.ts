import { ulid } from 'ulid';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeAttempt, makeKey, makeRange, makeReview, upsert } from '#test/support/console/builders';
import { TEST_SERVICE } from '#test/support/console/memory-store';
import { NOW_MS, ReplicaWorld } from '#test/support/console/replica-world';

let world: ReplicaWorld;
beforeEach(() => {
  world = new ReplicaWorld();
});
const apply = (...answer: Parameters<ReplicaWorld['apply']>): void => world.apply(...answer);
const ids = (entities: readonly { readonly id: string }[]): readonly string[] =>
  entities.map(({ id }) => id).sort();

describe('a snapshot', () => {
  it('replaces what was there, only when it is complete', () => {
    const [kept, gone] = [makeRange(), makeRange({ cidr: '198.51.100.0/24' })];
    apply({ reset: true, changes: [upsert('range', kept), upsert('range', gone)] });
    const fresh = makeRange({ cidr: '192.0.2.0/24' });

    apply({ reset: true, more: true, changes: [upsert('range', kept)] });
    expect(ids(world.replica.snapshot().ranges)).toEqual(ids([kept, gone]));
    apply({ changes: [upsert('range', fresh)] });
    expect(ids(world.replica.snapshot().ranges)).toEqual(ids([kept, fresh]));
    expect(
      world.store.mirror
        .read('range')
        .rows.map((row) => row.value.id)
        .sort(),
    ).toEqual(ids([kept, fresh]));
  });

  it('goes on after a restart in the middle of it', () => {
    const [kept, gone] = [makeRange(), makeRange()];
    apply({ reset: true, changes: [upsert('range', kept), upsert('range', gone)] });
    apply({ reset: true, more: true, changes: [upsert('range', kept)] });

    world.replica = world.restarted();
    expect(world.replica.mirror.state.cursor).toBe('c2');
    apply({ changes: [] });
    expect(ids(world.replica.snapshot().ranges)).toEqual([kept.id]);
  });

  it('does not sweep what this console wrote while it was under way', () => {
    world.replica.mirror.pollBegins();
    const written = makeKey();
    world.replica.applyWritten(world.account.id, { keys: [written] });
    apply({ reset: true, changes: [] });
    expect(ids(world.replica.snapshot().keys)).toEqual([written.id]);

    world.replica.mirror.pollBegins();
    apply({ reset: true, changes: [] });
    expect(world.replica.snapshot().keys).toEqual([]);
  });

  it('tells the windows of nothing that it only confirms', () => {
    const range = makeRange();
    apply({ reset: true, changes: [upsert('range', range)] });
    const before = world.publisher.patches.length;
    apply({ reset: true, changes: [upsert('range', range)] }, NOW_MS + 1);
    const patch = world.publisher.patches[before];
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
    apply({ reset: true, changes: [...changes, upsert('account', { ...world.account, revision: 9 })] });
    const restored = {
      range: makeRange({ ...range, version: 2, label: 'restored' }),
      review: makeReview({ ...review, status: 'pending', version: 1 }),
      key: makeKey({ ...key, status: 'active' }),
    };
    world.replica.mirror.pollBegins();
    apply({
      reset: true,
      changes: [
        upsert('range', restored.range),
        upsert('review', restored.review),
        upsert('key', restored.key),
        upsert('account', world.account),
      ],
    });
    expect(world.replica.snapshot()).toMatchObject({
      account: world.account,
      ranges: [restored.range],
      reviews: [restored.review],
      keys: [restored.key],
    });
  });

  it('takes the place of what a write of before the restore has answered, also when it comes in the middle of another one', () => {
    world.replica.mirror.pollBegins();
    apply({ reset: true, more: true, changes: [] });
    const lost = makeKey();
    world.replica.applyWritten(world.account.id, { keys: [lost] });
    world.replica.mirror.pollBegins();
    apply({ reset: true, changes: [] });
    expect(world.replica.snapshot().keys).toEqual([]);
  });

  it('is not kept from that by an answer of the restored service that is older than what is known', () => {
    const lost = makeRange({ version: 3, label: 'lost' });
    apply({ reset: true, changes: [upsert('range', lost)] });
    world.replica.mirror.pollBegins();
    const restored = makeRange({ ...lost, version: 2, label: 'restored' });
    world.replica.applyWritten(world.account.id, { ranges: [restored] });
    apply({ reset: true, changes: [upsert('range', restored)] });
    expect(world.replica.snapshot().ranges).toEqual([restored]);
  });

  it('leaves nothing of the log that is lost, and tells the windows to load it again', async () => {
    const kept = makeAttempt({ seq: 5, count: 9 });
    const lost = makeAttempt({ seq: 6, id: ulid(NOW_MS + 60_000) });
    apply({ reset: true, changes: [] });
    apply({ changes: [upsert('attempt', kept), upsert('attempt', lost)] });
    const before = world.publisher.payloads('log.replaced').length;
    const restored = { ...kept, seq: 2, count: 4 };
    apply({ reset: true, more: true, changes: [upsert('attempt', restored)] });
    expect(world.publisher.payloads('log.replaced')).toHaveLength(before);
    apply({ changes: [] });
    const log = world.store.attempts;
    expect(await world.store.log.page({}, { before: null, from: null, limit: 9 })).toEqual([restored]);
    expect(world.publisher.payloads('log.replaced')).toHaveLength(before + 1);
    expect(world.publisher.payloads('audit.replaced')).toHaveLength(before + 1);
    expect(log.size).toBe(log.count());
  });

  it('that has the newest rows of the log alone leaves older ones, until the service says what there is', async () => {
    const at = (ms: number) => ({ id: ulid(ms), lastAt: new Date(ms).toISOString() });
    const lost = makeAttempt({ ...at(NOW_MS - 7_200_000), seq: 3 });
    const kept = makeAttempt({ ...at(NOW_MS - 3_600_000), seq: 4 });
    const newest = makeAttempt({ ...at(NOW_MS), seq: 9 });
    apply({ reset: true, changes: [lost, kept].map((row) => upsert('attempt', row)) });
    apply({ reset: true, changes: [upsert('attempt', newest)], whole: { attempts: false, audit: true } });
    const log = world.store.attempts;
    expect(log.size).toBe(3);
    const restored = { ...kept, seq: 2, count: 7 };
    expect(world.replica.mirror.keepOlder(world.replica.mirror.logEdge, [newest, restored], true)).toBe(true);
    expect(await world.store.log.page({}, { before: null, from: null, limit: 9 })).toEqual([
      newest,
      restored,
    ]);
  });

  it('that has all of the log leaves nothing else', async () => {
    const lost = makeAttempt({ seq: 3, id: ulid(NOW_MS - 7_200_000) });
    apply({ reset: true, changes: [upsert('attempt', lost)] });
    const later = makeAttempt({ seq: 2 });
    apply({ reset: true, changes: [upsert('attempt', later)], whole: { attempts: true, audit: true } });
    expect(await world.store.log.page({}, { before: null, from: null, limit: 9 })).toEqual([later]);
  });

  it('is fetched when the service has counted fewer changes of policy than are known', () => {
    apply({ reset: true, changes: [upsert('account', { ...world.account, revision: 9 })] });
    expect(world.replica.mirror.state.cursor).not.toBeNull();
    world.replica.adopt(TEST_SERVICE, { ...world.account, revision: 9 });
    expect(world.replica.mirror.state.cursor).not.toBeNull();
    world.replica.adopt(TEST_SERVICE, { ...world.account, revision: 8 });
    expect(world.replica.mirror.state.cursor).toBeNull();
  });
});

describe('an answer that is older than what this console wrote', () => {
  it.each([
    ['range', makeRange({ version: 2 }), { version: 1 }],
    ['review', makeReview({ status: 'authorized', version: 2 }), { status: 'pending', version: 1 }],
    ['key', makeKey({ status: 'revoked' }), { status: 'active' }],
    ['key', makeKey({ rotatedAt: '2026-01-15T12:00:00.000Z' }), { rotatedAt: null }],
  ] as const)('does not overwrite a %s', (kind, newer, olderFields) => {
    world.replica.applyWritten(world.account.id, { [`${kind}s`]: [newer] });
    apply({ changes: [upsert(kind, { ...newer, ...olderFields } as never)] });
    expect(world.replica.snapshot()[`${kind}s`]).toEqual([newer]);
  });

  it('does not overwrite the account', () => {
    const newer = { ...world.account, mode: 'deactivated' as const, revision: 7 };
    world.replica.applyWritten(world.account.id, { account: newer });
    apply({ changes: [upsert('account', world.account)] });
    expect(world.replica.snapshot().account).toEqual(newer);
  });
});

describe('a store with a row that cannot be read', () => {
  it('fetches a snapshot, and shows the rest until then', () => {
    const [good, bad] = [makeRange(), makeRange()];
    apply({ changes: [upsert('range', good), upsert('range', bad)] });
    world.store.database.run("UPDATE mirror SET body = '{' WHERE id = ?", [bad.id]);
    world.replica = world.restarted();
    expect(ids(world.replica.snapshot().ranges)).toEqual([good.id]);
    expect(world.replica.mirror.state.cursor).toBeNull();
  });
});

describe('how far the local log is complete', () => {
  it('is all of it when the snapshot had none', () => {
    apply({ reset: true, changes: [] });
    expect(world.replica.mirror.state.logCompleteFrom).toBe('');
  });

  it('is all of it when the snapshot had all of it', () => {
    const changes = [upsert('attempt', makeAttempt())];
    apply({ reset: true, more: true, changes });
    expect(world.replica.mirror.state.logCompleteFrom).not.toBe('');
    apply({ changes: [], whole: { attempts: true, audit: true } });
    expect(world.replica.mirror.state).toMatchObject({ logCompleteFrom: '', auditCompleteFrom: '' });
  });

  it('is unknown until the snapshot has begun to tell', () => {
    expect(world.replica.mirror.state.logCompleteFrom).toBeNull();
    apply({ reset: true, more: true, changes: [upsert('range', makeRange())] });
    expect(world.replica.mirror.state.logCompleteFrom).toBeNull();
  });

  it('starts after the first row of the snapshot, whose neighbours may be missing', () => {
    // It was counted up late, so the feed has it although rows that began after it are not in the snapshot.
    const first = makeAttempt({ seq: 10, lastAt: '2026-01-15T12:00:30.000Z' });
    const later = makeAttempt({ seq: 11, lastAt: '2026-01-15T12:00:31.000Z' });
    apply({ reset: true, more: true, changes: [upsert('attempt', first), upsert('attempt', later)] });
    apply({ changes: [upsert('attempt', makeAttempt({ seq: 12, lastAt: '2026-01-15T13:00:00.000Z' }))] });
    const from = world.replica.mirror.state.logCompleteFrom ?? '';
    expect(from > later.id).toBe(true);
    expect(from).toHaveLength(26);
  });
});
