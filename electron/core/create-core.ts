import { basename, join } from 'node:path';
import { monotonicFactory } from 'ulid';
import { countAtStart } from '#shared/words';
import { createApiClient, type CreateApiClient } from './api/client';
import { Connections } from './connection/connections';
import { tellClocks } from './clock-notice';
import { Network } from './network/network';
import { Notices } from './notices';
import { NotificationController } from './notify/controller';
import { NotificationSettings } from './notify/notification-settings';
import type {
  Clock,
  DesktopQuiet,
  ForkEmbedded,
  Log,
  Presenter,
  Publisher,
  Random,
  Vault,
  WindowOpener,
} from './ports';
import { AccountStores, type StoreDamage } from './store/account-stores';
import { readLogLimit } from './store/log-limit';
import { ConsoleStore } from './store/console-store';
import { DiskWatch } from './store/disk-watch';
import { makePrivateFolder } from './store/private-folder';
import { ProfileStore } from './store/profile';
import { Replica } from './sync/replica';
import { TokenKeeper } from './token-keeper';
import type { CoreContext } from './use-cases/context';
import { takeBackWhenSent } from './use-cases/left-behind';
import { resume } from './use-cases/resume';
import { WelcomeKeeper } from './welcome';

export interface CorePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly vault: Vault;
  readonly presenter: Presenter;
  readonly quiet: DesktopQuiet;
  readonly publisher: Publisher;
  readonly windows: WindowOpener;
  readonly fork: ForkEmbedded;
  /** Returns the system's proxy settings for a URL, see `NetworkParts`. */
  readonly systemProxy?: (url: string) => Promise<string>;
  /** Tests pass their own. */
  readonly createClient?: CreateApiClient;
}

export interface CoreOptions {
  readonly folder: string;
  readonly appVersion: string;
  readonly listenOverride: string | undefined;
}

export interface Core {
  readonly context: CoreContext;
  /** Connects to the service that was used last, and begins to announce. Returns at once; does nothing after `stop`. */
  start(): void;
  /** Answers a review as the button with this id in its notification does. */
  answer(reviewId: string, button: string): void;
  /** Returns the number of operations that the service does not have yet. The next start sends them. */
  unsentOperations(): number;
  /** Stops everything, the embedded service too, and closes the stores. */
  stop(): Promise<void>;
}

/** Must be shorter than the deadline of the whole program in `platform/lifecycle.ts`. */
const CLOSE_DEADLINE_MS = 2_000;

/** A read of the log may be left behind: everything is written down by then. */
const READ_DEADLINE_MS = 300;

/** The owner of the account that the embedded service creates. */
const OWNER_EMAIL = 'owner@localhost';

/**
 * @throws NewerStoreError if a newer version of this program wrote the folder.
 * @throws Error if the folder belongs to another user.
 */
export function createCore(ports: CorePorts, { folder, appVersion, listenOverride }: CoreOptions): Core {
  const { clock, random, log, vault, publisher, windows, fork, presenter, quiet } = ports;
  const { systemProxy = () => Promise.resolve('DIRECT') } = ports;
  const notices = new Notices(publisher);
  makePrivateFolder(folder);
  const opened = ConsoleStore.open(folder, clock.now());
  const { store } = opened;
  const network = new Network({ settings: store.settings, vault, environment: process.env, systemProxy });
  const createClient = ports.createClient ?? ((options) => createApiClient({ ...options, network }));
  const { profile, setAside } = ProfileStore.open(folder, clock.now());
  tellSetAside(notices, log, opened.setAside, setAside);
  const disk = new DiskWatch({ clock, notices, log }, folder);
  disk.add(store.database);

  const accountStores = new AccountStores({
    folder,
    clock,
    logLimit: () => readLogLimit(store.settings),
    onDamage: (damage) => tellDamage(notices, log, damage),
    disk,
  });
  const replica = new Replica(accountStores, publisher);
  const nextId = monotonicFactory();
  tellClocks(replica, notices);
  takeBackWhenSent({ replica, notices });
  const connections = new Connections({
    createClient,
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
    accountStores,
    profile,
    vault,
    tokens: new TokenKeeper(vault, profile, notices),
    welcome: new WelcomeKeeper(store.settings, vault, log),
    notices,
    notifications: new NotificationSettings({
      settings: store.settings,
      replica,
      presenter,
      quiet,
      clock,
      publisher,
    }),
    windows,
    clock,
    log,
    network,
    createClient,
    newId: () => nextId(clock.now()),
    appVersion,
    listenOverride,
  };
  const notifications = new NotificationController({ core: context, presenter, quiet });

  let isStopped = false;
  return {
    context,
    start() {
      if (isStopped) return;
      notifications.start();
      resume(context).catch((error: unknown) => log.error('resume.failed', { error }));
    },
    answer: (reviewId, button) => notifications.answer(reviewId, button),
    unsentOperations: () => replica.outbox?.unsent ?? 0,
    async stop() {
      isStopped = true;
      notifications.stop();
      vault.close();
      const waiting = new AbortController();
      // The stores are closed even if a connection hangs.
      await Promise.race([
        connections
          .change((change) => change.close())
          .catch((error: unknown) => log.error('stop.failed', { error })),
        clock.sleep(CLOSE_DEADLINE_MS, waiting.signal),
      ]);
      waiting.abort();
      disk.end();
      const closing = replica.close();
      store.close();
      const reading = new AbortController();
      await Promise.race([closing, clock.sleep(READ_DEADLINE_MS, reading.signal)]);
      reading.abort();
    },
  };
}

function tellSetAside(notices: Notices, log: Log, store: string | null, profile: string | null): void {
  if (store !== null) {
    log.error('store.damaged', { setAside: store });
    notices.add({
      id: 'store-damaged',
      severity: 'warning',
      title: 'The settings of this console were damaged',
      message: `They were set aside as ${basename(store)}, and start afresh. Nothing of the account is lost.`,
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

/** The mirror comes from the service again; only operations that were not sent are lost. */
function tellDamage(notices: Notices, log: Log, { setAside, unsent, unreadable }: StoreDamage): void {
  log.error('store.damaged', { setAside, unsent, unreadable });
  const files = setAside.map((path) => basename(path)).join(', ');
  const aside =
    files === '' ? '' : ` It was set aside as ${files}, and is being fetched from the service again.`;
  const rescued =
    unsent === 0 ? '' : ` ${countAtStart(unsent, 'change')} that the service does not have yet: rescued.`;
  const lost =
    unreadable === 0
      ? ' Nothing is lost.'
      : ` ${countAtStart(unreadable, 'change')} cannot be read any more; look at what is shown.`;
  notices.add({
    id: 'store-damaged',
    severity: unreadable === 0 ? 'warning' : 'error',
    title: 'The local store was damaged',
    message: `${aside}${rescued}${lost}`.trim(),
  });
}
