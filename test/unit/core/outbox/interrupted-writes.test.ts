import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AccountStore } from '#electron/core/store/account-store';
import { adding, NOW_MS } from '#test/support/console/outbox-builders';
import { enqueueFive, idsIn, useAccountStores } from '#test/support/console/account-stores-world';

const world = useAccountStores();
const { open, close, file, damageJournal } = world;

/** Makes it impossible to write the journal anew, as a full disk does; gives the way to end that. */
function blockRewriting(): () => void {
  mkdirSync(file('outbox.jsonl.new'));
  return () => rmdirSync(file('outbox.jsonl.new'));
}

/** Notes enough that the journal is written anew. */
function tireJournal(store: AccountStore): void {
  const [queued] = store.outbox.all();
  if (queued === undefined) throw new Error('the outbox is empty');
  store.outbox.update(Array.from({ length: 2_100 }, () => queued));
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
    const ids = enqueueFive(store);
    store.database.settle();
    store.outbox.undo(ids[2] ?? '');
    tireJournal(store);
    expect(statSync(file('outbox.jsonl')).size).toBeLessThan(5_000);
    expect(idsIn(afterPowerCut())).toEqual(ids.filter((id) => id !== ids[2]));
  });

  it('nor does one after the start that follows a crash', () => {
    const store = open();
    const ids = enqueueFive(store);
    store.database.settle();
    store.outbox.undo(ids[2] ?? '');
    // Not closed: its log of the database is not on the disk for good.
    open();
    expect(idsIn(afterPowerCut())).toEqual(ids.filter((id) => id !== ids[2]));
  });

  it('and that fails, the operation has happened all the same, and it is tried again', () => {
    const store = open();
    const ids = enqueueFive(store);
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
    const ids = enqueueFive(store);
    store.database.run('DELETE FROM outbox WHERE id = ?', [ids[4] ?? '']);
    close(store);
    damageJournal();
    const unblock = blockRewriting();
    expect(() => open()).toThrow('EISDIR');
    unblock();
    const again = open();
    expect(idsIn(again)).toEqual(ids);
    expect(again.outbox.get(ids[4] ?? '')?.state).toMatchObject({
      kind: 'held',
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
    const ids = enqueueFive(store);
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
    const ids = enqueueFive(store);
    // What the database had before the last step, as after a power cut, with the journal of after it.
    store.database.run('DELETE FROM outbox WHERE id = ?', [ids[4] ?? '']);
    close(store);
    expect(idsIn(open())).toEqual(ids);
  });

  it('stays taken back when the database was a moment behind', () => {
    const store = open();
    const [kept, undone] = enqueueFive(store);
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
