import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile } from '#electron/core/replace-file';
import { FileOutboxJournal } from '#electron/core/store/outbox-journal';
import { makePrivateFolder } from '#electron/core/store/private-folder';
import { startConsole } from '#test/support/console/test-console';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

describe.skipIf(process.platform === 'win32')('the console’s folder', () => {
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = makeTempDir('private-console');
    folder = join(parent, 'console');
  });
  afterEach(() => removeTempDir(parent));
  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  it('is made for this user alone', () => {
    makePrivateFolder(folder);
    expect(modeOf(folder)).toBe(0o700);
  });

  it('is closed by a console that starts in it, with its database', async () => {
    await startConsole({ folder }).stop();
    const database = join(folder, 'gatehouse.sqlite');
    chmodSync(database, 0o644);
    chmodSync(folder, 0o755);
    const console = startConsole({ folder });
    expect(modeOf(folder)).toBe(0o700);
    for (const path of [database, `${database}-wal`]) expect(modeOf(path)).toBe(0o600);
    await console.stop();
  });

  it.runIf(isRoot)('is refused where it belongs to another user', () => {
    mkdirSync(folder);
    chownSync(folder, NOBODY, NOBODY);
    expect(() => startConsole({ folder })).toThrow(`${folder} belongs to another user`);
  });

  it.runIf(isRoot)('is refused where somebody else has put a link into it', () => {
    mkdirSync(join(folder, 'accounts'), { recursive: true });
    chmodSync(folder, 0o777);
    const link = join(folder, 'accounts', 'x.sqlite');
    symlinkSync('/etc/passwd', link);
    lchownSync(link, NOBODY, NOBODY);
    expect(() => makePrivateFolder(folder)).toThrow(`${link} was put there by another user`);
  });

  it('has files that are written anew follow no link', () => {
    makePrivateFolder(folder);
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'untouched');
    for (const name of ['profile.json', 'journal']) symlinkSync(victim, join(folder, `${name}.new`));
    replaceFile(join(folder, 'profile.json'), '{}', 0o600);
    new FileOutboxJournal(join(folder, 'journal'), []).close();
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(readFileSync(join(folder, 'profile.json'), 'utf8')).toBe('{}');
    // What was left of a run that was killed, open to all, hands its mode on to nothing.
    writeFileSync(join(folder, 'profile.json.new'), 'half', { mode: 0o644 });
    replaceFile(join(folder, 'profile.json'), '{}', 0o600);
    expect(modeOf(join(folder, 'profile.json'))).toBe(0o600);
  });
});
