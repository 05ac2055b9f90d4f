import { beforeEach } from 'vitest';
import type { CoreContext } from '#electron/core/use-cases/context';
import type { Review } from '#shared/domain/entities';
import { startTestService, type TestService } from '../service/test-service';
import { waitFor } from '../wait-for';
import type { ShownAnnouncement } from './fakes';
import { type RemoteWorld, useRemoteWorld, value } from './remote-world';

/** The address that is blocked. */
export const IP = '203.0.113.9';
/** What a person types to add a range. */
export const RANGE = {
  cidr: '192.0.2.1',
  effect: 'authorize',
  label: '',
  keyId: null,
  expiresAt: null,
  allowWide: false,
} as const;

/** A console with an account of each of two services, of which the other one's is shown. Both are new for each test. */
export interface TwoAccounts {
  readonly world: RemoteWorld;
  /** The service beside the world's. */
  readonly other: TestService;
  /** A key's secret of the world's service, and of the other. */
  readonly secrets: readonly [string, string];
  /** The account of a service, shown or not. */
  accountOf(service: TestService): CoreContext;
  shownUrl(): string | undefined;
  reviewIn(account: CoreContext): Promise<Review>;
  /** Waits for a notification. */
  titled(title: string): Promise<ShownAnnouncement>;
}

export function useTwoAccounts(): TwoAccounts {
  const world = useRemoteWorld();
  let other: TestService;
  let secrets: readonly [string, string];
  beforeEach(async () => {
    other = await startTestService();
    world.alsoStop(other);
    secrets = [(await world.service.createKey()).secret, (await other.createKey()).secret];
    await world.connectAndSync();
    value(await world.connectTo(other));
    await world.console.reach('online');
    await world.console.synced();
  });
  return {
    world,
    get other() {
      return other;
    },
    get secrets() {
      return secrets;
    },
    accountOf({ url }) {
      const found = world.console.core.accounts.all().find(({ replica }) => replica.service?.url === url);
      if (found === undefined) throw new Error(`No account of ${url} is connected.`);
      return found;
    },
    shownUrl: () => world.console.core.replica.service?.url,
    reviewIn: (account) =>
      waitFor('a pending review', () => account.replica.reviews().find(({ status }) => status === 'pending')),
    titled: (title) =>
      waitFor(`a notification ${title}`, () =>
        [...world.console.presenter.open.values()].find((shown) => shown.title === title),
      ),
  };
}

export function hostOf({ url }: TestService): string {
  return new URL(url).host;
}

/** The title of the notification about {@link IP}. Both accounts have the same name. */
export function titleOf(service: TestService): string {
  return `Blocked: ${IP} · owner@example.com (${hostOf(service)})`;
}

export function online(account: CoreContext): Promise<unknown> {
  return waitFor('the account to be online', () => account.replica.connection.kind === 'online');
}
