import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { app } from 'electron';
import type { LoginItem } from '../../core/ports';
import { isAutostartOn, removeAutostart, type StartCommand, writeAutostart } from './autostart-entry';

/** Asks for a start without a window. */
export const HIDDEN_SWITCH = '--hidden';

const FILE_NAME = 'gatehouse.desktop';

/** How this run was started; what a start at login has to repeat. */
export interface ThisStart {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly executable: string;
  /** The folder of the app where the program is a runtime that is given one; null where it is the app itself. */
  readonly appFolder: string | null;
  readonly argv: readonly string[];
}

/** The start at login, as this system does it. */
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

/** Switches of this run that the next one needs too, to be a console at all. */
const KEPT_SWITCHES = /^--(no-sandbox|ozone-platform=.*|password-store=.*)$/;
export const USER_DATA_SWITCH = '--user-data-dir=';

/** What another process of this program is started with, whatever it is to do. */
export function sameProgram({ appFolder, argv }: ThisStart): readonly string[] {
  return [
    ...(appFolder === null ? [] : [appFolder]),
    ...argv.filter((argument) => KEPT_SWITCHES.test(argument)),
  ];
}

/** The command that starts the same console again. */
export function startCommand({ env, executable, appFolder, argv }: ThisStart, hidden: boolean): StartCommand {
  const trial = env['GATEHOUSE_TRIAL_RUNTIME'];
  return {
    // The program within an AppImage lies in a folder that is gone after the session.
    program: env['APPIMAGE'] ?? executable,
    args: [
      ...(appFolder === null ? [] : [appFolder]),
      ...argv.flatMap(kept),
      ...(hidden ? [HIDDEN_SWITCH] : []),
    ],
    env: trial === undefined ? {} : { GATEHOUSE_TRIAL_RUNTIME: trial },
  };
}

function kept(argument: string): readonly string[] {
  if (KEPT_SWITCHES.test(argument)) return [argument];
  if (!argument.startsWith(USER_DATA_SWITCH)) return [];
  // Another folder is another console. The next one may be started from elsewhere.
  return [`${USER_DATA_SWITCH}${resolve(argument.slice(USER_DATA_SWITCH.length))}`];
}

function onFreedesktop(start: ThisStart): LoginItem {
  const named = start.env['XDG_CONFIG_HOME'] ?? '';
  // A relative path is to be ignored, says the specification.
  const folder = isAbsolute(named) ? named : join(homedir(), '.config');
  const path = join(folder, 'autostart', FILE_NAME);
  return {
    isSupported: true,
    isOn: () => isAutostartOn(path),
    set(on, hidden) {
      if (on) writeAutostart(path, startCommand(start, hidden));
      else removeAutostart(path);
    },
  };
}

function onWindows(start: ThisStart): LoginItem {
  const commandOf = (hidden: boolean): { path: string; args: string[] } => {
    const { program, args } = startCommand(start, hidden);
    // Windows keeps one line of text.
    return { path: program, args: args.map((argument) => `"${argument}"`) };
  };
  return {
    isSupported: true,
    // With and without a window are two command lines, and Windows compares the whole one.
    isOn: () =>
      [true, false].some((hidden) => app.getLoginItemSettings(commandOf(hidden)).executableWillLaunchAtLogin),
    set: (on, hidden) => app.setLoginItemSettings({ openAtLogin: on, ...commandOf(hidden) }),
  };
}

/** macOS gives the app no arguments at login; it tells the app afterwards, see `wasStartedHidden`. */
function onMac({ appFolder }: ThisStart): LoginItem {
  return {
    // It is the bundle that is started: in a checkout that is Electron's, without this app.
    isSupported: appFolder === null,
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

/** Whether this start was asked to show no window. */
export function wasStartedHidden({ platform, argv }: ThisStart, startHidden: boolean): boolean {
  return (
    argv.includes(HIDDEN_SWITCH) ||
    (platform === 'darwin' && startHidden && app.getLoginItemSettings().wasOpenedAtLogin)
  );
}
