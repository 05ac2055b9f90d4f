import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app } from 'electron';
import { assertWritable } from '../core/store/disk-room';
import { makePrivateFolder } from '../core/store/private-folder';

export interface AppPaths {
  readonly userData: string;
  /** True for the default folder, false for one given by a switch. */
  readonly isUsual: boolean;
  readonly preload: string;
  readonly renderer: string;
  readonly embeddedService: string;
  /** A PNG of 256 pixels. */
  readonly icon: string;
  readonly trayImages: string;
}

const PRODUCT_NAME = 'Gatehouse';
const APP_USER_MODEL_ID = 'dev.gatehouse.console';

/**
 * Names the app and returns its folders. `mainFolder` is the folder of the built main script. `--user-data-dir=DIR` moves
 * all data, for a second console or for tests.
 */
export function appPaths(mainFolder: string): AppPaths {
  app.setName(PRODUCT_NAME);
  // Windows shows notifications only for an app with a model id.
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
 * Creates the folders or closes them to others, and returns the log folder. Must run before `ready`.
 * @throws Error if a folder belongs to another user or cannot be written to.
 */
export function setUpFolders({ userData, isUsual }: AppPaths): string {
  app.setPath('userData', userData);
  makePrivateFolder(userData);
  assertWritable(userData);
  // Chromium's data is apart from this app's. Chromium does not create the folder early enough.
  const sessionData = join(userData, 'session');
  mkdirSync(sessionData, { recursive: true, mode: 0o700 });
  app.setPath('sessionData', sessionData);
  if (isUsual) app.setAppLogsPath();
  else app.setAppLogsPath(join(userData, 'logs'));
  return app.getPath('logs');
}
