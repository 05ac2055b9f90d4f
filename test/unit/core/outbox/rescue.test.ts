import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '#electron/core/outbox/entry';
import type { AccountStore } from '#electron/core/store/account-store';
import { makeRange } from '#test/support/console/builders';
import { TEST_SERVICE } from '#test/support/console/memory-store';
import { adding, applied, NOW_MS, rangeOf, removing, setting } from '#test/support/console/outbox-builders';
import { ACCOUNT, useAccountStores } from '#test/support/console/account-stores-world';

const world = useAccountStores();
const { open, close, file } = world;

const idsIn = ({ outbox }: AccountStore): readonly string[] =>
  outbox.entries().map(({ operation }) => operation.id);
const five = (store: AccountStore): readonly (string | null)[] =>
  store.outbox.enqueue(
    Array.from({ length: 5 }, (_, n) => adding({ cidr: `192.0.2.${n}/32`, label: 'x'.repeat(200) })),
    NOW_MS,
  );

describe('the outbox on disk', () => {
  it('is all there after the program is killed, in order, with what was being sent to be sent again', () => {
    const store = open();
    const ids = five(store);
    const [first] = store.outbox.nextBatch(1);
    if (first === undefined) throw new Error('nothing to send');
    store.outbox.markSent([first], null);
    // Not closed: what is on the disk at this moment is all that the next start has.
    const again = open();
    expect(idsIn(again)).toEqual(ids);
    const [entry] = again.outbox.entries();
    expect(entry).toMatchObject({ attempts: 1, state: { kind: 'pending' } });
    // The service may have it, so it cannot be taken back any more; the others can.
    expect(again.outbox.undo(ids[0] ?? '')).toBe(false);
    expect(again.outbox.undo(ids[1] ?? '')).toBe(true);
    expect(world.damages).toEqual([]);
  });

  it('knows what was acknowledged until the mirror has it, and never sends it again', () => {
    const store = open();
    five(store);
    const batch = store.outbox.markSent(store.outbox.nextBatch(2), null);
    store.outbox.answered(
      batch,
      batch.map((entry) => applied(entry.operation, rangeOf(entry))),
      NOW_MS,
    );
    const again = open();
    expect(again.outbox.entries().map(({ state }) => state.kind)).toEqual([
      'done',
      'done',
      'pending',
      'pending',
      'pending',
    ]);
    expect(again.outbox.awaitsFeed).toBe(true);
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
  ])('with %s loses no edit', (_name, damage) => {
    const store = open();
    const ids = five(store);
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
    const before = store.outbox.entries();
    close(store);
    writeFileSync(file('store.sqlite'), 'damaged '.repeat(1_000));
    const again = open();
    expect(again.outbox.entries()).toEqual(before);
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
    const ids = five(store);
    store.database.run(`UPDATE outbox SET operation = '{"type":' WHERE id = ?`, [ids[2] ?? '']);
    close(store);
    expect(idsIn(open())).toEqual(ids);
    expect(world.damages).toEqual([]);
  });
});

describe('a damaged journal', () => {
  it('does not decide over a database that can be read', () => {
    const store = open();
    const ids = five(store);
    store.outbox.undo(ids[4] ?? '');
    close(store);
    const bytes = readFileSync(file('outbox.jsonl'));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(file('outbox.jsonl'), bytes);
    const again = open();
    expect(idsIn(again).slice(0, 4)).toEqual(ids.slice(0, 4));
    expect(again.outbox.nextBatch(9)).toHaveLength(4);
    expect(world.damages).toMatchObject([{ unreadable: 1 }]);
    expect(world.damages[0]?.setAside[0]).toContain('outbox.damaged-');
  });

  it('whose last line was cut short lacks what nobody was told is kept', () => {
    const store = open();
    const ids = five(store);
    close(store);
    truncateSync(file('outbox.jsonl'), statSync(file('outbox.jsonl')).size - 7);
    expect(idsIn(open())).toEqual(ids);
    expect(world.damages).toEqual([]);
  });

  it('asks about what only it knows of: it may have been taken back', () => {
    const store = open();
    const ids = five(store);
    close(store);
    const lines = readFileSync(file('outbox.jsonl'), 'utf8').split('\n');
    lines[0] = 'x';
    writeFileSync(file('outbox.jsonl'), lines.join('\n'));
    writeFileSync(file('store.sqlite'), 'damaged too '.repeat(1_000));
    const again = open();
    expect(idsIn(again)).toEqual(ids.slice(1));
    expect(again.outbox.counts()).toEqual({ waiting: 0, conflicts: 0, needsConfirmation: 4 });
    expect(world.damages).toMatchObject([{ unsent: 4, unreadable: 1 }]);
  });

  it('loses at most the lines that are hit, wherever and however much: nothing of the rest', () => {
    const store = open();
    const ids = five(store);
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
          const found = again.outbox.entries();
          close(again);
          if (!alsoTheDatabase) expect(found.map(({ operation }) => operation.id)).toEqual(ids);
          // A hit on a line's end takes the next line along.
          else expect(found.length).toBeGreaterThanOrEqual(5 - 2 * hits.length);
          for (const entry of found) expectUnharmed(entry, ids);
        },
      ),
      { numRuns: 60 },
    );
  });

  const expectUnharmed = ({ operation }: Entry, ids: readonly (string | null)[]): void => {
    expect(ids).toContain(operation.id);
    expect(operation).toMatchObject({ type: 'range.add', label: 'x'.repeat(200) });
  };
});

