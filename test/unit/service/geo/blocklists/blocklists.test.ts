import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SettingError } from '#service/config';
import { FileBlocklists, type BlocklistHit } from '#service/geo/blocklists/blocklists';
import { parseAddress } from '#shared/ip/index';
import { memoryLog, type LogEntry } from '#test/support/service/memory-log';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const HOUR_MS = 3_600_000;

let dir: string;
let log: ReturnType<typeof memoryLog>;
let running: FileBlocklists[];

beforeEach(() => {
  dir = makeTempDir('blocklists');
  log = memoryLog();
  running = [];
});
afterEach(async () => {
  for (const lists of running) await lists.stop();
  removeTempDir(dir);
});

const inDir = (...names: string[]): string => join(dir, ...names);

const write = (name: string, text: string): string => {
  writeFileSync(inDir(name), text);
  return inDir(name);
};

const create = (entries: readonly string[], pollIntervalMs = HOUR_MS): FileBlocklists => {
  const lists = new FileBlocklists({ entries, log, pollIntervalMs });
  running.push(lists);
  return lists;
};

const start = async (entries: readonly string[], pollIntervalMs = HOUR_MS): Promise<FileBlocklists> => {
  const lists = create(entries, pollIntervalMs);
  await lists.start();
  return lists;
};

const find = (lists: FileBlocklists, ip: string): BlocklistHit | null => {
  const parsed = parseAddress(ip);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return lists.find(parsed.address);
};

const entriesOf = (event: string): readonly LogEntry[] =>
  log.entries.filter((entry) => entry.event === event);

describe('blocklists', () => {
  it('say which list and which entry of it holds an address', async () => {
    const drop = write(
      'drop.txt',
      '; Spamhaus DROP\n1.10.16.0/20 ; SBL256894\n2001:db8::/32 ; SBL1\n203.0.113.10 - 203.0.113.20\n203.0.113.77',
    );
    const tor = write('tor.txt', 'ExitNode 0011\nExitAddress 198.51.100.7 2026-11-24 08:05:11\n');
    const lists = await start([drop, tor]);
    expect(
      [
        '1.10.31.255',
        '2001:db8:5::1',
        '203.0.113.15',
        '203.0.113.77',
        '::ffff:198.51.100.7',
        '1.10.32.0',
      ].map((ip) => find(lists, ip)),
    ).toEqual([
      { list: 'drop.txt', entry: '1.10.16.0/20' },
      { list: 'drop.txt', entry: '2001:db8::/32' },
      { list: 'drop.txt', entry: '203.0.113.10-203.0.113.20' },
      { list: 'drop.txt', entry: '203.0.113.77' },
      { list: 'tor.txt', entry: '198.51.100.7' },
      null,
    ]);
  });

  it('are none when none is set', async () => {
    expect(find(await start([]), '203.0.113.9')).toBeNull();
  });

  it('answer with the first of several that hold the address, in the order of the setting', async () => {
    const [b, a] = [write('b.txt', '203.0.113.0/24\n'), write('a.txt', '203.0.113.9\n')];
    expect(find(await start([b, a]), '203.0.113.9')).toEqual({ list: 'b.txt', entry: '203.0.113.0/24' });
    expect(find(await start([a, b]), '203.0.113.9')).toEqual({ list: 'a.txt', entry: '203.0.113.9' });
  });

  it('are all files right in a folder, but not what downloads and editors leave there', async () => {
    mkdirSync(inDir('lists', 'deeper'), { recursive: true });
    for (const [index, name] of [
      'one.netset',
      'two',
      '.hidden',
      'x.txt.tmp',
      'y.txt~',
      'deeper/z.txt',
    ].entries()) {
      write(`lists/${name}`, `203.0.113.${index}\n`);
    }
    const lists = await start([inDir('lists')]);
    expect(lists.stats().map(({ path }) => path)).toEqual([
      inDir('lists', 'one.netset'),
      inDir('lists', 'two'),
    ]);
  });

  it('that are set twice, by name and by folder, are read once', async () => {
    mkdirSync(inDir('lists'));
    const path = write('lists/a.txt', '203.0.113.9\n');
    const lists = await start([inDir('lists'), path]);
    await lists.reload();
    expect(lists.stats()).toHaveLength(1);
    expect(entriesOf('blocklists.loaded')).toHaveLength(1);
  });

  it('take the good lines of a file with bad ones, and count those once, the first of them by number', async () => {
    const bad = Array.from({ length: 9 }, (_, index) => `bad.example.${index}`).join('\r\n');
    const path = write(
      'mixed.txt',
      `# header\r\n203.0.113.9\r\n\r\n${bad}\r\n198.51.100.0/24\r\n0.0.0.0/0\r\n`,
    );
    const lists = await start([path]);
    expect(find(lists, '198.51.100.200')).not.toBeNull();
    expect(find(lists, '8.8.8.8')).toBeNull();
    await lists.reload();
    expect(entriesOf('blocklists.bad_lines')).toEqual([
      {
        level: 'warn',
        event: 'blocklists.bad_lines',
        fields: {
          file: path,
          badLines: 10,
          contentLines: 12,
          first: [4, 5, 6, 7, 8].map((line) => ({
            line,
            reason: expect.stringContaining('bad.example') as unknown,
          })),
        },
      },
    ]);
    expect(lists.stats()).toEqual([{ path, entries: 2, badLines: 10, memoryBytes: 16 }]);
  });

  it('read lines and characters over the pieces in which a file comes', async () => {
    const line = (index: number): string =>
      `203.0.${index >> 8}.${index & 255} # ${'ü'.repeat(index % 50)}\n`;
    const count = 20_000;
    const text = Array.from({ length: count }, (_, index) => line(index)).join('');
    const lists = await start([write('long.txt', text.slice(0, -1))]);
    expect(lists.stats()[0]).toMatchObject({ entries: count, badLines: 0 });
  });

  it('do not collect a file without line ends', async () => {
    const path = write('one-line.txt', `203.0.113.9\n${'1.2.3.4 '.repeat(50_000)}\n198.51.100.1`);
    const lists = await start([path]);
    expect(lists.stats()[0]).toMatchObject({ entries: 2, badLines: 1 });
  });
});

