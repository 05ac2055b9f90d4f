import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DesktopQuiet, Log, Presenter } from '../../core/ports';
import { systemClock, systemRandom } from '../../core/system';
import { ElectronPresenter } from './electron-presenter';
import { FreedesktopPresenter } from './freedesktop-presenter';
import { FreedesktopQuiet } from './freedesktop-quiet';
import { NotificationService } from './notification-service';
import { sessionBusAddress } from './session-bus';
import { createNumberFile } from './shown-numbers';

export interface DesktopNotifications {
  readonly presenter: Presenter;
  readonly quiet: DesktopQuiet;
}

/** macOS and Windows hold banners back by themselves while a person wants quiet, and do not tell. */
const neverQuiet: DesktopQuiet = { isQuiet: () => false, subscribe: () => () => undefined };

/**
 * How this desktop shows notifications. A session bus decides: Electron's on Linux go over the same bus, so where it does
 * not answer they could not be shown either. `folder` is where it may remember what is on the screen, `icon` the picture of
 * the app. Needs `ready`.
 */
export function createPresenter(
  { log, folder, icon }: { readonly log: Log; readonly folder: string; readonly icon: string },
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): DesktopNotifications {
  const address = platform === 'linux' ? sessionBusAddress(env, existsSync) : null;
  if (address === null) return { presenter: new ElectronPresenter(platform, log), quiet: neverQuiet };
  const service = new NotificationService({ address, icon, clock: systemClock, random: systemRandom, log });
  const presenter = new FreedesktopPresenter(
    service,
    log,
    createNumberFile(join(folder, 'shown-notifications.json'), log),
  );
  const quiet = new FreedesktopQuiet(service);
  service.start();
  return { presenter, quiet };
}