/** Makes it impossible to write the journal anew, as a full disk does; gives the way to end that. */
function blockRewriting(): () => void {
  mkdirSync(file('outbox.jsonl.new'));
  return () => rmdirSync(file('outbox.jsonl.new'));
}

/** Notes enough that the journal is written anew. */
function tireJournal(store: AccountStore): void {
  const [entry] = store.outbox.entries();
  if (entry === undefined) throw new Error('the outbox is empty');
  store.outbox.update(Array.from({ length: 2_100 }, () => entry));
}

/** What the disk has after a power cut: the journal, and of the database what was put there for good. */
function afterPowerCut(): AccountStore {
  const [database, journal] = [readFileSync(file('store.sqlite')), readFileSync(file('outbox.jsonl'))];
  world.closeAll();
  for (const suffix of ['-wal', '-shm']) rmSync(file(`store.sqlite${suffix}`), { force: true });
  writeFileSync(file('store.sqlite'), database);
  writeFileSync(file('outbox.jsonl'), journal);
  return open();
}

describe('when the journal is written anew', () => {
  it('a power cut does not bring back what was taken back', () => {
    const store = open();
    const ids = five(store);
    store.database.settle();
    store.outbox.undo(ids[2] ?? '');
    tireJournal(store);
    expect(statSync(file('outbox.jsonl')).size).toBeLessThan(5_000);
    expect(idsIn(afterPowerCut())).toEqual(ids.filter((id) => id !== ids[2]));
  });

  it('nor does one after the start that follows a crash', () => {
    const store = open();
    const ids = five(store);
    store.database.settle();
    store.outbox.undo(ids[2] ?? '');
    // Not closed: its log of the database is not on the disk for good.
    open();
    expect(idsIn(afterPowerCut())).toEqual(ids.filter((id) => id !== ids[2]));
  });

  it('and that fails, the edit has happened all the same, and it is tried again', () => {
    const store = open();
    const ids = five(store);
    const unblock = blockRewriting();
    tireJournal(store);
    const [another] = store.outbox.enqueue([adding({ cidr: '10.0.0.1/32' })], NOW_MS);
    expect(idsIn(store)).toEqual([...ids, another]);
    expect(statSync(file('outbox.jsonl')).size).toBeGreaterThan(100_000);
    unblock();
    store.outbox.undo(another ?? '');
    expect(statSync(file('outbox.jsonl')).size).toBeLessThan(5_000);
    close(store);
    expect(idsIn(open())).toEqual(ids);
  });

  it('at a start that fails in the middle of it, what only the old one knew is not lost', () => {
    const store = open();
    const ids = five(store);
    store.database.run('DELETE FROM outbox WHERE id = ?', [ids[4] ?? '']);
    close(store);
    const bytes = readFileSync(file('outbox.jsonl'));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(file('outbox.jsonl'), bytes);
    const unblock = blockRewriting();
    expect(() => open()).toThrow('EISDIR');
    unblock();
    const again = open();
    expect(idsIn(again)).toEqual(ids);
    expect(again.outbox.get(ids[4] ?? '')?.state).toMatchObject({
      kind: 'parked',
      reason: 'needs_confirmation',
      code: 'rescued',
    });
  });

  it.runIf(existsSync('/proc/self/fd'))('at a start that fails later, its file is closed', () => {
    const store = open();
    store.database.exec('DROP TABLE attempts');
    close(store);
    expect(() => open()).toThrow('no such table');
    const isOpen = readdirSync('/proc/self/fd').some((descriptor) => {
      const link = `/proc/self/fd/${descriptor}`;
      return existsSync(link) && readlinkSync(link) === file('outbox.jsonl');
    });
    expect(isOpen).toBe(false);
  });
});

describe('what is written when something goes wrong on the way', () => {
  it('is taken back from the journal when the database does not take it', () => {
    const store = open();
    const ids = five(store);
    store.database.exec(
      `CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    );
    expect(() => store.outbox.enqueue([adding({ cidr: '10.0.0.1/32' })], NOW_MS)).toThrow('disk full');
    expect(idsIn(store)).toEqual(ids);
    store.database.exec('DROP TRIGGER full');
    close(store);
    expect(idsIn(open())).toEqual(ids);
  });

  it('is there when the program ends between journal and database', () => {
    const store = open();
    const ids = five(store);
    // What the database had before the last step, as after a power cut, with the journal of after it.
    store.database.run('DELETE FROM outbox WHERE id = ?', [ids[4] ?? '']);
    close(store);
    expect(idsIn(open())).toEqual(ids);
  });

  it('stays taken back when the database was a moment behind', () => {
    const store = open();
    const [kept, undone] = five(store);
    const row = store.database.first('SELECT * FROM outbox WHERE id = ?', [undone ?? '']);
    store.outbox.undo(undone ?? '');
    store.database.run(
      `INSERT INTO outbox (id, position, operation, base, created_at, confirmed_at, attempts, last_error, state)
         VALUES (?, ?, ?, ?, ?, NULL, 0, NULL, ?)`,
      [undone ?? '', 2, String(row?.['operation']), 'null', NOW_MS, String(row?.['state'])],
    );
    close(store);
    const again = open();
    expect(idsIn(again)).toContain(kept);
    expect(idsIn(again)).not.toContain(undone);
  });
});
