import type { Accounts } from '../accounts/accounts';
import type { CreateApiClient } from '../api/client';
import type { Connections } from '../connection/connections';
import type { Network } from '../network/network';
import type { ConnectionNotices, Notices } from '../notices';
import type { NotificationSettings } from '../notify/notification-settings';
import type { Clock, Log, Vault, WindowOpener } from '../ports';
import type { AccountStores } from '../store/account-stores';
import type { ConsoleStore } from '../store/console-store';
import type { AccountProfile } from '../store/profile';
import type { Replica } from '../sync/replica';
import type { TokenKeeper } from '../token-keeper';
import type { WelcomeKeeper } from '../welcome';

export type OperationContext = Pick<CoreContext, 'replica' | 'clock' | 'newId'>;

/** The part that all accounts share. */
export interface ConsoleContext {
  readonly accounts: Accounts;
  /** The console's own store; an account's store belongs to its replica. */
  readonly store: ConsoleStore;
  readonly vault: Vault;
  readonly welcome: WelcomeKeeper;
  readonly notices: Notices;
  readonly clock: Clock;
  readonly log: Log;
  readonly network: Network;
  readonly createClient: CreateApiClient;
  /** Returns a new ULID. */
  readonly newId: () => string;
  readonly appVersion: string;
  /** GATEHOUSE_EMBEDDED_LISTEN, see `chooseListen`. */
  readonly listenOverride: string | undefined;
}

/** The dependencies of the use cases, for one account. Each takes the part that it needs. */
export interface CoreContext extends ConsoleContext {
  /** The connection's id, which the account keeps for as long as it is connected. */
  readonly id: string;
  readonly connections: Connections;
  readonly replica: Replica;
  readonly accountStores: AccountStores;
  readonly profile: AccountProfile;
  readonly tokens: TokenKeeper;
  readonly connectionNotices: ConnectionNotices;
  readonly notifications: NotificationSettings;
  /** Shows this account before it opens a window. */
  readonly windows: WindowOpener;
}
