import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileTransport } from '#service/mail/transport';
import { failToStart, startServiceProcess } from '#test/support/service/service-process';
import { httpCall } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const TOKEN = 'process-test-token-012345';
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

const modeOf = (path: string): number => statSync(path).mode & 0o777;

/** What is open to others in the folder, itself included. */
const openToOthers = (folder: string): string[] =>
  ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].filter(
    (name) => (modeOf(join(folder, name)) & 0o077) !== 0,
  );

const readAsNobody = (path: string): string =>
  spawnSync('cat', [path], { uid: NOBODY, gid: NOBODY, encoding: 'utf8' }).stderr;

describe.skipIf(process.platform === 'win32')('the data folder', () => {
  let parent: string;
  let dataDir: string;
  let umask: number;
  beforeEach(() => {
    parent = makeTempDir('private');
    chmodSync(parent, 0o755);
    dataDir = join(parent, 'data');
    // A process takes over what its parent has; this one hides nothing.
    umask = process.umask(0);
  });
  afterEach(() => {
    process.umask(umask);
    removeTempDir(parent);
  });

  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    GATEHOUSE_DATA_DIR: dataDir,
    GATEHOUSE_LISTEN: '127.0.0.1:0',
    GATEHOUSE_OWNER_TOKEN: TOKEN,
    ...more,
  });

  it('and all that is made in it is closed to others, whatever the umask is', async () => {
    const service = await startServiceProcess(env({ GATEHOUSE_OWNER_TOKEN: '' }));
    expect(readdirSync(dataDir)).toEqual(
      expect.arrayContaining([
        'gatehouse.lock',
        'gatehouse.sqlite',
        'gatehouse.sqlite-wal',
        'owner-token.txt',
      ]),
    );
    expect(openToOthers(dataDir)).toEqual([]);
    await service.stop();
  });

  it('is closed with all that was open in it, also what a killed service left', async () => {
    const killed = await startServiceProcess(env());
    await killed.kill();
    mkdirSync(join(dataDir, 'mail'));
    for (const name of readdirSync(dataDir)) chmodSync(join(dataDir, name), name === 'mail' ? 0o777 : 0o666);
    chmodSync(dataDir, 0o777);
    expect(openToOthers(dataDir)).toContain('gatehouse.sqlite-wal');

    const service = await startServiceProcess(env());
    expect(openToOthers(dataDir)).toEqual([]);
    if (isRoot) {
      for (const name of ['gatehouse.lock', 'gatehouse.sqlite', 'gatehouse.sqlite-wal']) {
        expect(readAsNobody(join(dataDir, name))).toContain('Permission denied');
        // Without the folder's help as well.
        expect(modeOf(join(dataDir, name))).toBe(0o600);
      }
    }
    const answer = await httpCall(`${service.url}/v1/account`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(answer.status).toBe(200);
    await service.stop();
  });

  it('may be named by a link to a folder of ours', async () => {
    const link = join(parent, 'link');
    mkdirSync(dataDir, { mode: 0o755 });
    symlinkSync(dataDir, link);
    const service = await startServiceProcess(env({ GATEHOUSE_DATA_DIR: link }));
    expect(openToOthers(dataDir)).toEqual([]);
    await service.stop();
  });

  it.each(['gatehouse.lock', 'gatehouse.sqlite', 'gatehouse.sqlite-wal', 'owner-token.txt', 'mail'])(
    'is refused with a link in place of %s, and what that leads to is left alone',
    async (name) => {
      mkdirSync(dataDir, { mode: 0o700 });
      const victim = join(parent, 'victim');
      if (name === 'mail') mkdirSync(victim, { mode: 0o755 });
      else writeFileSync(victim, '', { mode: 0o644 });
      symlinkSync(victim, join(dataDir, name));
      const { code, stderr } = await failToStart(env({ GATEHOUSE_OWNER_TOKEN: '' }));
      expect(code).toBe(1);
      const lastLine = stderr.trim().split('\n').at(-1);
      expect(lastLine).toMatch(/^GATEHOUSE_DATA_DIR: [^\n]+ is a symbolic link[^\n]+$/);
      expect(lastLine).toContain(join(dataDir, name));
      expect(modeOf(victim) & 0o077).not.toBe(0);
      if (name !== 'mail') expect(readFileSync(victim, 'utf8')).toBe('');
    },
  );

  it('gets the owner’s token in a new file, not in one that was there', async () => {
    mkdirSync(dataDir, { mode: 0o700 });
    const file = join(dataDir, 'owner-token.txt');
    writeFileSync(file, 'old', { mode: 0o644 });
    // Somebody has it open since it was open to all.
    const held = openSync(file, 'r');
    const service = await startServiceProcess(env({ GATEHOUSE_OWNER_TOKEN: '' }));
    expect(modeOf(file)).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain('old');
    expect(readFileSync(held, 'utf8')).toBe('old');
    closeSync(held);
    await service.stop();
  });

  it.runIf(isRoot)('is refused where it belongs to another user', async () => {
    mkdirSync(dataDir, { mode: 0o777 });
    chownSync(dataDir, NOBODY, NOBODY);
    const { code, stderr } = await failToStart(env());
    expect(code).toBe(1);
    expect(stderr.trim()).toBe(
      `GATEHOUSE_DATA_DIR: ${dataDir} belongs to another user (number ${NOBODY}); name a folder of the service’s own, which may be inside it.`,
    );
    expect(readdirSync(dataDir)).toEqual([]);
    expect(modeOf(dataDir)).toBe(0o777);
  });

  it.runIf(isRoot).each(['gatehouse.lock', 'gatehouse.sqlite', 'owner-token.txt', 'mail'])(
    'is refused where %s in it belongs to another user',
    async (name) => {
      mkdirSync(dataDir, { mode: 0o700 });
      const path = join(dataDir, name);
      if (name === 'mail') mkdirSync(path);
      else writeFileSync(path, '');
      chownSync(path, NOBODY, NOBODY);
      const { code, stderr } = await failToStart(env({ GATEHOUSE_OWNER_TOKEN: '' }));
      expect(code).toBe(1);
      const lastLine = stderr.trim().split('\n').at(-1);
      expect(lastLine).toMatch(/^GATEHOUSE_DATA_DIR: [^\n]+ belongs to another user [^\n]+$/);
      expect(lastLine).toContain(path);
    },
  );
});

describe.skipIf(process.platform === 'win32')('a message as a file', () => {
  it('follows no link that was put where it is written', async () => {
    const dataDir = makeTempDir('mail-files');
    const victim = join(dataDir, 'victim');
    writeFileSync(victim, 'untouched');
    const message = { id: 'ID', createdAt: 0, from: 'a@b.example', to: 'c@d.example', raw: Buffer.from('x') };
    const transport = createFileTransport(dataDir);
    await transport.send(message, new AbortController().signal);
    const [name = ''] = readdirSync(join(dataDir, 'mail'));
    const file = join(dataDir, 'mail', name);
    symlinkSync(victim, `${file}.tmp`);
    await transport.send(message, new AbortController().signal);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(readFileSync(file, 'utf8')).toBe('x');
    expect(existsSync(`${file}.tmp`)).toBe(false);
    removeTempDir(dataDir);
  });
});
