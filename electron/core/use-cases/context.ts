import type { CreateApiClient } from '../api/client';
import type { Connections } from '../connection/connections';
import type { Notices } from '../notices';
import type { Clock, Log, Vault, WindowOpener } from '../ports';
import type { ProfileStore } from '../store/profile';
import type { Store } from '../store/store';
import type { Replica } from '../sync/replica';
import type { WelcomeKeeper } from '../welcome';

/** What the use cases work with. Each takes the part that it needs. */
export interface CoreContext {
  readonly connections: Connections;
  readonly replica: Replica;
  readonly store: Store;
  readonly profile: ProfileStore;
  readonly vault: Vault;
  readonly welcome: WelcomeKeeper;
  readonly notices: Notices;
  readonly windows: WindowOpener;
  readonly clock: Clock;
  readonly log: Log;
  readonly createClient: CreateApiClient;
  readonly appVersion: string;
  /** GATEHOUSE_EMBEDDED_LISTEN, see `chooseListen`. */
  readonly listenOverride: string | undefined;
}
