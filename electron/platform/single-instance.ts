import { app } from 'electron';
import type { WindowOpener } from '../core/ports';
import { LINK_SCHEME, reviewOfArguments, reviewOfLink } from './deep-link';
import { HIDDEN_SWITCH } from './login-item/login-item';

/** Whether this is the first app on this user data folder. A later one tells the first, and ends. */
export const claimSingleInstance = (): boolean => app.requestSingleInstanceLock();

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
