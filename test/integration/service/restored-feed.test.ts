import fc from 'fast-check';
import { ulid } from 'ulid';
import { expect, it } from 'vitest';
import { Replica } from '#electron/core/sync/replica';
import type { Attempt, Range } from '#shared/domain/entities';
import type { ChangesResponse } from '#shared/api/contract';
import { accountOf } from '#service/account/account-view';
import { readChanges } from '#service/feed/changes';
import { decodeCursor } from '#service/feed/cursor';
import { createPageReader } from '#service/feed/feed-page';
import type { AccountRow } from '#service/storage/repositories/accounts';
import { RecordingPublisher } from '#test/support/console/fakes';
import { MemoryStores, TEST_SERVICE } from '#test/support/console/memory-store';
import { quietContext } from '#test/support/service/quiet-context';
import {
  ACCOUNT,
  ATTEMPT,
  describeStorages,
  RANGE,
  type StorageWorld,
} from '#test/support/service/storage-world';

/** Enough for a snapshot of two pages. */
const FIRST_RANGES = 510;

const PRINCIPAL = {
  accountId: ACCOUNT.id,
  userId: 'user',
  email: 'owner@example.com',
  role: 'owner' as const,
  permissions: [],
  tokenExpiresAt: null,
  actor: { kind: 'user' as const, id: 'user', name: 'owner@example.com' },
  via: 'api' as const,
};

const view = (row: AccountRow) => accountOf(row, PRINCIPAL, 0, quietContext.state());

/** The part of a console that reads the feed. */
class Reader {
  readonly #world: StorageWorld;
  readonly #replica = new Replica(new MemoryStores(), new RecordingPublisher());
  resets = 0;

  constructor(world: StorageWorld) {
    this.#world = world;
    this.#replica.open(TEST_SERVICE, ACCOUNT.id);
  }

