import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app } from 'electron';
import { assertWritable } from '../core/store/disk-room';
import { makePrivateFolder } from '../core/store/private-folder';

/** Where this app's own files lie, and where it keeps what it writes. */
export interface AppPaths {
  readonly userData: string;
  /** Whether that is the folder of this person's system, and none that was named. */
  readonly isUsual: boolean;
  readonly preload: string;
  readonly renderer: string;
  readonly embeddedService: string;
  /** The picture of the app: a PNG of 256 pixels. */
  readonly icon: string;
  /** The images of tray and badge. */
  readonly trayImages: string;
}

const PRODUCT_NAME = 'Gatehouse';
const APP_USER_MODEL_ID = 'dev.gatehouse.console';

/**
 * Gives the app its name, and tells its folders. `mainFolder` is the folder of the built main script.
 * `--user-data-dir=DIR` keeps everything elsewhere, for a second console or for tests.
 */
export function appPaths(mainFolder: string): AppPaths {
  app.setName(PRODUCT_NAME);
  // Windows shows notifications only for an app that it can name.
  app.setAppUserModelId(APP_USER_MODEL_ID);
  const given = app.commandLine.getSwitchValue('user-data-dir');
  const userData = given === '' ? join(app.getPath('appData'), PRODUCT_NAME) : resolve(given);
  return {
    userData,
    isUsual: given === '',
    preload: join(mainFolder, '../preload/preload.cjs'),
    renderer: join(mainFolder, '../renderer'),
    embeddedService: join(mainFolder, 'embedded-service.js'),
    icon: join(mainFolder, '../../resources/icons/gatehouse.png'),
    trayImages: join(mainFolder, '../../resources/tray'),
  };
}

/**
 * Makes the folders, or closes them to others; gives the one for the logs. Has to run before `ready`.
 *
 * @throws Error when they are somebody else's or cannot be written to.
 */
export function setUpFolders({ userData, isUsual }: AppPaths): string {
  app.setPath('userData', userData);
  makePrivateFolder(userData);
  assertWritable(userData);
  // What Chromium keeps is apart from what this app keeps. It does not make the folder early enough by itself.
  const sessionData = join(userData, 'session');
  mkdirSync(sessionData, { recursive: true, mode: 0o700 });
  app.setPath('sessionData', sessionData);
  if (isUsual) app.setAppLogsPath();
  else app.setAppLogsPath(join(userData, 'logs'));
  return app.getPath('logs');
}
