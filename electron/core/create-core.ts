import { basename } from 'node:path';
import { monotonicFactory } from 'ulid';
import { t } from '#shared/i18n/t';
import { isOfAccount } from './accounts/account-presenter';
import { Accounts } from './accounts/accounts';
import { ReviewLinks } from './accounts/review-links';
import { createApiClient, type CreateApiClient } from './api/client';
import { Network } from './network/network';
import { Notices } from './notices';
import { NotificationChoices } from './notify/notification-choices';
import { FAREWELL_IDS } from './notify/notification-id';
import type {
  Clock,
  DesktopQuiet,
  DesktopWindows,
  ForkEmbedded,
  Log,
  Presenter,
  Publisher,
  Random,
  Vault,
} from './ports';
import { ConsoleStore } from './store/console-store';
import { DiskWatch } from './store/disk-watch';
import { makePrivateFolder } from './store/private-folder';
import { ProfileStore } from './store/profile';
import type { CoreContext } from './use-cases/context';
import { WelcomeKeeper } from './welcome';

export interface CorePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly vault: Vault;
  readonly presenter: Presenter;
  readonly quiet: DesktopQuiet;
  readonly publisher: Publisher;
  readonly windows: DesktopWindows;
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
  /** The account that is shown, with what all accounts share. */
  readonly context: CoreContext;
  readonly accounts: Accounts;
  /** Connects to the services that were used last, and begins to announce. Returns at once; does nothing after `stop`. */
  start(): void;
  /** Opens a review in the account that has it. */
  openReview(reviewId: string): void;
  /** Returns the number of operations that the services do not have yet. The next start sends them. */
  unsentOperations(): number;
  /** Stops everything, the embedded service too, and closes the stores. */
  stop(): Promise<void>;
}

/** Must be shorter than the deadline of the whole program in `platform/lifecycle.ts`. */
const CLOSE_DEADLINE_MS = 2_000;

/** A read of the log may be left behind: everything is written down by then. */
const READ_DEADLINE_MS = 300;

/**
 * @throws NewerStoreError if a newer version of this program wrote the folder.
 * @throws Error if the folder belongs to another user.
 */
export function createCore(ports: CorePorts, { folder, appVersion, listenOverride }: CoreOptions): Core {
  const { clock, log, vault, publisher, windows, presenter } = ports;
  const { systemProxy = () => Promise.resolve('DIRECT') } = ports;
  const notices = new Notices(publisher);
  makePrivateFolder(folder);
  const opened = ConsoleStore.open(folder, clock.now());
  const { store } = opened;
  const network = new Network({ settings: store.settings, vault, environment: process.env, systemProxy });
  const createClient = ports.createClient ?? ((options) => createApiClient({ ...options, network }));
  const { profile: profiles, setAside } = ProfileStore.open(folder, clock.now());
  tellSetAside(notices, log, opened.setAside, setAside);
  const disk = new DiskWatch({ clock, notices, log }, folder);
  disk.add(store.database);
  const nextId = monotonicFactory();
  const accounts = new Accounts({
    ...ports,
    folder,
    profiles,
    store,
    notices,
    disk,
    network,
    createClient,
    choices: new NotificationChoices(store.settings),
    welcome: new WelcomeKeeper(store.settings, vault, log),
    newId: () => nextId(clock.now()),
    appVersion,
    listenOverride,
  });
  const links = new ReviewLinks({ accounts, windows, clock });

  let isStopped = false;
  const unsubscribe = presenter.subscribe(({ kind, id }) => {
    if (kind !== 'closed' && !isOfAccount(id)) windows.openConsole();
  });
  return {
    get context() {
      return accounts.shown;
    },
    accounts,
    start() {
      if (isStopped) return;
      // An earlier run has left them.
      for (const id of FAREWELL_IDS) presenter.withdraw(id);
      accounts.start();
    },
    openReview: (reviewId) => links.open(reviewId),
    unsentOperations: () =>
      accounts.all().reduce((sum, { replica }) => sum + (replica.outbox?.unsent ?? 0), 0),
    async stop() {
      isStopped = true;
      unsubscribe();
      accounts.stop();
      vault.close();
      const waiting = new AbortController();
      const closing = accounts
        .all()
        .map(({ connections }) =>
          connections
            .change((change) => change.close())
            .catch((error: unknown) => log.error('stop.failed', { error })),
        );
      // The stores are closed even if a connection hangs.
      await Promise.race([Promise.all(closing), clock.sleep(CLOSE_DEADLINE_MS, waiting.signal)]);
      waiting.abort();
      disk.end();
      const reads = Promise.all(accounts.all().map(({ replica }) => replica.close()));
      store.close();
      const reading = new AbortController();
      await Promise.race([reads, clock.sleep(READ_DEADLINE_MS, reading.signal)]);
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
      words: () => ({
        title: t('notices.settingsDamagedTitle'),
        message: t('notices.settingsDamaged', { file: basename(store) }),
      }),
    });
  }
  if (profile !== null) {
    log.error('profile.damaged', { setAside: profile });
    notices.add({
      id: 'profile-damaged',
      severity: 'warning',
      words: () => ({
        title: t('notices.profileDamagedTitle'),
        message: t('notices.profileDamaged', { file: basename(profile) }),
      }),
    });
  }
}
