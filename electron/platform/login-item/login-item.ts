import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { app } from 'electron';
import type { LoginItem } from '../../core/ports';
import { isAutostartOn, type StartCommand, writeAutostart } from './autostart-entry';

/** Asks for a start without a window. */
export const HIDDEN_SWITCH = '--hidden';

export const DESKTOP_FILE = 'gatehouse.desktop';

/** The facts about this run that a start at login repeats. */
export interface ThisStart {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly executable: string;
  /** The app's folder if the executable is a runtime that takes one; undefined if it is the app itself. */
  readonly appFolder: string | undefined;
  readonly argv: readonly string[];
}

export function createLoginItem(start: ThisStart): LoginItem {
  switch (start.platform) {
    case 'linux':
      return onFreedesktop(start);
    case 'win32':
      return onWindows(start);
    case 'darwin':
      return onMac(start);
    default:
      return unsupported;
  }
}

/** Without these switches the next run would not start, or not find its key store. */
const KEPT_SWITCHES = /^--(no-sandbox|ozone-platform=.*|password-store=.*)$/;
export const USER_DATA_SWITCH = '--user-data-dir=';

/** Returns the arguments with which any other process of this program starts. */
export function sameProgram({ appFolder, argv }: ThisStart): readonly string[] {
  return [
    ...(appFolder === undefined ? [] : [appFolder]),
    ...argv.filter((argument) => KEPT_SWITCHES.test(argument)),
  ];
}

export function startCommand({ env, executable, appFolder, argv }: ThisStart, hidden: boolean): StartCommand {
  const trial = env['GATEHOUSE_TRIAL_RUNTIME'];
  return {
    // An AppImage's inner folder is gone after the session.
    program: env['APPIMAGE'] ?? executable,
    args: [
      ...(appFolder === undefined ? [] : [appFolder]),
      ...argv.flatMap(kept),
      ...(hidden ? [HIDDEN_SWITCH] : []),
    ],
    env: trial === undefined ? {} : { GATEHOUSE_TRIAL_RUNTIME: trial },
  };
}

function kept(argument: string): readonly string[] {
  if (KEPT_SWITCHES.test(argument)) return [argument];
  if (!argument.startsWith(USER_DATA_SWITCH)) return [];
  // Another folder is another console. The next start may have another working directory.
  return [`${USER_DATA_SWITCH}${resolve(argument.slice(USER_DATA_SWITCH.length))}`];
}

function onFreedesktop(start: ThisStart): LoginItem {
  const path = join(xdgFolder(start.env['XDG_CONFIG_HOME'], '.config'), 'autostart', DESKTOP_FILE);
  return {
    isSupported: true,
    isOn: () => isAutostartOn(path),
    set(on, hidden) {
      if (on) writeAutostart(path, startCommand(start, hidden));
      else rmSync(path, { force: true });
    },
  };
}

/** The XDG specification says that a relative path is ignored. */
export function xdgFolder(named: string | undefined, usual: string): string {
  return named !== undefined && isAbsolute(named) ? named : join(homedir(), usual);
}

function onWindows(start: ThisStart): LoginItem {
  const commandOf = (hidden: boolean): { path: string; args: string[] } => {
    const { program, args } = startCommand(start, hidden);
    // Windows keeps one line of text.
    return { path: program, args: args.map((argument) => `"${argument}"`) };
  };
  return {
    isSupported: true,
    // Windows compares the whole command line, and a hidden start has another one.
    isOn: () =>
      [true, false].some((hidden) => app.getLoginItemSettings(commandOf(hidden)).executableWillLaunchAtLogin),
    set: (on, hidden) => app.setLoginItemSettings({ openAtLogin: on, ...commandOf(hidden) }),
  };
}

/** macOS gives the app no arguments at login; `wasStartedHidden` asks it afterwards. */
function onMac({ appFolder }: ThisStart): LoginItem {
  return {
    // macOS starts the bundle, which in a checkout is Electron's own, without this app.
    isSupported: appFolder === undefined,
    isOn: () => app.getLoginItemSettings().openAtLogin,
    set: (on) => app.setLoginItemSettings({ openAtLogin: on }),
  };
}

const unsupported: LoginItem = {
  isSupported: false,
  isOn: () => false,
  set() {
    throw new Error('Gatehouse cannot be started at login on this system.');
  },
};

export function wasStartedHidden({ platform, argv }: ThisStart, startHidden: boolean): boolean {
  return (
    argv.includes(HIDDEN_SWITCH) ||
    (platform === 'darwin' && startHidden && app.getLoginItemSettings().wasOpenedAtLogin)
  );
}
