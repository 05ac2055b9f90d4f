import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { currentDistribution } from './debian.ts';
import { describeMissing, missingLibraries, missingOptionalLibraries } from './libraries.ts';
import { LaunchProblem } from './launch-problem.ts';
import type { Runtime } from './runtime.ts';
import type { Report } from './trial-runtime.ts';

const SETUID = 0o4000;

export function hasDisplay(environment: NodeJS.ProcessEnv): boolean {
  return isSet(environment['DISPLAY']) || isSet(environment['WAYLAND_DISPLAY']);
}

/** @throws LaunchProblem if Linux has no display. */
export function requireDisplay(environment: NodeJS.ProcessEnv): void {
  if (process.platform !== 'linux' || hasDisplay(environment)) return;
  throw new LaunchProblem(
    'There is no display to show a window on (neither DISPLAY nor WAYLAND_DISPLAY is set): start Gatehouse from a ' +
      'desktop session, or as root on Debian or Ubuntu run `npm start -- --setup`, which starts a virtual one.',
  );
}

/**
 * Checks Electron's libraries before it starts, because its own messages name only the first missing one.
 * @throws LaunchProblem that says how to install the missing ones.
 */
export async function requireLibraries(runtime: Runtime, report: Report): Promise<void> {
  if (process.platform !== 'linux') return;
  const isRoot = process.getuid?.() === 0;
  const missing = await missingLibraries(runtime.executable);
  if (missing.length > 0) {
    throw new LaunchProblem(describeMissing(missing, await currentDistribution(), isRoot));
  }
  const optional = await missingOptionalLibraries();
  if (optional.length > 0) {
    report(
      `No notifications will be shown. ${describeMissing(optional, await currentDistribution(), isRoot)}`,
    );
  }
}

/** @throws LaunchProblem if Electron would refuse to start without its sandbox. */
export function requireSandbox(runtime: Runtime): void {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return;
  const helper = join(dirname(runtime.executable), 'chrome-sandbox');
  // Ubuntu 23.10 and later deny user namespaces to programs without an AppArmor profile.
  const hasUserNamespaces =
    readSetting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') !== '1' &&
    readSetting('/proc/sys/kernel/unprivileged_userns_clone') !== '0' &&
    readSetting('/proc/sys/user/max_user_namespaces') !== '0';
  if (hasUserNamespaces || isSetuidRoot(helper)) return;
  throw new LaunchProblem(
    'This system does not let ordinary programs create a sandbox, and Electron does not start without one. Let its ' +
      `helper create it: sudo chown root '${helper}' && sudo chmod 4755 '${helper}'`,
  );
}

function readSetting(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function isSetuidRoot(path: string): boolean {
  try {
    const { uid, mode } = statSync(path);
    return uid === 0 && (mode & SETUID) !== 0;
  } catch {
    return false;
  }
}

export function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
