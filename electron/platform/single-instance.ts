import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import { t } from '#shared/i18n/t';
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
    return t('start.lockIsNone', { folder });
  }
  return host === hostname() ? undefined : t('start.lockedElsewhere', { folder, host });
}

export interface LinkOpener {
  openConsole(): void;
  /** Opens a review in the account that has it. */
  openReview(reviewId: string): void;
}

/**
 * Brings the window to the front when the app is started again, unless that start is hidden, and opens the review of a
 * `gatehouse://` link.
 */
export function setUpLinks(opener: LinkOpener): void {
  // An app that runs from a checkout does not register itself for links.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  app.on('second-instance', (_event, argv) => {
    const reviewId = reviewOfArguments(argv);
    if (reviewId !== undefined || !argv.includes(HIDDEN_SWITCH)) open(opener, reviewId);
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    open(opener, reviewOfLink(url));
  });
}

function open(opener: LinkOpener, reviewId: string | undefined): void {
  if (reviewId === undefined) opener.openConsole();
  else opener.openReview(reviewId);
}
