import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createLoginItem,
  startCommand,
  type ThisStart,
  wasStartedHidden,
} from '#electron/platform/login-item/login-item';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

/** The list of macOS and of Windows, which compares whole command lines. */
const system = vi.hoisted(() => ({
  set: [] as { openAtLogin: boolean; path?: string; args?: string[] }[],
  openAtLogin: false,
  wasOpenedAtLogin: false,
  command: '',
}));
vi.mock('electron', () => ({
  app: {
    setLoginItemSettings(settings: { openAtLogin: boolean; path?: string; args?: string[] }) {
      system.set.push(settings);
      system.openAtLogin = settings.openAtLogin;
      system.command = JSON.stringify([settings.path, settings.args]);
    },
    getLoginItemSettings: ({ path, args }: { path?: string; args?: string[] } = {}) => ({
      openAtLogin: system.openAtLogin,
      executableWillLaunchAtLogin: system.openAtLogin && system.command === JSON.stringify([path, args]),
      wasOpenedAtLogin: system.wasOpenedAtLogin,
    }),
  },
}));

let folder: string;
beforeEach(() => {
  folder = makeTempDir('login-item');
  Object.assign(system, { set: [], openAtLogin: false, wasOpenedAtLogin: false, command: '' });
});
afterEach(() => removeTempDir(folder));

const start = (changes: Partial<ThisStart> = {}): ThisStart => ({
  platform: 'linux',
  env: { XDG_CONFIG_HOME: folder },
  executable: '/opt/Gatehouse/gatehouse',
  appFolder: undefined,
  argv: ['/opt/Gatehouse/gatehouse'],
  ...changes,
});

describe('the start at login on Linux', () => {
  const entry = (): string => join(folder, 'autostart', 'gatehouse.desktop');

  it('is an entry of the person’s, put there whole and taken away', () => {
    const item = createLoginItem(start());
    expect([item.isSupported, item.isOn()]).toEqual([true, false]);
    item.set(true, true);
    expect(item.isOn()).toBe(true);
    expect(readFileSync(entry(), 'utf8')).toMatch(/^\[Desktop Entry\]\nType=Application\nName=Gatehouse\n/);
    expect(readFileSync(entry(), 'utf8')).toContain('\nExec=/opt/Gatehouse/gatehouse --hidden\n');
    item.set(true, false);
    expect(readFileSync(entry(), 'utf8')).toContain('\nExec=/opt/Gatehouse/gatehouse\n');
    expect(readdirSync(join(folder, 'autostart'))).toEqual(['gatehouse.desktop']);
    item.set(false, true);
    expect(existsSync(entry())).toBe(false);
    item.set(false, true);
    expect(item.isOn()).toBe(false);
  });

  it.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false'])(
    'is off where a person has switched it off in the desktop’s settings: %s',
    (line) => {
      const item = createLoginItem(start());
      item.set(true, true);
      writeFileSync(entry(), `${readFileSync(entry(), 'utf8')}${line}\n`);
      expect(item.isOn()).toBe(false);
      item.set(true, true);
      expect(item.isOn()).toBe(true);
    },
  );

  it('leaves the old entry when the new one cannot be written, and says why', () => {
    const item = createLoginItem(start());
    item.set(true, true);
    const before = readFileSync(entry(), 'utf8');
    mkdirSync(`${entry()}.new`);
    expect(() => item.set(true, false)).toThrow(/EISDIR/);
    expect(readFileSync(entry(), 'utf8')).toBe(before);
  });
});

describe('the command that starts the same console again', () => {
  it.each<[string, Partial<ThisStart>, boolean, ReturnType<typeof startCommand>]>([
    ['an installed app', {}, true, { program: '/opt/Gatehouse/gatehouse', args: ['--hidden'], env: {} }],
    [
      'an AppImage, not the folder into which it is unpacked',
      { env: { APPIMAGE: '/home/ada/Gatehouse.AppImage' }, executable: '/tmp/.mount_Gateho/gatehouse' },
      false,
      { program: '/home/ada/Gatehouse.AppImage', args: [], env: {} },
    ],
    [
      'a checkout on the trial runtime, with what that needs',
      {
        env: { GATEHOUSE_TRIAL_RUNTIME: '33.2.1' },
        executable: '/cache/electron',
        appFolder: '/src/gatehouse',
        argv: [
          '/cache/electron',
          '--no-sandbox',
          '/src/gatehouse',
          '--user-data-dir=/data/second',
          'gatehouse://x',
        ],
      },
      true,
      {
        program: '/cache/electron',
        args: ['/src/gatehouse', '--no-sandbox', '--user-data-dir=/data/second', '--hidden'],
        env: { GATEHOUSE_TRIAL_RUNTIME: '33.2.1' },
      },
    ],
    [
      'a folder that was named from where it was started',
      { argv: ['gatehouse', '--user-data-dir=second'] },
      false,
      {
        program: '/opt/Gatehouse/gatehouse',
        args: [`--user-data-dir=${join(process.cwd(), 'second')}`],
        env: {},
      },
    ],
  ])('is that of %s', (_what, changes, hidden, command) => {
    expect(startCommand(start(changes), hidden)).toEqual(command);
  });
});

describe('the start at login elsewhere', () => {
  it('is on Windows the whole command line, found again with and without a window', () => {
    const item = createLoginItem(
      start({ platform: 'win32', executable: 'C:\\Gatehouse\\Gatehouse.exe', env: {} }),
    );
    expect(item.isOn()).toBe(false);
    item.set(true, true);
    expect(system.set).toEqual([
      { openAtLogin: true, path: 'C:\\Gatehouse\\Gatehouse.exe', args: ['"--hidden"'] },
    ]);
    expect(item.isOn()).toBe(true);
    item.set(true, false);
    expect(item.isOn()).toBe(true);
    item.set(false, false);
    expect(item.isOn()).toBe(false);
  });

  it('is on macOS that of the bundle, and not there in a checkout', () => {
    const item = createLoginItem(start({ platform: 'darwin' }));
    item.set(true, true);
    expect(system.set).toEqual([{ openAtLogin: true }]);
    expect([item.isSupported, item.isOn()]).toEqual([true, true]);
    expect(createLoginItem(start({ platform: 'darwin', appFolder: '/src/gatehouse' })).isSupported).toBe(
      false,
    );
  });

  it('is refused on other systems', () => {
    const item = createLoginItem(start({ platform: 'freebsd' }));
    expect([item.isSupported, item.isOn()]).toEqual([false, false]);
    expect(() => item.set(true, true)).toThrow(/cannot be started at login/);
  });
});

describe('a start without a window', () => {
  it.each<[string, Partial<ThisStart>, boolean, boolean, boolean]>([
    ['is asked for on the command line', { argv: ['gatehouse', '--hidden'] }, false, false, true],
    ['is not asked for', {}, true, true, false],
    ['follows on macOS from the start at login', { platform: 'darwin' }, true, true, true],
    ['does not, where it is not wished', { platform: 'darwin' }, false, true, false],
    ['does not, when a person started it', { platform: 'darwin' }, true, false, false],
  ])('%s', (_what, changes, startHidden, wasOpenedAtLogin, hidden) => {
    system.wasOpenedAtLogin = wasOpenedAtLogin;
    expect(wasStartedHidden(start(changes), startHidden)).toBe(hidden);
  });
});
