import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { connect } from '#electron/core/use-cases/connect';
import type { Review } from '#shared/domain/entities';
import type { MirrorSnapshot } from '#shared/ipc/mirror';
import type { Outcome } from '#shared/ipc/failure';
import { OWNER_TOKEN, startTestService, type TestService } from '../service/test-service';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { waitFor } from '../wait-for';
import { value } from './value';
import { CHOSEN_NOTHING } from './chosen-nothing';
import { startConsole, type TestConsole, type TestConsoleOptions } from './test-console';

export { value } from './value';

/** A console without a desktop and a real service beside it, both new for each test. */
export interface RemoteWorld {
  readonly service: TestService;
  readonly console: TestConsole;
  /** Replaces the service after it was stopped. */
  replaceService(other: TestService): void;
  /** The folder of the console's data. */
  readonly folder: string;
  /** Starts the console, or restarts it on the same data. */
  startConsole(options?: TestConsoleOptions): void;
  connectTo(service: TestService, token?: string): Promise<Outcome<undefined>>;
  /** Connects to the service and waits until the mirror equals it. */
  connectAndSync(): Promise<void>;
  mirror(): Omit<MirrorSnapshot, 'shownId'>;
  pendingReview(): Promise<Review>;
  /** Stops another service of the test at its end. */
  alsoStop(service: TestService): void;
}

export function useRemoteWorld(): RemoteWorld {
  let service: TestService;
  let folder = '';
  let testConsole: TestConsole;
  let others: TestService[] = [];
  const world: RemoteWorld = {
    get service() {
      return service;
    },
    get console() {
      return testConsole;
    },
    get folder() {
      return folder;
    },
    startConsole: (options = {}) => {
      testConsole = startConsole({ folder, ...options });
    },
    replaceService: (other) => {
      service = other;
    },
    connectTo: (to, token = OWNER_TOKEN) => connect(testConsole.core, { url: to.url, token }),
    connectAndSync: async () => {
      value(await world.connectTo(service));
      await testConsole.reach('online');
      await testConsole.synced();
    },
    mirror: () => testConsole.core.replica.snapshot(),
    pendingReview: () =>
      waitFor('a pending review', () => world.mirror().reviews.find(({ status }) => status === 'pending')),
    alsoStop: (other) => {
      others.push(other);
    },
  };
  beforeEach(async () => {
    service = await startTestService();
    folder = makeTempDir('console');
    writeFileSync(join(folder, 'profile.json'), CHOSEN_NOTHING);
    world.startConsole();
  });
  afterEach(async () => {
    await testConsole.stop();
    await service.stop();
    for (const other of others) await other.stop();
    others = [];
    removeTempDir(folder);
  });
  return world;
}
