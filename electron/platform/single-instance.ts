import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import type { WindowOpener } from '../core/ports';
import { LINK_SCHEME, reviewOfArguments, reviewOfLink } from './deep-link';
import { HIDDEN_SWITCH } from './login-item/login-item';

/**
 * Returns true if this is the first app on this user data folder. A later one has told the first, and ends.
 * @throws Error with a sentence when the lock cannot be taken although no Gatehouse of this computer holds it.
 */
export function claimSingleInstance(folder: string): boolean {
  if (app.requestSingleInstanceLock()) return true;
  const sentence = process.platform === 'win32' ? undefined : lockSentence(lockOwner(folder), folder);
  if (sentence !== undefined) throw new Error(sentence);
  return false;
}

/** Chromium's lock is a link whose target is `<host>-<process id>`. */
function lockOwner(folder: string): string | undefined {
  try {
    return readlinkSync(join(folder, 'SingletonLock'));
  } catch {
    return undefined;
  }
}

/** Returns the reason why the lock cannot be taken, or undefined if a Gatehouse of this computer holds it. */
export function lockSentence(owner: string | undefined, folder: string): string | undefined {
  const [, host, process] = /^(.*)-(\d+)$/.exec(owner ?? '') ?? [];
  if (host === undefined || process === undefined) {
    return `The lock of the folder ${folder} cannot be taken: SingletonLock in it is not a lock. Remove it, then try again.`;
  }
  return host === hostname()
    ? undefined
    : `The folder ${folder} is in use by a Gatehouse on ${host}. Quit that one, then try again.`;
}

/**
 * Brings the window to the front when the app is started again, unless that start is hidden, and opens the review of a
 * `gatehouse://` link.
 */
export function setUpLinks(windows: WindowOpener): void {
  // An app that runs from a checkout does not register itself for links.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  app.on('second-instance', (_event, argv) => {
    const reviewId = reviewOfArguments(argv);
    if (reviewId !== undefined || !argv.includes(HIDDEN_SWITCH)) open(windows, reviewId);
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    open(windows, reviewOfLink(url));
  });
}

function open(windows: WindowOpener, reviewId: string | undefined): void {
  if (reviewId === undefined) windows.openConsole();
  else windows.openApproval(reviewId);
}
