import {
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueuedOperation } from '#electron/core/outbox/queued-operation';
import { makeRange } from '#test/support/console/builders';
import { TEST_SERVICE } from '#test/support/console/memory-store';
import { adding, applied, NOW_MS, rangeOf, removing, setting } from '#test/support/console/outbox-builders';
import { ACCOUNT, enqueueFive, idsIn, useAccountStores } from '#test/support/console/account-stores-world';

const world = useAccountStores();
const { open, close, file, damageJournal } = world;

describe('the outbox on disk', () => {
  it('is all there after the program is killed, in order, with what was being sent to be sent again', () => {
    const store = open();
    const ids = enqueueFive(store);
    const [first] = store.outbox.nextBatch(1);
    if (first === undefined) throw new Error('nothing to send');
    store.outbox.markSent([first], null);
    // Not closed: what is on the disk at this moment is all that the next start has.
    const again = open();
    expect(idsIn(again)).toEqual(ids);
    const [queued] = again.outbox.all();
    expect(queued).toMatchObject({ attempts: 1, state: { kind: 'pending' } });
    // The service may have it, so it cannot be taken back any more; the others can.
    expect(again.outbox.undo(ids[0] ?? '')).toBe(false);
    expect(again.outbox.undo(ids[1] ?? '')).toBe(true);
    expect(world.damages).toEqual([]);
  });

  it('knows what was acknowledged until the mirror has it, and never sends it again', () => {
    const store = open();
    enqueueFive(store);
    const batch = store.outbox.markSent(store.outbox.nextBatch(2), null);
    store.outbox.answered(
      batch,
      batch.map((queued) => applied(queued.operation, rangeOf(queued))),
      NOW_MS,
    );
    const again = open();
    expect(again.outbox.all().map(({ state }) => state.kind)).toEqual([
      'done',
      'done',
      'pending',
      'pending',
      'pending',
    ]);
    expect(again.outbox.awaited.size).toBeGreaterThan(0);
    expect(again.outbox.nextBatch(9)).toHaveLength(3);
  });

  it('does not grow with what has come and gone', () => {
    const store = open();
    for (let round = 0; round < 1_100; round += 1) {
      const [id] = store.outbox.enqueue([adding()], NOW_MS);
      store.outbox.undo(id ?? '');
    }
    close(store);
    const again = open();
    expect(again.outbox.size).toBe(0);
    expect(statSync(file('outbox.jsonl')).size).toBe(0);
  });
});

describe('a damaged database', () => {
  it.each([
    ['no database at all', () => writeFileSync(file('store.sqlite'), 'not a database '.repeat(400))],
    [
      'a damaged middle',
      () => {
        const bytes = readFileSync(file('store.sqlite'));
        bytes.fill(7, 4_096, bytes.length - 100);
        writeFileSync(file('store.sqlite'), bytes);
      },
    ],
    [
      'nothing in it',
      () => {
        rmSync(file('store.sqlite'));
        writeFileSync(file('store.sqlite'), '');
      },
    ],
    ['no file at all', () => rmSync(file('store.sqlite'))],
  ])('with %s loses no operation', (_name, damage) => {
    const store = open();
    const ids = enqueueFive(store);
    close(store);
    damage();
    const again = open();
    expect(idsIn(again)).toEqual(ids);
    expect(again.outbox.nextBatch(9)).toHaveLength(5);
    expect(again.syncState.read().cursor).toBeNull();
  });

  it('keeps what a conflict was about, and says what was rescued', () => {
    const store = open();
    const range = makeRange({ version: 2 });
    store.outbox.enqueue([removing(range), setting('manual')], NOW_MS);
    const batch = store.outbox.markSent(store.outbox.nextBatch(1), null);
    const current = { ...range, label: 'Theirs', version: 3 };
    store.outbox.answered(
      batch,
      batch.map(({ operation }) => ({ id: operation.id, status: 'conflict', code: 'stale', current })),
      NOW_MS,
    );
    const before = store.outbox.all();
    close(store);
    writeFileSync(file('store.sqlite'), 'damaged '.repeat(1_000));
    const again = open();
    expect(again.outbox.all()).toEqual(before);
    expect(world.damages).toMatchObject([{ unsent: 2, unreadable: 0 }]);
    expect(world.damages[0]?.setAside[0]).toContain('store.damaged-');
  });

  it('is set aside as it was', () => {
    close(open());
    writeFileSync(file('store.sqlite'), 'look at me '.repeat(500));
    open();
    const aside = readdirSync(world.stores.folderOf(TEST_SERVICE, ACCOUNT)).find((name) =>
      name.includes('.damaged-'),
    );
    expect(readFileSync(file(aside ?? ''), 'utf8')).toBe('look at me '.repeat(500));
  });

  it('whose row cannot be read gets it from the journal', () => {
    const store = open();
    const ids = enqueueFive(store);
    store.database.run(`UPDATE outbox SET operation = '{"type":' WHERE id = ?`, [ids[2] ?? '']);
    close(store);
    expect(idsIn(open())).toEqual(ids);
    expect(world.damages).toEqual([]);
  });
});

