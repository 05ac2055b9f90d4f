import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkData } from '#service/storage/check/check-data';
import { DATABASE_FILE } from '#service/storage/sqlite';
import { SqliteThread } from '#shared/sqlite/sqlite-thread';
import { PROCESS_FAULTS, postgresFaults, sqliteFaults } from '#test/support/service/faults/faults';
import { findingsOf, type Query } from '#test/support/service/faults/findings';
import { Member } from '#test/support/service/faults/member';
import { runSchedule } from '#test/support/service/faults/run-schedule';
import { hasPostgres } from '#test/support/service/postgres';
import { usePostgres } from '#test/support/service/postgres-world';
import { mayMount, mountSmallDisk, type SmallDisk } from '#test/support/small-disk';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

/** More of them, from any seed on: docs/faults.md. */
const SCHEDULES = Number(process.env['GATEHOUSE_FAULT_SCHEDULES'] ?? 2);
const FIRST_SEED = Number(process.env['GATEHOUSE_FAULT_SEED'] ?? 1);
const SEEDS = Array.from({ length: SCHEDULES }, (_, n) => FIRST_SEED + n);
const TITLE = 'lose nothing that was answered, do nothing twice, and let nobody in by mistake: schedule %i';
const TIMEOUT = { timeout: 180_000 };

let members: Member[];
beforeEach(() => {
  members = [];
});
afterEach(() => Promise.all(members.map((member) => member.remove())));

describe.skipIf(!hasPostgres())('two processes on one PostgreSQL, with two faults at once', () => {
  const world = usePostgres({ durable: true });
  let folder: string;
  beforeEach(() => {
    folder = makeTempDir('faults');
  });
  afterEach(() => removeTempDir(folder));

  it.each(SEEDS)(TITLE, TIMEOUT, async (seed) => {
    for (const name of ['a', 'b']) members.push(await Member.sharing(world.url, join(folder, name)));
    const traffic = await runSchedule(seed, members, {
      ...PROCESS_FAULTS,
      ...postgresFaults(world.postgres),
    });
    expect(await findingsOf(traffic, (sql) => world.query(sql))).toEqual([]);
    expect(await checkData({ dataDir: folder, databaseUrl: world.url })).toEqual([]);
  });
});

describe.skipIf(!mayMount)('a process with an SQLite database, with two faults at once', () => {
  let disk: SmallDisk;
  beforeEach(() => {
    disk = mountSmallDisk('64m');
  });
  afterEach(() => disk.remove());

  it.each(SEEDS)(TITLE, TIMEOUT, async (seed) => {
    const file = join(disk.folder, DATABASE_FILE);
    const member = await Member.alone(disk.folder);
    members.push(member);
    const traffic = await runSchedule(seed, members, { ...PROCESS_FAULTS, ...sqliteFaults(disk, file) });
    await member.end('stop');
    const reader = new SqliteThread({ file, access: 'read' });
    try {
      expect(await findingsOf(traffic, queryOver(reader))).toEqual([]);
    } finally {
      await reader.close();
    }
    expect(await checkData({ dataDir: disk.folder })).toEqual([]);
  });
});

function queryOver(reader: SqliteThread): Query {
  return async <Row extends object>(sql: string) => {
    const { columns = [], rows = [] } = await reader.run(sql);
    return rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]])) as Row);
  };
}
