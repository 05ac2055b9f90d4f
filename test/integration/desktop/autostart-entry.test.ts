import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAutostartOn, writeAutostart } from '#electron/platform/login-item/autostart-entry';
import { linuxParts } from '#test/support/desktop/requirements';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

/** Starts what an entry says, as a desktop does. */
const LAUNCH = `
import sys
from gi.repository import Gio
Gio.DesktopAppInfo.new_from_filename(sys.argv[1]).launch([], None)
`;
/** Writes down how it was started, in one step: whoever waits for the file finds all of it. */
const WRITE_DOWN = `
const { renameSync, writeFileSync } = require('node:fs');
const [file, ...args] = process.argv.slice(1);
writeFileSync(file + '.new', JSON.stringify({ args, trial: process.env.TRIAL ?? null }));
renameSync(file + '.new', file);
`;

describe.skipIf(!linuxParts().ok)('an autostart entry', () => {
  let folder: string;
  beforeEach(() => {
    folder = makeTempDir('autostart');
  });
  afterEach(() => removeTempDir(folder));

  it.each<[string, readonly string[], Readonly<Record<string, string>>]>([
    ['plain words', ['/src/gatehouse', '--hidden'], {}],
    ['a variable', ['--hidden'], { TRIAL: '33.2.1' }],
    ['a variable with a space', [], { TRIAL: 'a b' }],
    [
      'spaces and what a shell would read',
      ['/home/ada/My "Gate" $HOME `id` it’s 100 %u; & | > * ? # ~ \\n'],
      {},
    ],
    ['line ends, tabs and backslashes', ['a\nb', 'c\td', '\\', '\\\\', ''], {}],
  ])('starts the program with its arguments as they are: %s', async (_what, args, env) => {
    const entry = join(folder, 'gatehouse.desktop');
    const file = join(folder, 'started');
    writeAutostart(entry, { program: process.execPath, args: ['-e', WRITE_DOWN, file, ...args], env });
    expect(isAutostartOn(entry)).toBe(true);
    await promisify(execFile)('/usr/bin/python3', ['-c', LAUNCH, entry]);
    const started = await waitFor('the program', () => {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as unknown;
      } catch {
        return undefined;
      }
    });
    expect(started).toEqual({ args, trial: env['TRIAL'] ?? null });
  });
});
