import { type Core, createCore } from '#electron/core/create-core';
import type { ForkEmbedded, Vault } from '#electron/core/ports';
import { systemClock, systemRandom } from '#electron/core/system';
import type { CoreContext } from '#electron/core/use-cases/context';
import type { Connection } from '#shared/ipc/connection';
import type { Settled } from '#shared/ipc/outbox';
import { makeTempDir } from '../temp-dir';
import { waitFor } from '../wait-for';
import {
  FakePresenter,
  FakeQuiet,
  fakeVault,
  RecordingLog,
  RecordingPublisher,
  RecordingWindows,
} from './fakes';

/** The whole core of the console with its real store, client and loops, without a desktop. */
export interface TestConsole {
  /** The account that is shown. */
  readonly core: CoreContext;
  /** Opens a review as a link does. */
  openReview(reviewId: string): void;
  readonly folder: string;
  readonly presenter: FakePresenter;
  readonly quiet: FakeQuiet;
  readonly windows: RecordingWindows;
  readonly publisher: RecordingPublisher;
  readonly log: RecordingLog;
  /** Waits for a state of the connection. */
  reach<K extends Connection['kind']>(kind: K): Promise<Extract<Connection, { kind: K }>>;
  /** Waits until the mirror equals the service. */
  synced(): Promise<void>;
  /** Waits until the operation is applied, conflicted, rejected or undone. */
  settled(operationId: string | null): Promise<Settled>;
  /** Waits until no operation waits for the service or for the feed. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestConsoleOptions {
  /** A new one by default. */
  readonly folder?: string;
  readonly fork?: ForkEmbedded;
  readonly vault?: Vault;
  readonly listenOverride?: string;
  readonly presenter?: FakePresenter;
  readonly systemProxy?: (url: string) => Promise<string>;
}

/** Starts a console; with a folder that was used before it resumes as the app does. */
export function startConsole(options: TestConsoleOptions = {}): TestConsole {
  const folder = options.folder ?? makeTempDir('console');
  const { presenter = new FakePresenter() } = options;
  const [quiet, windows] = [new FakeQuiet(), new RecordingWindows()];
  const [publisher, log] = [new RecordingPublisher(), new RecordingLog()];
  const noFork: ForkEmbedded = () => {
    throw new Error('This test has no embedded service.');
  };
  const core: Core = createCore(
    {
      clock: systemClock,
      random: systemRandom,
      log,
      vault: options.vault ?? fakeVault(true),
      presenter,
      quiet,
      publisher,
      windows,
      fork: options.fork ?? noFork,
      ...(options.systemProxy && { systemProxy: options.systemProxy }),
    },
    { folder, appVersion: '0.0.0', listenOverride: options.listenOverride ?? '127.0.0.1:0' },
  );
  core.start();
  return {
    get core() {
      return core.context;
    },
    openReview: (reviewId) => core.openReview(reviewId),
    folder,
    presenter,
    quiet,
    windows,
    publisher,
    log,
    reach: (kind) =>
      waitFor(`the connection to be ${kind}`, () => {
        const { connection } = core.context.replica;
        return connection.kind === kind && (connection as Extract<Connection, { kind: typeof kind }>);
      }),
    async synced() {
      await waitFor('the mirror to be in sync', () => core.context.replica.lastSyncAt !== null);
    },
    settled: (operationId) =>
      waitFor('the edit to be settled', () =>
        (publisher.payloads('outbox.settled') as readonly { readonly items: readonly Settled[] }[])
          .flatMap(({ items }) => items)
          .find(({ id }) => id === operationId),
      ),
    async drained() {
      await waitFor('the outbox to be empty', () => core.context.replica.outbox?.size === 0);
    },
    stop: () => core.stop(),
  };
}