describe('at the start, GATEHOUSE_BLOCKLISTS is named when', () => {
  const refusal = async (entry: string): Promise<unknown> =>
    create([entry])
      .start()
      .then(
        () => undefined,
        (error: unknown) => error,
      );

  it('a file does not exist', async () => {
    const error = await refusal(inDir('missing.txt'));
    expect(error).toBeInstanceOf(SettingError);
    expect(error).toMatchObject({ message: `GATEHOUSE_BLOCKLISTS: ${inDir('missing.txt')} does not exist` });
  });

  it('a file is larger than 64 MB', async () => {
    const path = write('large.txt', '203.0.113.9\n');
    truncateSync(path, 64 * 1024 ** 2 + 1);
    const error = await refusal(path);
    expect(error).toBeInstanceOf(SettingError);
    expect(error).toMatchObject({
      message: `GATEHOUSE_BLOCKLISTS: ${path} has more than 64 MB, the most that a blocklist may have`,
    });
  });

  it('a folder has more files than are taken', async () => {
    mkdirSync(inDir('many'));
    for (let index = 0; index <= 500; index += 1) write(`many/${index}`, '');
    expect(await refusal(inDir('many'))).toMatchObject({
      message: `GATEHOUSE_BLOCKLISTS: ${inDir('many')} has 501 files, more than the 500 lists that are taken`,
    });
  });

  it('but not when a list has no usable line: that is an error in the log', async () => {
    const path = write('page.txt', '<html>\n<body>Not found</body>\n');
    const lists = await start([path]);
    expect(find(lists, '203.0.113.9')).toBeNull();
    expect(entriesOf('blocklists.nothing_usable')).toEqual([
      {
        level: 'error',
        event: 'blocklists.nothing_usable',
        fields: { file: path, reason: `${path} has lines, but not one that can be used` },
      },
    ]);
    writeFileSync(path, '203.0.113.9\n');
    await lists.reload();
    expect(find(lists, '203.0.113.9')).not.toBeNull();
  });
});

