import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportHead, exportLines } from '#shared/domain/attempt-export';
import type { Attempt } from '#shared/domain/entities';
import type { ExportFormat } from '#shared/domain/export-format';
import type { LogFilter } from '#shared/ipc/log';
import { AttemptStore } from '#electron/core/store/attempts';
import { LogReader } from '#electron/core/store/log-reader';
import { LogExport } from '#electron/core/use-cases/export-log';
import type { ReadingCore } from '#electron/core/use-cases/log-figures';
import { makeAttempt } from '#test/support/console/builders';
import { FakeClock } from '#test/support/console/fake-clock';
import { memoryDatabase } from '#test/support/console/memory-store';
import { value } from '#test/support/console/value';
import { mayMount, mountSmallDisk } from '#test/support/small-disk';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const ROWS = 1_230;
const rows: readonly Attempt[] = Array.from({ length: ROWS }, (_, number) =>
  makeAttempt({
    id: `01J${String(number).padStart(23, '0')}`,
    verdict: number % 3 === 0 ? 'blocked' : 'allowed',
    userAgent: number === 6 ? '=HYPERLINK("x"), "quoted"' : 'curl/8',
  }),
);
const newestFirst = rows.toReversed();

let folder: string;
let reader: LogReader;

beforeEach(() => {
  folder = makeTempDir('export');
  const database = memoryDatabase();
  const store = new AttemptStore(database, () => 2 * ROWS);
  for (const row of rows) store.put(row, 1);
  reader = new LogReader(database, undefined);
});
afterEach(() => removeTempDir(folder));

const core = (): ReadingCore =>
  ({
    clock: new FakeClock(),
    replica: { lastSyncAt: 'now', store: { log: reader }, mirror: { state: { logCompleteFrom: '' } } },
  }) as unknown as ReadingCore;

interface Wanted {
  readonly path: string | null;
  readonly filter?: LogFilter;
  readonly format?: ExportFormat;
  readonly onProgress?: (exporter: LogExport) => void;
}

function run({ path, filter = {}, format = 'csv', onProgress }: Wanted) {
  const told: unknown[] = [];
  const exporter: LogExport = new LogExport({
    publisher: {
      publish: (_group, _name, payload) => {
        told.push(payload);
        onProgress?.(exporter);
      },
    },
    chooseSaveFile: () => Promise.resolve(path),
  });
  return { told, exporter, outcome: exporter.run(core(), { filter, format }) };
}

describe('an export of the log', () => {
  it.each(['csv', 'ndjson'] as const)(
    'writes what matches as the service does, newest first (%s)',
    async (format) => {
      const path = join(folder, `log.${format}`);
      const { outcome, told } = run({ path, format, filter: { verdict: 'blocked' } });
      const matching = newestFirst.filter(({ verdict }) => verdict === 'blocked');
      expect(value(await outcome)).toEqual({ path, rows: matching.length, completeFrom: null });
      expect(readFileSync(path, 'utf8')).toBe(exportHead(format) + exportLines(format, matching));
      expect(readdirSync(folder)).toEqual([`log.${format}`]);
      expect(told[0]).toEqual({ rows: matching.length, of: matching.length });
    },
  );

  it('leaves the file as it was when it is stopped', async () => {
    const path = join(folder, 'log.csv');
    writeFileSync(path, 'before');
    const { outcome } = run({ path, onProgress: (exporter) => exporter.stop() });
    expect(value(await outcome)).toBeNull();
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['log.csv']);
  });

  it('writes nothing when no file is chosen, and is refused while another runs', async () => {
    expect(value(await run({ path: null }).outcome)).toBeNull();
    const { exporter, outcome } = run({ path: join(folder, 'log.csv') });
    const second = await exporter.run(core(), { filter: {}, format: 'csv' });
    expect(second).toMatchObject({ ok: false, failure: { kind: 'conflict', code: 'export_runs' } });
    expect(value(await outcome)).toMatchObject({ rows: ROWS });
  });

  it('refuses a filter that means nothing, and a folder that is not there', async () => {
    const path = join(folder, 'log.csv');
    expect(await run({ path, filter: { ip: 'nonsense' } }).outcome).toMatchObject({
      ok: false,
      failure: { kind: 'invalid', field: 'ip' },
    });
    expect(existsSync(path)).toBe(false);
    expect(await run({ path: join(folder, 'gone', 'log.csv') }).outcome).toMatchObject({
      ok: false,
      failure: { kind: 'storage', message: 'Gatehouse cannot write there. Choose another place.' },
    });
  });

  it.skipIf(!mayMount)('says that the disk is full, and leaves nothing on it', async () => {
    const disk = mountSmallDisk('2m');
    try {
      disk.fill(20_000);
      const outcome = await run({ path: join(disk.folder, 'log.csv') }).outcome;
      expect(outcome).toMatchObject({ ok: false, failure: { kind: 'storage', code: 'full' } });
      expect(readdirSync(disk.folder)).toEqual(['filler']);
    } finally {
      disk.remove();
    }
  });
});
