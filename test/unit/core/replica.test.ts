import { beforeEach, describe, expect, it, vi } from 'vitest';
import { KEPT_ANSWERED_REVIEWS, OtherAccountError } from '#electron/core/sync/plan-answer';
import {
  makeAccount,
  makeAttempt,
  makeKey,
  makeRange,
  makeReview,
  upsert,
} from '#test/support/console/builders';
import { TEST_SERVICE } from '#test/support/console/memory-store';
import { NOW_MS, ReplicaWorld } from '#test/support/console/replica-world';

let world: ReplicaWorld;
beforeEach(() => {
  world = new ReplicaWorld();
});
const apply = (...answer: Parameters<ReplicaWorld['apply']>): void => world.apply(...answer);

describe('changes', () => {
  it('are on disk with their cursor before a window hears of them', () => {
    const range = makeRange();
    let onDisk: readonly unknown[] = [];
    world.publisher.publish = () => {
      onDisk = [
        world.store.syncState.read().cursor,
        ...world.store.mirror.read('range').rows.map((r) => r.value.id),
      ];
    };
    apply({ changes: [upsert('range', range)] });
    expect(onDisk).toEqual(['c1', range.id]);
  });

  it('are all there again after a restart', () => {
    const [range, review, key] = [makeRange(), makeReview(), makeKey()];
    apply({ changes: [upsert('range', range), upsert('review', review), upsert('key', key)] });
    const again = world.restarted().snapshot();
    expect(again).toMatchObject({ account: world.account, ranges: [range], reviews: [review], keys: [key] });
    expect(again.lastSyncAt).toBe('2026-01-15T12:00:00.000Z');
  });

  it('carry a version that grows by one with each patch', () => {
    const start = world.replica.snapshot().version;
    apply({ changes: [upsert('range', makeRange())] });
    apply({ changes: [upsert('key', makeKey())] });
    const versions = world.publisher.patches.slice(-2).map(({ version }) => version);
    expect(versions).toEqual([start + 1, start + 2]);
    expect(world.replica.snapshot().version).toBe(start + 2);
  });

  it('that fail to be written change nothing', () => {
    const before = world.replica.snapshot();
    world.store.syncState.write = () => {
      throw new Error('disk full');
    };
    const changes = [upsert('range', makeRange()), upsert('attempt', makeAttempt())];
    expect(() => apply({ changes })).toThrow('disk full');
    expect(world.replica.snapshot()).toEqual(before);
    expect(world.store.mirror.read('range').rows).toEqual([]);
    expect([world.store.attempts.size, world.store.attempts.count()]).toEqual([0, 0]);
  });

  /** Answered reviews, each so long after the one before it. */
  const answeredEvery = (stepMs: number) =>
    Array.from({ length: KEPT_ANSWERED_REVIEWS + 60 }, (_, index) =>
      makeReview({ status: 'denied', decidedAt: new Date(NOW_MS + index * stepMs).toISOString() }),
    );

  it('keep every review that was answered within a minute before the latest, for Undo of all of them', () => {
    apply({ changes: answeredEvery(50).map((review) => upsert('review', review)) });
    expect(world.replica.reviews()).toHaveLength(KEPT_ANSWERED_REVIEWS + 60);
    const later = makeReview({ status: 'denied', decidedAt: new Date(NOW_MS + 600_000).toISOString() });
    apply({ changes: [upsert('review', later)] });
    expect(world.replica.reviews()).toHaveLength(KEPT_ANSWERED_REVIEWS);
  });

  it('keep the newest answered reviews, and every open one', () => {
    const open = Array.from({ length: 3 }, () => makeReview());
    const answered = answeredEvery(1_000);
    apply({ changes: [...open, ...answered].map((review) => upsert('review', review)) });
    const kept = world.replica.reviews();
    expect(kept.filter(({ status }) => status === 'pending')).toHaveLength(3);
    expect(kept).toHaveLength(KEPT_ANSWERED_REVIEWS + 3);
    expect(kept.some(({ id }) => id === answered[0]?.id)).toBe(false);
    expect(kept.some(({ id }) => id === answered.at(-1)?.id)).toBe(true);
  });

  it('of the log reach the windows newest first, in portions', () => {
    const rows = Array.from({ length: 650 }, () => makeAttempt());
    apply({ changes: rows.map((row) => upsert('attempt', row)) });
    const portions = world.publisher.payloads('log.changed') as readonly {
      items: readonly { id: string }[];
    }[];
    expect(portions.map(({ items }) => items.length)).toEqual([300, 300, 50]);
    expect(portions[0]?.items[0]?.id).toBe(rows.at(-1)?.id);
  });
});

describe('another account', () => {
  it('takes the place of the first one, and nothing of that stays', () => {
    apply({ changes: [upsert('range', makeRange()), upsert('attempt', makeAttempt())] });
    world.store.announced.add('review', ['x'], 'single', NOW_MS);
    const before = world.replica.snapshot().version;
    const other = makeAccount();
    world.replica.adopt(TEST_SERVICE, other);

    expect(world.replica.snapshot()).toMatchObject({ account: other, ranges: [], lastSyncAt: null });
    expect(world.replica.mirror.state.cursor).toBeNull();
    expect(world.store.attempts.count()).toBe(0);
    expect([...world.store.announced.subjects('review')]).toEqual([]);
    // A gap, so that windows fetch a snapshot instead of patching the old account.
    const [first] = world.publisher.patches.filter(({ version }) => version > before);
    expect(first?.version).toBe(before + 2);
  });

  it('whose store cannot be opened leaves the first one as it was', () => {
    const range = makeRange();
    apply({ changes: [upsert('range', range)] });
    const { store } = world;
    const close = vi.spyOn(store, 'close');
    vi.spyOn(world.stores, 'open').mockImplementation(() => {
      throw new Error('disk full');
    });
    const before = world.replica.snapshot();
    expect(() => world.replica.adopt(TEST_SERVICE, makeAccount())).toThrow('disk full');
    expect(world.replica.snapshot()).toEqual(before);
    expect([world.replica.store, close.mock.calls]).toEqual([store, []]);
  });

  it('finds what is its own when it comes back', () => {
    const range = makeRange();
    apply({ changes: [upsert('range', range)] });
    world.replica.adopt(TEST_SERVICE, makeAccount());
    world.replica.adopt(TEST_SERVICE, world.account);
    expect(world.replica.snapshot().ranges).toEqual([range]);
  });

  it('does not get what a late write of the first one answers', () => {
    const other = makeAccount();
    world.replica.adopt(TEST_SERVICE, other);
    world.replica.applyWritten(world.account.id, { ranges: [makeRange()] });
    expect(world.replica.snapshot().ranges).toEqual([]);
  });

  it('is recognised in the feed', () => {
    expect(() => apply({ changes: [upsert('account', makeAccount())] })).toThrow(OtherAccountError);
    expect(world.replica.snapshot().account).toEqual(world.account);
  });

  it('is not the same account with news about itself', () => {
    apply({ changes: [upsert('range', makeRange())] });
    world.replica.adopt(TEST_SERVICE, { ...world.account, mode: 'automatic', revision: 2 });
    expect(world.replica.snapshot().ranges).toHaveLength(1);
    expect(world.replica.snapshot().account?.mode).toBe('automatic');
  });
});