describe('a damaged journal', () => {
  it('does not decide over a database that can be read', () => {
    const store = open();
    const ids = enqueueFive(store);
    store.outbox.undo(ids[4] ?? '');
    close(store);
    damageJournal();
    const again = open();
    expect(idsIn(again).slice(0, 4)).toEqual(ids.slice(0, 4));
    expect(again.outbox.nextBatch(9)).toHaveLength(4);
    expect(world.damages).toMatchObject([{ unreadable: 1 }]);
    expect(world.damages[0]?.setAside[0]).toContain('outbox.damaged-');
  });

  it('whose last line was cut short lacks what nobody was told is kept', () => {
    const store = open();
    const ids = enqueueFive(store);
    close(store);
    truncateSync(file('outbox.jsonl'), statSync(file('outbox.jsonl')).size - 7);
    expect(idsIn(open())).toEqual(ids);
    expect(world.damages).toEqual([]);
  });

  it('asks about what only it knows of: it may have been taken back', () => {
    const store = open();
    const ids = enqueueFive(store);
    close(store);
    const lines = readFileSync(file('outbox.jsonl'), 'utf8').split('\n');
    lines[0] = 'x';
    writeFileSync(file('outbox.jsonl'), lines.join('\n'));
    writeFileSync(file('store.sqlite'), 'damaged too '.repeat(1_000));
    const again = open();
    expect(idsIn(again)).toEqual(ids.slice(1));
    expect(again.outbox.counts()).toEqual({ waiting: 0, conflicts: 0, needsConfirmation: 4, others: 0 });
    expect(world.damages).toMatchObject([{ unsent: 4, unreadable: 1 }]);
  });

  it('loses at most the lines that are hit, wherever and however much: nothing of the rest', () => {
    const store = open();
    const ids = enqueueFive(store);
    close(store);
    const whole = readFileSync(file('outbox.jsonl'));
    const database = join(world.folder, 'copy.sqlite');
    copyFileSync(file('store.sqlite'), database);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.boolean(),
        (hits, alsoTheDatabase) => {
          const bytes = Buffer.from(whole);
          for (const [place, by] of hits) bytes[place] = (bytes[place] ?? 0) ^ by;
          writeFileSync(file('outbox.jsonl'), bytes);
          for (const suffix of ['-wal', '-shm']) rmSync(file(`store.sqlite${suffix}`), { force: true });
          if (alsoTheDatabase) writeFileSync(file('store.sqlite'), 'damaged');
          else copyFileSync(database, file('store.sqlite'));
          const again = open();
          const found = again.outbox.all();
          close(again);
          if (!alsoTheDatabase) expect(found.map(({ operation }) => operation.id)).toEqual(ids);
          // A hit on a line's end takes the next line along.
          else expect(found.length).toBeGreaterThanOrEqual(5 - 2 * hits.length);
          for (const queued of found) expectUnharmed(queued, ids);
        },
      ),
      { numRuns: 60 },
    );
  });

  const expectUnharmed = ({ operation }: QueuedOperation, ids: readonly (string | null)[]): void => {
    expect(ids).toContain(operation.id);
    expect(operation).toMatchObject({ type: 'range.add', label: 'x'.repeat(200) });
  };
});