  /** Reads one page. Returns whether the reader knows everything after it. */
  async poll(): Promise<boolean> {
    const { cursor } = this.#replica.mirror.state;
    this.#replica.mirror.pollBegins();
    const { hub } = this.#world;
    const text = await readChanges(
      { hub, readPage: createPageReader(this.#world) },
      {
        accountId: ACCOUNT.id,
        cursor: cursor === null ? undefined : decodeCursor(cursor),
        waitMs: 0,
        signal: new AbortController().signal,
        readerId: PRINCIPAL.userId,
        accountOf: view,
        accountOfNow: () => Promise.resolve(view),
        state: quietContext.state,
      },
    );
    const answer = JSON.parse(text) as ChangesResponse;
    if (answer.reset) this.resets += 1;
    this.#replica.applyAnswer(answer, 0);
    return !answer.more;
  }

  async catchUp(): Promise<void> {
    while (!(await this.poll()));
  }

  /** What it shows, to be compared. */
  known(): readonly string[] {
    const attempts = this.#replica.store?.database.all('SELECT body FROM attempts') ?? [];
    return [
      ...this.#replica.mirrored('range').map(rangeText),
      ...attempts.map(({ body }) => attemptText(JSON.parse(String(body)) as Attempt)),
    ].sort();
  }
}

const rangeText = ({ id, label, version }: Pick<Range, 'id' | 'label' | 'version'>): string =>
  `${id} ${version} ${label}`;
/** A console reads the hour of a call from its id. */
const attemptIds = Array.from({ length: 5 }, () => ulid());

const attemptText = ({ id, count }: Pick<Attempt, 'id' | 'count'>): string => `${id} ${count}`;

describeStorages('the feed of a restored database', (world) => {
  let written = 0;

  const fill = (): Promise<void> =>
    world.writer.write(async ({ tx, nextSeq }) => {
      const rows = [];
      for (let n = 0; n < FIRST_RANGES; n += 1) {
        const cidr = `10.0.${n >> 8}.${n & 255}/32`;
        rows.push({ ...RANGE, id: `range ${n}`, cidr, changed_seq: await nextSeq(ACCOUNT.id) });
      }
      await tx.ranges.insertAll(rows);
    });
  /** Changes a range, or removes it, or makes it where it is gone; a call of an address goes with it. */
  const write = (n: number, removes: boolean): Promise<void> =>
    world.writer.write(async ({ tx, nextSeq }) => {
      const id = `range ${n}`;
      const known = await tx.ranges.get(ACCOUNT.id, id);
      const changed_seq = await nextSeq(ACCOUNT.id);
      await tx.ranges.delete(ACCOUNT.id, id);
      written += 1;
      if (removes) {
        await tx.feed.insertTombstones([
          { account_id: ACCOUNT.id, changed_seq, kind: 'range', entity_id: id },
        ]);
      } else {
        const cidr = `10.0.${n >> 8}.${n & 255}/32`;
        const version = (known?.version ?? 0) + 1;
        await tx.ranges.insert({ ...RANGE, id, cidr, version, label: `write ${written}`, changed_seq });
      }
      const attempt = attemptIds[written % 5] ?? ATTEMPT.id;
      const counted = (await tx.feed.since(ACCOUNT.id, 0, { attempts: 0, audit: 0 }, 2_000)).find(
        ({ kind, row }) => kind === 'attempt' && 'id' in row && row.id === attempt,
      );
      const count = (counted?.kind === 'attempt' ? counted.row.count : 0) + 1;
      await tx.retention.deleteAttempts(ACCOUNT.id, [attempt]);
      await tx.attempts.insertAll([
        { ...ATTEMPT, id: attempt, count, changed_seq: await nextSeq(ACCOUNT.id) },
      ]);
    });
  const restart = async (meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<void> => {
    await world.storage.close();
    await meanwhile();
    world.use(await world.kind.open());
  };
  const expectSame = async (reader: Reader): Promise<void> => {
    const rows = await world.storage.read.feed.since(ACCOUNT.id, 0, { attempts: 0, audit: 0 }, 2_000);
    const there = rows.flatMap((each) => {
      if (each.kind === 'range') return [rangeText(each.row)];
      return each.kind === 'attempt' ? [attemptText(each.row)] : [];
    });
    expect(reader.known()).toEqual(there.sort());
  };

  it('goes on for a reader that was told nothing but what was restored', async () => {
    const reader = new Reader(world);
    await fill();
    await reader.catchUp();
    const restore = await world.kind.backUp();
    await restart();
    await restart(restore);
    await write(1, false);
    await reader.catchUp();
    expect(reader.resets).toBe(1);
    await expectSame(reader);
  });

  it.each([
    { what: 'before its sequence numbers have come as far again', writes: 1 },
    { what: 'when they are the same again', writes: 3 },
    { what: 'when they have gone on', writes: 5 },
  ])('begins afresh for a reader that was told of what is lost: $what', async ({ writes }) => {
    const reader = new Reader(world);
    await fill();
    const restore = await world.kind.backUp();
    for (const n of [1, 2, 3]) await write(n, false);
    await reader.catchUp();
    await restart(restore);
    for (let n = 11; n < 11 + writes; n += 1) await write(n, false);
    await reader.catchUp();
    expect(reader.resets).toBe(2);
    await expectSame(reader);
  });

  it('begins afresh for a reader in the middle of a snapshot, whose first page lacked what had moved on', async () => {
    const reader = new Reader(world);
    await fill();
    const restore = await world.kind.backUp();
    await write(1, false);
    expect(await reader.poll()).toBe(false);
    await restart(restore);
    await reader.catchUp();
    expect(reader.resets).toBe(2);
    await expectSame(reader);
  });

  it('begins afresh for a reader of a copy that is served elsewhere', async () => {
    const reader = new Reader(world);
    await fill();
    const restore = await world.kind.backUp();
    await restart();
    await write(1, false);
    await reader.catchUp();
    // The copy has a life of its own from here on.
    await restart(restore);
    await write(2, false);
    await reader.catchUp();
    expect(reader.resets).toBe(2);
    await expectSame(reader);
  });

  it('is read as it stands by everybody at last, whatever was written, restarted, backed up and restored', async () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant('write' as const), n: fc.nat(8), removes: fc.boolean() }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('poll' as const), reader: fc.nat(1) }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('catch up' as const), reader: fc.nat(1) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('back up' as const) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('restore' as const), which: fc.nat() }) },
    );
    await fill();
    const initial = await world.kind.backUp();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40, size: 'max' }), async (steps) => {
        await restart(initial);
        const readers = [new Reader(world), new Reader(world)] as const;
        const backups = [initial];
        for (const each of steps) {
          if (each.do === 'write') await write(each.n, each.removes);
          if (each.do === 'restart') await restart();
          if (each.do === 'back up') backups.push(await world.kind.backUp());
          if (each.do === 'restore') await restart(backups[each.which % backups.length]);
          if (each.do !== 'poll' && each.do !== 'catch up') continue;
          const reader = readers[each.reader === 0 ? 0 : 1];
          if (each.do === 'catch up') await reader.catchUp();
          if (each.do === 'catch up' || (await reader.poll())) await expectSame(reader);
        }
        for (const reader of readers) {
          await reader.catchUp();
          await expectSame(reader);
        }
      }),
      { numRuns: world.kind.name === 'SQLite' ? 15 : 2 },
    );
  }, 180_000);
});
