import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';

import { ended, type Ending, track } from './child-processes.ts';
import { complaintsPath, sortOut } from './complaints.ts';
import { isSet } from './preflight.ts';
import type { Runtime } from './runtime.ts';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal that repeats within this time is the same one: npm forwards what the terminal also sends. */
const SAME_SIGNAL_MS = 500;

let app: ChildProcess | undefined;

/** Forwards signals to the app once it runs; before that they end the launcher, which cleans up on exit. */
export function forwardSignals(): void {
  let forwardedAtMs = -Infinity;
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      if (app === undefined) process.exit(exitCode({ code: null, signal }));
      // Chromium quits cleanly on the first signal and dies at once on the second.
      if (performance.now() - forwardedAtMs < SAME_SIGNAL_MS) return;
      forwardedAtMs = performance.now();
      app.kill(signal);
    });
  }
}

/** Returns the app's command line: the runtime's own switches, the app folder, then the app's arguments. */
export function commandLine(
  runtime: Runtime,
  appFolder: string,
  appArguments: readonly string[],
  environment: NodeJS.ProcessEnv,
): string[] {
  // Newer versions detect Wayland themselves.
  const isWaylandOnly = isSet(environment['WAYLAND_DISPLAY']) && !isSet(environment['DISPLAY']);
  const platform = runtime.isTrial && isWaylandOnly ? ['--ozone-platform=wayland'] : [];
  return [...runtime.extraArgs, ...platform, appFolder, ...appArguments];
}

/** Returns the app's environment, marked if the runtime is the trial one. */
export function appEnvironment(runtime: Runtime, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const env = { ...environment };
  // Terminals inside Electron programs set it; Electron would then run as plain Node.
  delete env['ELECTRON_RUN_AS_NODE'];
  delete env['GATEHOUSE_TRIAL_RUNTIME'];
  if (runtime.isTrial) env['GATEHOUSE_TRIAL_RUNTIME'] = runtime.version;
  return env;
}

export async function runApp(
  runtime: Runtime,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  // In a process group of its own the app gets the terminal's Ctrl-C once, through the launcher. On Windows that would open
  // a second console.
  const detached = process.platform !== 'win32';
  const child = track(
    spawn(runtime.executable, args, { stdio: ['inherit', 'inherit', 'pipe'], env, detached }),
  );
  app = child;
  sortOut(child.stderr, complaintsPath(env));
  return exitCode(await ended(app));
}

/** Returns a process' exit code; for one that a signal ended, the shell's convention. */
export function exitCode({ code, signal }: Ending): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