describe('when a list changes', () => {
  const OLD = { list: 'list.txt', entry: '203.0.113.9' };
  const NEW = { list: 'list.txt', entry: '203.0.113.0/24' };
  let path: string;
  beforeEach(() => {
    path = write('list.txt', '203.0.113.9\n');
  });

  it('it is read again, written in place or replaced by renaming', async () => {
    const lists = await start([path]);
    writeFileSync(path, '203.0.113.0/24\n');
    await lists.reload();
    expect(find(lists, '203.0.113.9')).toEqual(NEW);
    renameSync(write('list.new', '203.0.113.9\n'), path);
    await lists.reload();
    expect(find(lists, '203.0.113.9')).toEqual(OLD);
    await lists.reload();
    expect(entriesOf('blocklists.loaded')).toHaveLength(3);
  });

  it('it is noticed without being told', async () => {
    const lists = await start([path], 5);
    renameSync(write('list.new', '203.0.113.0/24\n'), path);
    await waitFor('the new list', () => find(lists, '203.0.113.9')?.entry === NEW.entry);
  });

  it('it is not read before it is the same at two looks, as it may still be written to', async () => {
    const lists = await start([path]);
    const seen: (string | undefined)[] = [];
    const look = async (): Promise<void> => {
      await lists.reload('settled');
      seen.push(find(lists, '203.0.113.9')?.entry);
    };
    writeFileSync(path, '198.51.100.1\n');
    await look();
    appendFileSync(path, '203.0.113.');
    await look();
    appendFileSync(path, '0/24\n');
    await look();
    await look();
    expect(seen).toEqual(['203.0.113.9', '203.0.113.9', '203.0.113.9', '203.0.113.0/24']);
    expect(entriesOf('blocklists.bad_lines')).toEqual([]);
  });

  it.each([
    ['has no usable line any more', 'blocklists.nothing_usable', 'error', '<html>\n'],
    ['is empty at once', 'blocklists.suddenly_empty', 'warn', ''],
  ])('and %s, the earlier version stays in force', async (_, event, level, text) => {
    const lists = await start([path]);
    writeFileSync(path, text);
    await lists.reload();
    await lists.reload();
    expect(find(lists, '203.0.113.9')).toEqual(OLD);
    expect(entriesOf(event)).toEqual([
      {
        level,
        event,
        fields: {
          file: path,
          reason: expect.stringMatching(/what was read before stays in force$/) as unknown,
        },
      },
    ]);
  });

  it('and grew too large, the earlier version stays in force', async () => {
    const lists = await start([path]);
    truncateSync(path, 64 * 1024 ** 2 + 1);
    await lists.reload();
    expect(find(lists, '203.0.113.9')).toEqual(OLD);
    expect(entriesOf('blocklists.unreadable')).toHaveLength(1);
  });

  it('and holds nothing but a comment, it is empty because that is meant', async () => {
    const lists = await start([path]);
    writeFileSync(path, '# nobody at the moment\n');
    await lists.reload();
    expect(find(lists, '203.0.113.9')).toBeNull();
  });

  it('and vanishes, it stays in force, is warned of once, and is read when it is back', async () => {
    const lists = await start([path]);
    rmSync(path);
    await lists.reload();
    await lists.reload();
    expect(find(lists, '203.0.113.9')).toEqual(OLD);
    expect(log.entries.filter(({ level }) => level !== 'info')).toEqual([
      {
        level: 'warn',
        event: 'blocklists.gone',
        fields: {
          file: path,
          reason: `${path} does not exist any more; what was read before stays in force`,
        },
      },
    ]);
    writeFileSync(path, '203.0.113.0/24\n');
    await lists.reload();
    expect(find(lists, '203.0.113.9')).toEqual(NEW);
  });

  it('files that come into a folder are read, and a folder that vanishes stays in force', async () => {
    mkdirSync(inDir('lists'));
    const lists = await start([inDir('lists')]);
    write('lists/b.txt', '203.0.113.0/24\n');
    await lists.reload();
    write('lists/a.txt', '203.0.113.9\n');
    await lists.reload();
    expect(find(lists, '203.0.113.9')).toEqual({ list: 'a.txt', entry: '203.0.113.9' });
    rmSync(inDir('lists'), { recursive: true });
    await lists.reload();
    await lists.reload();
    expect(find(lists, '203.0.113.1')).toEqual({ list: 'b.txt', entry: '203.0.113.0/24' });
    expect(entriesOf('blocklists.gone')).toHaveLength(2);
    expect(entriesOf('blocklists.unreadable')).toHaveLength(1);
  });
});
