import type { CreateApiClient } from '../api/client';
import type { Connections } from '../connection/connections';
import type { Network } from '../network/network';
import type { Notices } from '../notices';
import type { NotificationSettings } from '../notify/notification-settings';
import type { Clock, Log, Vault, WindowOpener } from '../ports';
import type { ProfileStore } from '../store/profile';
import type { AccountStores } from '../store/account-stores';
import type { ConsoleStore } from '../store/console-store';
import type { Replica } from '../sync/replica';
import type { TokenKeeper } from '../token-keeper';
import type { WelcomeKeeper } from '../welcome';

export type OperationContext = Pick<CoreContext, 'replica' | 'clock' | 'newId'>;

/** The dependencies of the use cases. Each takes the part that it needs. */
export interface CoreContext {
  readonly connections: Connections;
  readonly replica: Replica;
  /** The console's own store; the account's store belongs to the replica. */
  readonly store: ConsoleStore;
  readonly accountStores: AccountStores;
  readonly profile: ProfileStore;
  readonly vault: Vault;
  readonly tokens: TokenKeeper;
  readonly welcome: WelcomeKeeper;
  readonly notices: Notices;
  readonly notifications: NotificationSettings;
  readonly windows: WindowOpener;
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
