import { afterEach, beforeEach } from 'vitest';
import type { Account, AuditEvent, Range, Review } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import type { Change } from '#shared/api/contract';
import type { OperationResult } from '#shared/api/routes-operations';
import { Connections } from '#electron/core/connection/connections';
import { NotificationController } from '#electron/core/notify/controller';
import { NotificationChoices } from '#electron/core/notify/notification-choices';
import { NotificationSettings } from '#electron/core/notify/notification-settings';
import { reviewNotificationId } from '#electron/core/notify/notification-id';
import type { ForkEmbedded } from '#electron/core/ports';
import { LocalDatabase } from '#electron/core/store/database';
import { CONSOLE_MIGRATIONS, migrate } from '#electron/core/store/migrations';
import { Settings } from '#electron/core/store/settings';
import { Replica } from '#electron/core/sync/replica';
import { isoTime } from '#electron/core/text';
import { yieldToEventLoop } from './yield-to-event-loop';
import { makeAccount, newId, upsert } from './builders';
import { FakeClock } from './fake-clock';
import {
  FakePresenter,
  FakeQuiet,
  fixedRandom,
  RecordingLog,
  RecordingPublisher,
  RecordingWindows,
} from './fakes';
import { MemoryStores, TEST_SERVICE } from './memory-store';
import { ScriptedClient } from './scripted-client';

const noFork: ForkEmbedded = () => {
  throw new Error('This test has no embedded service.');
};

function consoleSettings(): Settings {
  const database = LocalDatabase.open(':memory:');
  migrate(database, CONSOLE_MIGRATIONS);
  return new Settings(database);
}

interface Parts {
  readonly stores: MemoryStores;
  readonly settings: Settings;
  readonly clock: FakeClock;
  readonly windows: RecordingWindows;
  readonly log: RecordingLog;
  readonly publisher: RecordingPublisher;
  readonly quiet: FakeQuiet;
  account: Account;
  replica: Replica;
  presenter: FakePresenter;
  notifications: NotificationSettings;
  controller: NotificationController;
}

/**
 * The console's notifications with the real store, replica and use cases, without desktop and service. `begin` comes first.
 */
