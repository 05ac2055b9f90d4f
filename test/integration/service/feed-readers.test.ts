import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changesResponse, type ChangesResponse } from '#shared/api/contract';
import { accountOf } from '#service/account/account-view';
import { readChanges } from '#service/feed/changes';
import { decodeCursor } from '#service/feed/cursor';
import { createPageReader } from '#service/feed/feed-page';
import { FeedHub } from '#service/storage/feed-hub';
import type { AccountRow } from '#service/storage/repositories/accounts';
import type { Storage } from '#service/storage/storage';
import { quietContext } from '#test/support/service/quiet-context';
import { ACCOUNT, describeStorages, RANGE } from '#test/support/service/storage-world';
import { startTestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const READERS = 200;

describeStorages('readers of the change feed', (world) => {
  const viewFor = (email: string) => (row: AccountRow) =>
    accountOf(
      row,
      {
        accountId: ACCOUNT.id,
        actor: { kind: 'user', id: email, name: email },
        userId: email,
        email,
        role: 'owner',
        permissions: [],
        tokenExpiresAt: null,
        via: 'console',
      },
      60_000,
      quietContext.state(),
    );

  beforeEach(async () => {
    // The rows of the world have numbers of their own.
    await world.writer.write(({ tx }) => tx.accounts.reserveSeq(ACCOUNT.id, 20));
  });

  it('who wait for one change read it once together, and each sees the account as its own', async () => {
    let reads = 0;
    const { hub } = world;
    const storage: Storage = {
      ...world.storage,
      snapshot: (work) => {
        reads += 1;
        return world.storage.snapshot(work);
      },
    };
    const readPage = createPageReader({ storage, hub });
    const read = async (n: number, cursor: string | undefined, waitMs: number) => {
      const view = viewFor(`reader-${n}@example.com`);
      const text = await readChanges(
        { hub, readPage },
        {
          accountId: ACCOUNT.id,
          cursor: cursor === undefined ? undefined : decodeCursor(cursor),
          waitMs,
          signal: new AbortController().signal,
          readerId: String(n),
          accountOf: view,
          accountOfNow: () => Promise.resolve(view),
          state: quietContext.state,
        },
      );
      return JSON.parse(text) as ChangesResponse;
    };
    const { cursor } = await read(0, undefined, 0);
    const waiting = Array.from({ length: READERS }, (_, n) => read(n, cursor, 30_000));
    await waitFor('all to wait', () => hub.waiting === READERS);
    const readsBefore = reads;
    await world.writer.write(async ({ tx, nextSeq }) => {
      const seq = await nextSeq(ACCOUNT.id);
      await tx.ranges.insertAll([{ ...RANGE, changed_seq: seq }]);
      await tx.accounts.setReportOnly(ACCOUNT.id, true);
    });
    const answers = await Promise.all(waiting);
    expect(reads - readsBefore).toBe(1);
    for (const [n, { changes }] of answers.entries()) {
      expect(changes).toContainEqual(
        expect.objectContaining({ kind: 'range', op: 'upsert', id: RANGE.id }) as unknown,
      );
      for (const change of changes) {
        if (change.kind === 'account') expect(change.value?.me.email).toBe(`reader-${n}@example.com`);
      }
    }
  });

  it('never get a page that was read before the change that woke them', async () => {
    const { hub } = world;
    const readPage = createPageReader({ storage: world.storage, hub });
    const { next } = await readPage(ACCOUNT.id, undefined);
    const early = readPage(ACCOUNT.id, [...next, '']);
    await world.writer.write(async ({ tx, nextSeq }) => {
      await tx.ranges.insertAll([{ ...RANGE, changed_seq: await nextSeq(ACCOUNT.id) }]);
    });
    const late = await readPage(ACCOUNT.id, [...next, '']);
    expect(late.isEmpty).toBe(false);
    await early;
  });
});

describe('the hub', () => {
  afterEach(() => vi.useRealTimers());

  it('tells of counts after a while, once for all of them, or with the next change', () => {
    vi.useFakeTimers();
    const hub = new FeedHub();
    const before = hub.version('a');
    for (let n = 0; n < 10; n += 1) hub.publishLater('a');
    expect(hub.version('a')).toBe(before);
    vi.advanceTimersByTime(3_000);
    expect(hub.version('a')).toBe(before + 1);
    hub.publishLater('a');
    hub.publish('a');
    vi.advanceTimersByTime(10_000);
    expect(hub.version('a')).toBe(before + 2);
  });
});

describe('a console that waits', () => {
  it('is not woken by the counts of every second, but gets them', async () => {
    const service = await startTestService({ mode: 'manual' });
    try {
      const { secret } = await service.createKey();
      await service.api('/v1/ranges', { body: { cidr: '203.0.113.9' } });
      await service.check(secret, '203.0.113.9');
      const changes = async (query: string) =>
        changesResponse.parse((await service.api(`/v1/changes${query}`)).json);
      let { cursor } = await changes('');
      let answers = 0;
      let count = 0;
      let isOver = false;
      const follow = async (): Promise<void> => {
        while (!isOver) {
          const answer = await changes(`?cursor=${cursor}&wait=30`);
          cursor = answer.cursor;
          answers += 1;
          for (const change of answer.changes) {
            if (change.kind === 'attempt' && change.op === 'upsert') count = change.value.count;
          }
        }
      };
      const following = follow();
      let calls = 1;
      const endsAt = performance.now() + 6_500;
      while (performance.now() < endsAt) {
        await service.check(secret, '203.0.113.9');
        calls += 1;
      }
      await waitFor('all counts', () => count === calls);
      // Counts are on disk every 700 ms; a reader that is woken by each would have asked nine times.
      expect(answers).toBeLessThanOrEqual(5);
      isOver = true;
      await service.api('/v1/ranges', { body: { cidr: '203.0.113.10' } });
      await following;
    } finally {
      await service.stop();
    }
  });
});
