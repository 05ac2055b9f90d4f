import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { app, clipboard, dialog, ipcMain, powerMonitor, session } from 'electron';
import { chosenLanguage, setLanguage } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import { type Core, createCore } from './core/create-core';
import { DesktopPreferences } from './core/desktop/desktop-preferences';
import type { Notices } from './core/notices';
import type { Log } from './core/ports';
import { LogExport } from './core/use-cases/export-log';
import { systemClock, systemRandom } from './core/system';
import { appPaths, setUpFolders } from './platform/app-paths';
import { registerAppScheme, setUpAppProtocol } from './platform/app-protocol/app-protocol';
import { reviewOfArguments } from './platform/deep-link';
import { createFork } from './platform/embedded-service';
import { createFileLog } from './platform/file-log';
import { createHandlers } from './platform/ipc/handlers';
import { registerCalls } from './platform/ipc/register-calls';
import { Lifecycle } from './platform/lifecycle';
import { createLoginItem, sameProgram, wasStartedHidden } from './platform/login-item/login-item';
import { createMenuEntry } from './platform/login-item/menu-entry';
import { setUpMenu } from './platform/menu';
import { createPresenter } from './platform/notifications/choose-presenter';
import { readRuntime, thisStart } from './platform/runtime';
import { closeNetwork, setUpNavigationPolicy, setUpSessionPolicy } from './platform/session-policy';
import { claimSingleInstance, setUpLinks } from './platform/single-instance';
import { startOrExplain } from './platform/start-or-explain';
import { setUpTray } from './platform/tray/set-up-tray';
import { watchTray } from './platform/tray/tray-presence';
import { setUpUncaught } from './platform/uncaught';
import { isUnseen, tellTerminal } from './platform/unseen';
import { helperArguments, isKeyStoreHelper, serveKeyStore } from './platform/vault/helper-process';
import { createVault } from './platform/vault/vault';
import { AppWindows } from './platform/windows/app-windows';
import { WindowRegistry } from './platform/windows/window-registry';

const LONGEST_WAIT_FOR_WINDOW_MS = 1_000;

const paths = appPaths(import.meta.dirname);
registerAppScheme();
closeNetwork();
if (isKeyStoreHelper(process.argv)) serve();
else void startOrExplain(paths.userData, start);

function serve(): void {
  try {
    setUpFolders(paths);
    void serveKeyStore();
  } catch {
    app.exit(1);
  }
}

async function start(): Promise<void> {
  // A person's own choice is known once the store is open.
  setLanguage(chosenLanguage('system', app.getPreferredSystemLanguages()));
  const logs = setUpFolders(paths);
  if (!claimSingleInstance(paths.userData)) {
    process.stderr.write(`${t('start.alreadyRunning')}\n`);
    app.exit(0);
    return;
  }
  const log = createFileLog(logs, () => systemClock.now());
  const uncaught = setUpUncaught(log, logs);
  try {
    await run(log, uncaught.tellWindows);
  } catch (error) {
    log.error('start.failed', { error });
    throw error;
  }
}

async function run(log: Log, tellFaults: (notices: Notices) => void): Promise<void> {
  setUpNavigationPolicy(log);
  await app.whenReady();
  setUpSessionPolicy(session.defaultSession);
  setUpAppProtocol(session.defaultSession, paths.renderer);

  const { presenter, quiet } = createPresenter({ log, folder: paths.userData, icon: paths.icon });
  const registry = new WindowRegistry();
  const windows = new AppWindows({
    registry,
    preload: paths.preload,
    icon: paths.icon,
    log,
    settings: () => core.context.store.settings,
  });
  const core: Core = createCore(
    {
      clock: systemClock,
      random: systemRandom,
      log,
      vault: createVault({
        platform: process.platform,
        env: process.env,
        log,
        helperCommand: () => ({
          program: process.execPath,
          args: helperArguments(sameProgram(thisStart()), join(paths.userData, 'key-store')),
        }),
      }),
      presenter,
      quiet,
      publisher: registry,
      windows,
      fork: createFork(paths.embeddedService, log),
      systemProxy: (url) => session.defaultSession.resolveProxy(url),
    },
    {
      folder: paths.userData,
      appVersion: app.getVersion(),
      listenOverride: process.env['GATEHOUSE_EMBEDDED_LISTEN'],
    },
  );
  tellFaults(core.context.notices);
  const tray = watchTray(process.platform, process.env, { clock: systemClock, random: systemRandom, log });
  const desktop = new DesktopPreferences({
    settings: core.context.store.settings,
    loginItem: createLoginItem(thisStart()),
    menuEntry: createMenuEntry(thisStart(), paths.icon),
    tray,
    publisher: registry,
    log,
    systemLanguages: app.getPreferredSystemLanguages(),
  });
  const handlers = createHandlers({
    accounts: core.accounts,
    logExport: new LogExport({ publisher: registry, chooseSaveFile }),
    desktop,
    runtime: readRuntime(),
    copyText: (text) => void clipboard.writeText(text),
    async chooseFile() {
      const { filePaths } = await dialog.showOpenDialog({
        properties: ['openFile'],
        filters: [{ name: t('settings.certificates'), extensions: ['pem', 'crt', 'cer', 'der'] }],
      });
      return filePaths[0] ?? null;
    },
    chooseSaveFile,
  });

  registerCalls(ipcMain, handlers, registry, log, core.accounts);
  const endMenu = setUpMenu({
    windows,
    accounts: core.accounts,
    registry,
    clock: systemClock,
    platform: process.platform,
  });
  setUpLinks({
    openConsole: () => windows.openConsole(),
    openReview: (reviewId) => core.openReview(reviewId),
  });
  // Connections from before the sleep are dead without knowing it.
  powerMonitor.on('resume', () => {
    for (const { connections } of core.accounts.all()) connections.wake();
  });
  const endTray = setUpTray({ core, presence: tray, registry, images: paths.trayImages });
  const lifecycle = new Lifecycle({
    core,
    desktop,
    tray,
    presenter,
    beforeStop() {
      endMenu();
      endTray();
      tray.stop();
    },
  });
  lifecycle.start();
  tray.subscribe(() => desktop.publish());
  desktop.offerMenuEntry(core.context.notices);

  const isHidden = wasStartedHidden(thisStart(), desktop.state().settings.startHidden);
  if (isHidden) lifecycle.startHidden();
  else windows.openConsole();
  const linked = reviewOfArguments(process.argv);
  if (linked !== undefined) core.openReview(linked);
  if (isUnseen()) {
    tellTerminal({ core, consoleWindow: () => registry.find('console'), folder: paths.userData });
  }
  // The service starts after the window: both at once would delay each other.
  if (!isHidden) {
    await Promise.race([windows.consoleShown(), sleep(LONGEST_WAIT_FOR_WINDOW_MS)]);
  }
  core.start();
}

async function chooseSaveFile(suggestedName: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    defaultPath: join(app.getPath('downloads'), suggestedName),
  });
  return canceled || filePath === '' ? null : filePath;
}
