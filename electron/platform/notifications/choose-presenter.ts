import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { powerMonitor } from 'electron';
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

/** macOS and Windows hold banners back by themselves while "do not disturb" is on, and report only the lock. */
class LockOnly implements DesktopQuiet {
  readonly #listeners = new Set<() => void>();
  #isLocked = false;

  constructor() {
    powerMonitor.on('lock-screen', () => this.#become(true));
    powerMonitor.on('unlock-screen', () => this.#become(false));
  }

  isQuiet(): boolean {
    return false;
  }

  isLocked(): boolean {
    return this.#isLocked;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #become(isLocked: boolean): void {
    this.#isLocked = isLocked;
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Returns this desktop's presenter. On Linux Electron's notifications use the session bus too, so without a bus they cannot
 * be shown either. `folder` keeps the numbers of what is on the screen, `icon` is the app's picture. Needs `ready`.
 */
export function createPresenter(
  { log, folder, icon }: { readonly log: Log; readonly folder: string; readonly icon: string },
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): DesktopNotifications {
  const address = platform === 'linux' ? sessionBusAddress(env, existsSync) : undefined;
  if (address === undefined)
    return { presenter: new ElectronPresenter(platform, log), quiet: new LockOnly() };
  const bus = { address, clock: systemClock, random: systemRandom, log };
  const service = new NotificationService({ ...bus, icon });
  const presenter = new FreedesktopPresenter(
    service,
    log,
    createNumberFile(join(folder, 'shown-notifications.json'), log),
  );
  const quiet = new FreedesktopQuiet(service, bus);
  service.start();
  quiet.start();
  return { presenter, quiet };
}
