import { basename, join } from 'node:path';
import { t } from '#shared/i18n/t';
import { tellClocks } from '../clock-notice';
import { Connections } from '../connection/connections';
import type { ConnectionNotices } from '../notices';
import type { NotificationChoices } from '../notify/notification-choices';
import { NotificationController } from '../notify/controller';
import { NotificationSettings } from '../notify/notification-settings';
import type {
  DesktopQuiet,
  DesktopWindows,
  ForkEmbedded,
  Log,
  Presenter,
  Publisher,
  Random,
  WindowOpener,
} from '../ports';
import { AccountStores, type StoreDamage } from '../store/account-stores';
import type { DiskWatch } from '../store/disk-watch';
import { readLogLimit } from '../store/log-limit';
import type { ProfileStore } from '../store/profile';
import { Replica } from '../sync/replica';
import { TokenKeeper } from '../token-keeper';
import type { ConsoleContext, CoreContext } from '../use-cases/context';
import { takeBackWhenSent } from '../use-cases/left-behind';
import { resume } from '../use-cases/resume';
import { AccountPresenter } from './account-presenter';

/** What the accounts of a console are made of. */
export interface AccountParts extends Omit<ConsoleContext, 'accounts'> {
  readonly folder: string;
  readonly profiles: ProfileStore;
  readonly choices: NotificationChoices;
  readonly disk: DiskWatch;
  readonly random: Random;
  readonly presenter: Presenter;
  readonly quiet: DesktopQuiet;
  readonly publisher: Publisher;
  readonly windows: DesktopWindows;
  readonly fork: ForkEmbedded;
}

/** The parts of one account that depend on which account is shown. */
export interface AccountView {
  /** Publishes to the windows while the account is shown. */
  readonly publisher: Publisher;
  /** Shows the account before it opens a window. */
  readonly windows: WindowOpener;
  /** Returns the account's name for notifications; undefined while it is the only one. */
  readonly name: () => string | undefined;
}

/** One account: everything that is there once for each connection. */
export interface AccountSession {
  readonly core: CoreContext;
  readonly announcer: NotificationController;
  /** Begins to announce, and connects to the service that the profile names. */
  start(): void;
  /** Announces nothing any more. */
  stop(): void;
}

/** The owner of the account that the embedded service creates. */
const OWNER_EMAIL = 'owner@localhost';

export function createAccountSession(
  id: string,
  parts: AccountParts & Pick<ConsoleContext, 'accounts'>,
  { publisher, windows, name }: AccountView,
): AccountSession {
  const { folder, profiles, choices, disk, random, quiet, fork, ...shared } = parts;
  const { store, vault, notices, clock, log, createClient, appVersion } = shared;
  const connectionNotices = notices.of(id);
  const accountStores = new AccountStores({
    folder,
    clock,
    logLimit: () => readLogLimit(store.settings),
    onDamage: (damage) => tellDamage(connectionNotices, log, damage),
    disk,
  });
  const replica = new Replica(
    {
      open(service, accountId) {
        // A restored service can bring an account to a second connection, and two would write its journal.
        const isOpen = parts.accounts
          .all()
          .some((other) => other.id !== id && other.replica.isOpen(service, accountId));
        if (isOpen) throw new Error(t('refusals.connectedAlready'));
        return accountStores.open(service, accountId);
      },
    },
    publisher,
  );
  const presenter = new AccountPresenter(parts.presenter, id, name);
  const profile = profiles.of(id);
  const notifications = new NotificationSettings({ choices, replica, presenter, quiet, clock, publisher });
  const core: CoreContext = {
    ...shared,
    id,
    windows,
    replica,
    accountStores,
    profile,
    connectionNotices,
    notifications,
    tokens: new TokenKeeper(vault, profile, connectionNotices),
    connections: new Connections({
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
    }),
  };
  tellClocks(replica, connectionNotices);
  takeBackWhenSent(core);
  const announcer = new NotificationController({ core, presenter, quiet });
  return {
    core,
    announcer,
    start() {
      announcer.start();
      resume(core).catch((error: unknown) => log.error('resume.failed', { error }));
    },
    stop() {
      announcer.stop();
      notifications.close();
    },
  };
}

/** The mirror comes from the service again; only operations that were not sent are lost. */
function tellDamage(
  notices: ConnectionNotices,
  log: Log,
  { setAside, unsent, unreadable }: StoreDamage,
): void {
  log.error('store.damaged', { setAside, unsent, unreadable });
  const files = setAside.map((path) => basename(path)).join(', ');
  notices.add({
    id: 'store-damaged',
    severity: unreadable === 0 ? 'warning' : 'error',
    words: () => ({
      title: t('notices.storeDamagedTitle'),
      message: [
        ...(files === '' ? [] : [t('notices.storeSetAside', { files })]),
        ...(unsent === 0 ? [] : [t('notices.storeRescued', { count: unsent })]),
        unreadable === 0 ? t('notices.storeNothingLost') : t('notices.storeLost', { count: unreadable }),
      ].join(' '),
    }),
  });
}