export function notificationWorld() {
  let parts: Parts;
  let answers = 0;

  const start = (kept: Omit<Parts, 'replica' | 'presenter' | 'notifications' | 'controller'>): Parts => {
    const { stores, settings, clock, windows, log, publisher, quiet } = kept;
    const replica = new Replica(stores, publisher);
    const presenter = new FakePresenter();
    const choices = new NotificationChoices(settings);
    const notifications = new NotificationSettings({ choices, replica, presenter, quiet, clock, publisher });
    const random = fixedRandom();
    const createClient = () => new ScriptedClient();
    const launch = { fork: noFork, clock, random, log, settings: { dataDir: '', ownerEmail: '' } };
    const connections = new Connections({
      createClient,
      replica,
      clock,
      random,
      log,
      appVersion: '0.0.0',
      launch,
    });
    const core = { replica, clock, newId, connections, windows, log, notifications: notifications };
    const controller = new NotificationController({ core, presenter, quiet });
    return { ...kept, replica, presenter, notifications, controller };
  };

  /** Applies an answer of the service. `more`: further answers follow. */
  const apply = (changes: readonly Change[], more = false): void => {
    answers += 1;
    // Two answers never come at the same time.
    parts.clock.advance(1);
    parts.replica.applyAnswer(
      { cursor: `c${answers}`, reset: false, changes: [...changes], more },
      parts.clock.now(),
    );
  };

  const world = {
    get clock() {
      return parts.clock;
    },
    get replica() {
      return parts.replica;
    },
    get account() {
      return parts.account;
    },
    get presenter() {
      return parts.presenter;
    },
    get windows() {
      return parts.windows;
    },
    get log() {
      return parts.log;
    },
    get publisher() {
      return parts.publisher;
    },
    get notifications() {
      return parts.notifications;
    },
    get quiet() {
      return parts.quiet;
    },
    get controller() {
      return parts.controller;
    },
    get settings() {
      return parts.settings;
    },
    apply,
    sync: (reviews: readonly Review[], more = false): void =>
      apply(
        reviews.map((review) => upsert('review', review)),
        more,
      ),
    /** Applies the first answer of the service, whose content is not announced. */
    baseline: (): void => apply([]),
    syncRanges: (ranges: readonly Range[]): void => apply(ranges.map((range) => upsert('range', range))),
    syncSources: (sources: readonly Source[]): void =>
      apply(sources.map((source) => upsert('source', source))),
    syncAccount: (fields: Partial<Account>): void => {
      parts.account = { ...parts.account, revision: parts.account.revision + 1, ...fields };
      apply([upsert('account', parts.account)]);
    },
    /** Lets somebody change the mode, and the service report it. */
    syncMode: (to: Account['mode'], actor: AuditEvent['actor']): void => {
      const event: AuditEvent = {
        id: newId(),
        at: isoTime(parts.clock.now()),
        actor,
        via: actor.kind === 'system' ? 'system' : 'console',
        action: 'mode.set',
        target: parts.account.id,
        before: { mode: parts.account.mode },
        after: { mode: to },
        operationId: null,
      };
      parts.account = { ...parts.account, mode: to, revision: parts.account.revision + 1 };
      apply([{ kind: 'audit', op: 'upsert', id: event.id, value: event }, upsert('account', parts.account)]);
    },
    online: (): void =>
      parts.replica.setConnection({
        kind: 'online',
        service: TEST_SERVICE,
        since: isoTime(parts.clock.now()),
      }),
    unreachable: (sinceMs = parts.clock.now()): void =>
      parts.replica.setConnection({
        kind: 'unreachable',
        service: TEST_SERVICE,
        since: isoTime(sinceMs),
        message: 'Nothing answers.',
      }),
    signedOut: (): void =>
      parts.replica.setConnection({
        kind: 'unauthorized',
        service: TEST_SERVICE,
        code: 'token_expired',
        message: 'The token has expired.',
      }),
    /** Lets the service answer the queued operations, each with the test's result. */
    answerOperations: (answer: (id: string) => Omit<OperationResult, 'id'>): void => {
      const { outbox } = parts.replica;
      const batch = outbox?.nextBatch(100) ?? [];
      outbox?.markSent(batch, null);
      outbox?.answered(
        batch,
        batch.map(({ operation }) => ({ id: operation.id, ...answer(operation.id) })),
        parts.clock.now(),
      );
    },
    /** Moves the clock and runs everything that waits for it. */
    pass: async (ms: number): Promise<void> => {
      parts.clock.advance(ms);
      await yieldToEventLoop();
    },
    /** Answers a review by its notification. */
    press: async (review: Review, button: string): Promise<void> => {
      parts.presenter.press(reviewNotificationId(review.id), button);
      await yieldToEventLoop();
    },
    shownOf: (review: Review) => parts.presenter.open.get(reviewNotificationId(review.id)),
    /** Another account takes the place of this one. */
    switchAccount: (): void => {
      parts.account = makeAccount();
      parts.replica.adopt(TEST_SERVICE, parts.account);
    },
    /** Ends and restarts the console on the same computer. */
    restart: (): void => {
      parts.controller.stop();
      parts = start(parts);
      parts.replica.open(TEST_SERVICE, parts.account.id);
      parts.controller.start();
    },
    /** Ends without cleaning up, and leaves the desktop as it is. */
    crash: (): void => {
      const { presenter } = parts;
      parts = start(parts);
      for (const shown of presenter.open.values()) parts.presenter.open.set(shown.id, shown);
      parts.replica.open(TEST_SERVICE, parts.account.id);
      parts.controller.start();
    },
    /** Starts on a new computer that connects to an account for the first time. */
    begin: (): void => {
      answers = 0;
      parts = start({
        stores: new MemoryStores(),
        settings: consoleSettings(),
        clock: new FakeClock(),
        windows: new RecordingWindows(),
        log: new RecordingLog(),
        publisher: new RecordingPublisher(),
        quiet: new FakeQuiet(),
        account: makeAccount(),
      });
      parts.controller.start();
      parts.replica.adopt(TEST_SERVICE, parts.account);
      world.online();
    },
    end: (): void => parts.controller.stop(),
  };
  return world;
}

/** A world of its own for each test. */
export function useNotificationWorld() {
  const world = notificationWorld();
  beforeEach(() => world.begin());
  afterEach(() => world.end());
  return world;
}
