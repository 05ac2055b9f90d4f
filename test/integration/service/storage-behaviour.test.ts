import { expect, it } from 'vitest';
import { NewerDatabaseError } from '#service/storage/migrations/index';
import { collect } from '#test/support/collect';
import { ACCOUNT, KEY, RANGE, REVIEW, describeStorages } from '#test/support/service/storage-world';

const raiseSchemaVersion = (by: number): string =>
  `UPDATE meta SET value = CAST(CAST(value AS INTEGER) + ${by} AS TEXT) WHERE name = 'schema_version'`;

describeStorages('storage', (world) => {
  it('keeps nothing of a write that fails: not on disk, not in memory, not in the feed', async () => {
    const version = world.hub.version(ACCOUNT.id);
    let reachedMemory = false;
    const failing = world.writer.write(async ({ tx, nextSeq, afterCommit }) => {
      await nextSeq(ACCOUNT.id);
      await nextSeq(ACCOUNT.id);
      await tx.accounts.setMode(ACCOUNT.id, 'deactivated');
      afterCommit(() => {
        reachedMemory = true;
      });
      throw new Error('disk on fire');
    });
    await expect(failing).rejects.toThrow('disk on fire');
    expect(await world.storage.read.accounts.get(ACCOUNT.id)).toEqual(ACCOUNT);
    expect([reachedMemory, world.hub.version(ACCOUNT.id)]).toEqual([false, version]);
  });

  it('gives each change of a write its own place in the feed, and the next write the places after them', async () => {
    const places = await world.writer.write(async ({ nextSeq }) => [
      await nextSeq(ACCOUNT.id),
      ...(await Promise.all([nextSeq(ACCOUNT.id), nextSeq(ACCOUNT.id)])),
    ]);
    expect(places).toEqual([2, 3, 4]);
    expect(await world.writer.write(({ nextSeq }) => nextSeq(ACCOUNT.id))).toBe(5);
    expect((await world.storage.read.accounts.get(ACCOUNT.id)).seq).toBe(5);
  });

  it('runs one write at a time, in the order they were handed in', async () => {
    const order: string[] = [];
    const write = (name: string) =>
      world.writer.write(async ({ tx }) => {
        order.push(`${name} begins`);
        await tx.accounts.get(ACCOUNT.id);
        order.push(`${name} ends`);
      });
    await Promise.all([write('a'), write('b'), write('c')]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('shows a snapshot one moment, whatever is written meanwhile', async () => {
    let writing: Promise<void> | undefined;
    const seen = await world.storage.snapshot(async (tx) => {
      const before = (await collect(tx.ranges.all())).length;
      writing = world.writer.write(({ tx: write }) => write.ranges.insert(RANGE));
      // Where writes need not wait for reads, it is on disk now; the snapshot must not show it.
      await Promise.race([writing, new Promise((resolve) => setTimeout(resolve, 200))]);
      return [
        before,
        (await collect(tx.ranges.all())).length,
        (await tx.policyChanges.since(ACCOUNT.id, 0)).ranges.length,
      ];
    });
    await writing;
    expect(seen).toEqual([0, 0, 0]);
    expect(await world.rangesNow()).toHaveLength(1);
  });

  it('takes reads at once within a write, and sees there what the write has done', async () => {
    const found = await world.writer.write(async ({ tx }) => {
      await tx.ranges.insert(RANGE);
      return Promise.all([
        tx.ranges.get(ACCOUNT.id, RANGE.id),
        tx.keys.get(ACCOUNT.id, KEY.id),
        tx.accounts.get(ACCOUNT.id),
      ]);
    });
    expect(found).toEqual([RANGE, KEY, ACCOUNT]);
  });

  it('lets everybody else have a turn between many writes that were asked for at once', async () => {
    let turns = 0;
    let writing = true;
    const takeTurns = (): void => {
      turns += 1;
      if (writing) setImmediate(takeTurns);
    };
    setImmediate(takeTurns);
    const numbers = Array.from({ length: 300 }, (_, n) => n);
    await Promise.all(
      numbers.map((n) =>
        world.writer.write(({ tx }) =>
          tx.ranges.insert({ ...RANGE, id: `range ${n}`, cidr: `10.1.${n >> 8}.${n & 255}/32` }),
        ),
      ),
    );
    writing = false;
    expect(await world.rangesNow()).toHaveLength(numbers.length);
    expect(turns).toBeGreaterThan(20);
  });

  it('tells what changed of a policy since a place in the feed, and no more', async () => {
    await world.writer.write(async ({ tx, nextSeq }) => {
      await tx.ranges.insert({ ...RANGE, changed_seq: await nextSeq(ACCOUNT.id) });
    });
    const { seq } = await world.storage.read.accounts.get(ACCOUNT.id);
    await world.writer.write(async ({ tx, nextSeq }) => {
      await tx.reviews.insertAll([{ ...REVIEW, changed_seq: await nextSeq(ACCOUNT.id) }]);
      await tx.ranges.delete(ACCOUNT.id, RANGE.id);
      const changed_seq = await nextSeq(ACCOUNT.id);
      await tx.feed.insertTombstones([
        { account_id: ACCOUNT.id, changed_seq, kind: 'range', entity_id: RANGE.id },
      ]);
    });
    const changes = await world.storage.snapshot((tx) => tx.policyChanges.since(ACCOUNT.id, seq));
    expect(changes).toMatchObject({ removedRangeIds: [RANGE.id], ranges: [], keys: [], secrets: [] });
    expect(changes.reviews.map(({ id }) => id)).toEqual([REVIEW.id]);
    expect(await world.storage.read.policyChanges.heads()).toEqual([
      {
        accountId: ACCOUNT.id,
        seq: seq + 2,
        epoch: await world.storage.read.epochs.current(),
        isHere: true,
      },
    ]);
  });

  it('keeps its data when it is opened again, and remembers where the epoch before ended', async () => {
    const epochNow = (): Promise<string> => world.storage.read.epochs.current();
    const epoch = await epochNow();
    await world.writer.write(({ tx }) => tx.ranges.insert(RANGE));
    await world.storage.close();
    world.use(await world.kind.open());
    expect(await epochNow()).not.toBe(epoch);
    expect(await world.storage.read.epochs.endOf(ACCOUNT.id, epoch)).toBe(ACCOUNT.seq);
    expect(await world.storage.read.epochs.endOf(ACCOUNT.id, await epochNow())).toBeUndefined();
    expect(await world.rangesNow()).toEqual([RANGE]);
    await world.storage.close();
    await world.kind.make();
    world.use(await world.kind.open());
    expect(await world.storage.read.epochs.endOf(ACCOUNT.id, epoch)).toBeUndefined();
    expect(await world.rangesNow()).toEqual([]);
  });

  it('remembers the latest epochs alone', async () => {
    const ids = await world.writer.write(async ({ tx }) => {
      const begun: string[] = [];
      for (let n = 0; n < 201; n += 1) begun.push(await tx.epochs.begin());
      return begun;
    });
    const ends = await Promise.all(
      [0, 1, 199].map((n) => world.storage.read.epochs.endOf(ACCOUNT.id, ids[n] ?? '')),
    );
    expect(ends).toEqual([undefined, ACCOUNT.seq, ACCOUNT.seq]);
    expect(await world.storage.read.epochs.current()).toBe(ids[200]);
  });

  it('of a newer version is left alone', async () => {
    await world.storage.close();
    await world.kind.run(raiseSchemaVersion(90));
    await expect(world.kind.open()).rejects.toBeInstanceOf(NewerDatabaseError);
    await world.kind.run(raiseSchemaVersion(-90));
    world.use(await world.kind.open());
    expect((await world.storage.read.accounts.all()).length).toBe(1);
  });

  it('is ready while it can be asked', async () => {
    await expect(world.storage.probe()).resolves.toBeUndefined();
  });
});
