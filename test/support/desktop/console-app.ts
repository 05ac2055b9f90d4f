import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import type { ElectronApplication } from 'playwright-core';

import { projectFolder } from '#electron/launch/folders';
import { resolveRuntime } from '#electron/launch/runtime';
import { appEnvironment, commandLine } from '#electron/launch/start-app';

import { CHOSEN_NOTHING } from '../console/chosen-nothing';
import { answerDialogs } from './dialogs';
import type { DesktopSession } from './session';

const OUTPUT_KEPT = 200_000;
/** Loads the real app once Playwright has attached. */
const HELD_APP = join(import.meta.dirname, 'held-app');

/** The answer to the question before the end of a console that runs a service. */
export const QUIT_ANYWAY = 'Quit anyway';

/** The differences between two launches. */
export interface LaunchSettings {
  /** The app's arguments after its folder: `--hidden`, a `gatehouse://` link. */
  readonly args?: readonly string[];
  /** Added to the session's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ConsoleOptions extends LaunchSettings {
  readonly session: DesktopSession;
  /** The folder with the app's package.json; the built console's by default. */
  readonly appFolder?: string;
  /** By default a new one, which is removed when the session ends. */
  readonly userDataFolder?: string;
  /** A new folder begins with the choice of a service, so that nothing runs on this computer. */
  readonly choosesService?: boolean;
}

export interface RunningConsole {
  /** Playwright's handle: windows, and code in the main process. */
  readonly app: ElectronApplication;
  readonly userDataFolder: string;
  /**
   * Returns the app's standard output and error since its start. Earlier output is in the error that {@link launchConsole}
   * rejects with.
   */
  output(): string;
  /** Quits the app as a person does who answers "Quit anyway"; resolves with its exit code. */
  quit(): Promise<number | null>;
  /** Kills it with SIGKILL, and waits until it has ended. */
  kill(): Promise<void>;
  /** Starts an ended app again on the same user data, with the same settings but for `settings`. */
  relaunch(settings?: LaunchSettings): Promise<RunningConsole>;
}

export interface Command {
  readonly executable: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

/** Returns the command that starts an app in a session, for example a second instance that forwards a link and ends. */
export async function consoleCommand(
  options: ConsoleOptions & { readonly userDataFolder: string },
): Promise<Command> {
  const { session, appFolder = projectFolder(), userDataFolder, args = [] } = options;
  const runtime = await resolveRuntime();
  const env = definedOnly(appEnvironment(runtime, { ...session.env, ...options.env }));
  return {
    executable: runtime.executable,
    args: commandLine(runtime, appFolder, [`--user-data-dir=${userDataFolder}`, ...args], env),
    env,
  };
}

/** Launches an app with the resolved runtime. It ends with its session at the latest. */
export async function launchConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { session, appFolder = projectFolder() } = options;
  const userDataFolder = options.userDataFolder ?? (await freshUserData(session));
  if (options.choosesService === true) {
    await writeFile(join(userDataFolder, 'profile.json'), CHOSEN_NOTHING);
  }
  const { executable, args, env } = await consoleCommand({
    ...options,
    userDataFolder,
    appFolder: HELD_APP,
    env: { ...options.env, GATEHOUSE_TEST_APP_FOLDER: appFolder },
  });
  const app = await _electron.launch({
    executablePath: executable,
    // The app keeps its sandbox where possible; Playwright would switch it off.
    chromiumSandbox: !args.includes('--no-sandbox'),
    args,
    env,
  });
  const child = app.process();
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_KEPT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);

  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const kill = async (): Promise<void> => {
    if (hasEnded()) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  session.beforeStop(kill);

  return {
    app,
    userDataFolder,
    output: () => output,
    quit: async () => {
      if (hasEnded()) return child.exitCode;
      await answerDialogs(app, QUIT_ANYWAY);
      await app.close();
      return child.exitCode;
    },
    kill,
    relaunch: (settings = {}) => {
      if (!hasEnded()) throw new Error('The app still runs: quit or kill it first.');
      return launchConsole({ ...options, ...settings, userDataFolder, choosesService: false });
    },
  };
}

async function freshUserData(session: DesktopSession): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-user-data-'));
  session.beforeStop(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return folder;
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
