import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMenuEntry, withSchemeHandler } from '#electron/platform/login-item/menu-entry';
import type { ThisStart } from '#electron/platform/login-item/login-item';
import { linuxParts } from '#test/support/desktop/requirements';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

vi.mock('electron', () => ({ app: {} }));

const LINK = 'gatehouse://review/01M86BXPBE0GJ6ZGJSCPT3Q150';
const ICON = join(import.meta.dirname, '../../../resources/icons/gatehouse.png');

/** Opens a link as a desktop does, or says that nothing would. */
const OPEN = `
import sys
from gi.repository import Gio
app = Gio.AppInfo.get_default_for_uri_scheme('gatehouse')
print(app.get_name() + ' ' + app.get_icon().to_string() if app else 'nobody')
if app: app.launch_uris([sys.argv[1]], None)
`;
/** Takes the place of the app: it writes down how it was started, in one step. */
const writeDown = (file: string): string => `
const { renameSync, writeFileSync } = require('node:fs');
const file = ${JSON.stringify(file)};
writeFileSync(file + '.new', JSON.stringify(process.argv.slice(2)));
renameSync(file + '.new', file);
`;

describe.skipIf(!linuxParts().ok)('the entry in the menu of the desktop', () => {
  let folder: string;
  beforeEach(() => {
    folder = makeTempDir('menu-entry');
  });
  afterEach(() => removeTempDir(folder));

  const env = (): Record<string, string> => ({
    ...(process.env as Record<string, string>),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CONFIG_HOME: join(folder, 'config'),
  });
  const start = (changes: Partial<ThisStart> = {}): ThisStart => ({
    platform: 'linux',
    env: env(),
    executable: process.execPath,
    appFolder: undefined,
    argv: [],
    ...changes,
  });
  const openLink = async (): Promise<string> => {
    const { stdout } = await promisify(execFile)('/usr/bin/python3', ['-c', OPEN, LINK], { env: env() });
    return stdout.trim();
  };

  it('opens links, has an icon, and leaves nothing behind when it is removed', async () => {
    // Stands for the folder of a checkout, with a space in its name.
    const app = join(folder, 'my app.cjs');
    const started = join(folder, 'started');
    writeFileSync(app, writeDown(started));
    const entry = createMenuEntry(start({ appFolder: app }), ICON);
    expect(entry.isOn()).toBe(false);
    entry.set(true);
    expect(entry.isOn()).toBe(true);
    expect(await openLink()).toBe('Gatehouse gatehouse');
    const args = await waitFor('the program', () => {
      try {
        return JSON.parse(readFileSync(started, 'utf8')) as unknown;
      } catch {
        return undefined;
      }
    });
    expect(args).toEqual([LINK]);
    expect(readFileSync(join(folder, 'data/icons/hicolor/256x256/apps/gatehouse.png'))).toEqual(
      readFileSync(ICON),
    );

    entry.set(false);
    expect(entry.isOn()).toBe(false);
    expect(readdirSync(join(folder, 'data/applications'))).toEqual([]);
    expect(readdirSync(join(folder, 'data/icons/hicolor/256x256/apps'))).toEqual([]);
    expect(await openLink()).toBe('nobody');
  });

  it('leaves what else opens what as it is', () => {
    const list =
      '[Added Associations]\ntext/plain=a.desktop;\n\n[Default Applications]\ntext/html=b.desktop\n';
    mkdirSync(join(folder, 'config'));
    const path = join(folder, 'config/mimeapps.list');
    writeFileSync(path, list);
    const entry = createMenuEntry(start(), ICON);
    entry.set(true);
    expect(readFileSync(path, 'utf8')).toContain(
      'x-scheme-handler/gatehouse=gatehouse.desktop\ntext/html=b.desktop\n',
    );
    entry.set(true);
    entry.set(false);
    expect(readFileSync(path, 'utf8')).toBe(list);
    expect(withSchemeHandler('[Added Associations]', true)).toBe(
      '[Added Associations]\n[Default Applications]\nx-scheme-handler/gatehouse=gatehouse.desktop\n',
    );
  });

  it('is not offered to a console on a folder of its own, nor elsewhere than on Linux', () => {
    expect(createMenuEntry(start(), ICON).isToBeOffered).toBe(true);
    expect(createMenuEntry(start({ argv: ['--user-data-dir=/x'] }), ICON)).toMatchObject({
      isSupported: true,
      isToBeOffered: false,
    });
    expect(createMenuEntry(start({ platform: 'darwin' }), ICON).isSupported).toBe(false);
  });
});
