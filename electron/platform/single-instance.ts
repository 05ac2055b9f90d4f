import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import type { WindowOpener } from '../core/ports';
import { LINK_SCHEME, reviewOfArguments, reviewOfLink } from './deep-link';
import { HIDDEN_SWITCH } from './login-item/login-item';

/**
 * Returns true if this is the first app on this user data folder. A later one has told the first, and ends.
 *
 * @throws Error with a sentence when nobody here has the lock, and it cannot be taken all the same.
 */
export function claimSingleInstance(folder: string): boolean {
  if (app.requestSingleInstanceLock()) return true;
  const sentence = process.platform === 'win32' ? undefined : lockSentence(lockOwner(folder), folder);
  if (sentence !== undefined) throw new Error(sentence);
  return false;
}

/** Chromium's lock is a link whose target is the host and the process. */
function lockOwner(folder: string): string | undefined {
  try {
    return readlinkSync(join(folder, 'SingletonLock'));
  } catch {
    return undefined;
  }
}

/** Why the lock is not to be had; undefined where a Gatehouse of this computer has it. */
export function lockSentence(owner: string | undefined, folder: string): string | undefined {
  const [, host, process] = /^(.*)-(\d+)$/.exec(owner ?? '') ?? [];
  if (host === undefined || process === undefined) {
    return `The lock of the folder ${folder} cannot be taken: something else is in the place of SingletonLock there. Take it away, then try again.`;
  }
  return host === hostname()
    ? undefined
    : `The folder ${folder} is in use by a Gatehouse on ${host}. Quit that one, then try again.`;
}

/**
 * Brings the window to the front when the app is started again, unless that start was to be hidden, and opens what a
 * `gatehouse://` link names.
 */
export function setUpLinks(windows: WindowOpener): void {
  // An app that runs from a checkout leaves the system's registry of links alone.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  app.on('second-instance', (_event, argv) => {
    const reviewId = reviewOfArguments(argv);
    if (reviewId !== null || !argv.includes(HIDDEN_SWITCH)) open(windows, reviewId);
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    open(windows, reviewOfLink(url));
  });
}

function open(windows: WindowOpener, reviewId: string | null): void {
  if (reviewId === null) windows.openConsole();
  else windows.openApproval(reviewId);
}
