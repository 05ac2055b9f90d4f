import { basename, join } from 'node:path';
import { createApiClient } from './api/client';
import { Connections } from './connection/connections';
import { Notices } from './notices';
import { NotificationController } from './notify/controller';
import type { Clock, ForkEmbedded, Log, Notifier, Publisher, Random, Vault, WindowOpener } from './ports';
import { openDatabase } from './store/open-database';
import { ProfileStore } from './store/profile';
import { createStore } from './store/store';
import { Replica } from './sync/replica';
import type { CoreContext } from './use-cases/context';
import { resume } from './use-cases/resume';
import { WelcomeKeeper } from './welcome';

/** The world around the core. */
export interface CorePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly vault: Vault;
  readonly notifier: Notifier;
  readonly publisher: Publisher;
  readonly windows: WindowOpener;
  readonly fork: ForkEmbedded;
}

export interface CoreOptions {
  /** Where everything of this console is kept. */
  readonly folder: string;
  readonly appVersion: string;
  readonly listenOverride: string | undefined;
}

export interface Core {
  readonly context: CoreContext;
  /** Connects to the service that was used last, and begins to announce. Returns at once. */
  start(): void;
  /** Stops everything, the embedded service too, and closes the store. */
  stop(): Promise<void>;
}

/** The owner of the account that the embedded service makes: whoever sits at this computer. */
const OWNER_EMAIL = 'owner@localhost';

/**
 * Puts the core together.
 *
 * @throws NewerStoreError when the folder belongs to a newer version of this program.
 */
export function createCore(ports: CorePorts, { folder, appVersion, listenOverride }: CoreOptions): Core {
  const { clock, random, log, vault, publisher, windows, fork, notifier } = ports;
  const notices = new Notices(publisher);
  const opened = openDatabase(folder, clock.now());
  const { profile, setAside } = ProfileStore.open(folder, clock.now());
  tellSetAside(notices, log, opened.setAside, setAside);

  const store = createStore(opened.database);
  const replica = new Replica(store, publisher);
  const connections = new Connections({
    createClient: createApiClient,
    replica,
    clock,
    random,
    log,
    appVersion,
    launch: {
      fork,
      clock,
      random,
      log,
      settings: { dataDir: join(folder, 'service'), ownerEmail: OWNER_EMAIL },
    },
  });
  const context: CoreContext = {
    connections,
    replica,
    store,
    profile,
    vault,
    welcome: new WelcomeKeeper(store.settings, vault),
    notices,
    windows,
    clock,
    log,
    createClient: createApiClient,
    appVersion,
    listenOverride,
  };
  const notifications = new NotificationController({ replica, store, notifier, windows, clock, log });

  return {
    context,
    start() {
      notifications.start();
      resume(context).catch((error: unknown) => log.error('resume.failed', { error }));
    },
    async stop() {
      notifications.stop();
      await connections.change((change) => change.close());
      opened.database.close();
    },
  };
}

function tellSetAside(notices: Notices, log: Log, store: string | null, profile: string | null): void {
  if (store !== null) {
    log.error('store.damaged', { setAside: store });
    notices.add({
      id: 'store-damaged',
      severity: 'warning',
      title: 'The local store was damaged',
      message: `It was set aside as ${basename(store)} and is being fetched from the service again. Nothing is lost: the service has it all.`,
    });
  }
  if (profile !== null) {
    log.error('profile.damaged', { setAside: profile });
    notices.add({
      id: 'profile-damaged',
      severity: 'warning',
      title: 'The connection settings were damaged',
      message: `They were set aside as ${basename(profile)}. Choose again which service this console talks to.`,
    });
  }
}
