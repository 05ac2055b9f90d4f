import { beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '#shared/durations';
import { NotificationChoices } from '#electron/core/notify/notification-choices';
import { NotificationSettings } from '#electron/core/notify/notification-settings';
import type { TrayPresence } from '#electron/core/ports';
import { Settings } from '#electron/core/store/settings';
import { Replica } from '#electron/core/sync/replica';
import { TrayController } from '#electron/core/tray/controller';
import type { TrayIcon, TrayModel } from '#electron/core/tray/model';
import type { CoreContext } from '#electron/core/use-cases/context';
import type { Account, Review } from '#shared/domain/entities';
import { yieldToEventLoop } from '#test/support/console/yield-to-event-loop';
import { makeAccount, makeReview, newId, upsert } from '#test/support/console/builders';
import { FakeClock } from '#test/support/console/fake-clock';
import {
  FakePresenter,
  FakeQuiet,
  RecordingLog,
  RecordingPublisher,
  RecordingWindows,
} from '#test/support/console/fakes';
import { memoryDatabase, MemoryStores, TEST_SERVICE } from '#test/support/console/memory-store';

/** A tray that a test puts up and takes down. */
class FakePresence implements TrayPresence {
  readonly #listeners = new Set<() => void>();
  #shown = true;

  isShown(): boolean {
    return this.#shown;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  become(shown: boolean): void {
    this.#shown = shown;
    for (const listener of this.#listeners) listener();
  }
}

const ID = 'the-account';
let clock: FakeClock;
let replica: Replica;
let notifications: NotificationSettings;
let windows: RecordingWindows;
let log: RecordingLog;
let presence: FakePresence;
let controller: TrayController;
let rendered: TrayModel[];
let quits: number;
let renderFails: boolean;
let answered: (readonly [id: string, reviewId: string, button: string])[];
let answers = 0;

const sync = (...reviews: readonly Review[]): void => {
  answers += 1;
  const changes = reviews.map((review) => upsert('review', review));
  replica.applyAnswer({ cursor: `c${answers}`, reset: false, changes, more: false }, clock.now());
};
const icon = (): TrayIcon => {
  const shown = rendered.at(-1)?.icon;
  if (shown === undefined || shown === null) throw new Error('There is no icon.');
  return shown;
};
/** Lets what waits for the clock go on. */
const pass = async (ms: number): Promise<void> => {
  clock.advance(ms);
  await yieldToEventLoop();
};

const begin = (account: Account = makeAccount()): void => {
  replica.adopt(TEST_SERVICE, account);
  replica.setConnection({ kind: 'online', service: TEST_SERVICE, since: '2026-01-15T12:00:00.000Z' });
  sync();
  controller.start();
};

beforeEach(() => {
  clock = new FakeClock();
  windows = new RecordingWindows();
  log = new RecordingLog();
  presence = new FakePresence();
  const publisher = new RecordingPublisher();
  replica = new Replica(new MemoryStores(), publisher);
  notifications = new NotificationSettings({
    choices: new NotificationChoices(new Settings(memoryDatabase())),
    replica,
    presenter: new FakePresenter(),
    quiet: new FakeQuiet(),
    clock,
    publisher,
  });
  [rendered, answered, quits, renderFails] = [[], [], 0, false];
  // Of the whole core only these are asked for.
  const account = { id: ID, replica, notifications, windows } as unknown as CoreContext;
  const subscribe = (listener: () => void): (() => void) => {
    const ends = [replica.subscribe(listener), notifications.subscribe(listener)];
    return () => ends.forEach((end) => end());
  };
  controller = new TrayController({
    accounts: {
      all: () => [account],
      shown: account,
      nameOf: () => undefined,
      answer: (...answer) => answered.push(answer),
      subscribe,
    },
    clock,
    log,
    presence,
    render(model) {
      if (renderFails) throw new Error('no such desktop');
      rendered.push(model);
    },
    quit: () => (quits += 1),
  });
});

describe('keeping the tray up to date', () => {
  it('shows at once how things stand, and each change', async () => {
    begin();
    expect(icon().tooltip).toBe('Gatehouse · No pending reviews · Manual');
    await pass(250);
    sync(makeReview());
    expect(icon().tooltip).toContain('1 pending review');
    expect(rendered.at(-1)?.badgeCount).toBe(1);
  });

  it('shows a storm at most four times a second, and its end', async () => {
    begin();
    const reviews = Array.from({ length: 100 }, () => makeReview());
    for (const review of reviews) {
      sync(review);
      await pass(10);
    }
    expect(rendered.length).toBeLessThanOrEqual(5);
    await pass(250);
    expect(rendered.at(-1)?.badgeCount).toBe(100);
  });

  it('costs no timer while nothing happens', async () => {
    begin();
    await pass(250);
    expect(clock.sleeps).toEqual([]);
  });

  it('lists the newest first, and does not move them as they are counted up', async () => {
    const old = makeReview({ ip: '192.0.2.1', firstAt: '2026-01-15T10:00:00.000Z' });
    const fresh = makeReview({ ip: '192.0.2.2', firstAt: '2026-01-15T11:00:00.000Z' });
    begin();
    sync(old, fresh);
    await pass(250);
    const labels = (): unknown[] =>
      icon().menu.flatMap((item) => (item.id.startsWith('review-') ? [item] : []));
    const before = labels();
    expect(before).toMatchObject([{ label: '192.0.2.2 · Production' }, { label: '192.0.2.1 · Production' }]);
    sync({ ...old, count: 9, lastAt: '2026-01-15T12:30:00.000Z' });
    await pass(250);
    expect(labels()).toEqual(before);
  });

  it('follows the desktop’s tray', async () => {
    begin();
    await pass(250);
    presence.become(false);
    expect(rendered.at(-1)?.icon).toBeNull();
    await pass(250);
    presence.become(true);
    expect(rendered.at(-1)?.icon).not.toBeNull();
  });

  it('goes on after a desktop that could not show it, and says so in the log', async () => {
    begin();
    renderFails = true;
    await pass(250);
    sync(makeReview());
    expect(log.text).toContain('tray.failed');
    renderFails = false;
    await pass(250);
    sync(makeReview());
    expect(rendered.at(-1)?.badgeCount).toBe(2);
  });

  it('does nothing after it was stopped', async () => {
    begin();
    notifications.snooze('hour');
    await pass(250);
    controller.stop();
    const count = rendered.length;
    sync(makeReview());
    await pass(4_000_000);
    expect(rendered).toHaveLength(count);
    expect(clock.sleeps).toEqual([]);
  });
});

describe('choosing in the tray', () => {
  it('hands an answer on to where answers are given', () => {
    const [one, other] = [newId(), newId()];
    begin();
    controller.choose({ do: 'authorize', account: ID, seconds: 86_400, reviewId: one });
    controller.choose({ do: 'deny', account: ID, reviewId: other });
    expect(answered).toEqual([
      [ID, one, 'authorize-86400'],
      [ID, other, 'deny'],
    ]);
  });

  it('opens what is named', () => {
    const id = newId();
    controller.choose({ do: 'open-review', account: ID, reviewId: id });
    controller.choose({ do: 'open-console', account: ID, screen: 'pending' });
    controller.choose({ do: 'open-console', account: ID, screen: 'protection' });
    controller.choose({ do: 'open-console' });
    controller.choose({ do: 'quit' });
    expect(windows.opened).toEqual([`approval ${id}`, 'console pending', 'console protection', 'console']);
    expect(quits).toBe(1);
  });

  it('pauses notifications until time or a person ends it', async () => {
    begin();
    await pass(250);
    controller.choose({ do: 'pause', for: 'hour' });
    expect(icon().tooltip).toContain('Paused until');
    expect(notifications.state().quiet?.reason).toBe('snoozed');
    await pass(HOUR_MS);
    // The notifications looks again when the time has come, and tells.
    notifications.refresh();
    expect(icon().tooltip).not.toContain('Paused');
    await pass(250);

    controller.choose({ do: 'pause', for: 'tomorrow' });
    await pass(250);
    controller.choose({ do: 'resume' });
    expect(icon().tooltip).not.toContain('Paused');
    expect(notifications.state().quiet).toBeNull();
    await pass(250);
    expect(clock.sleeps).toEqual([]);
  });
});
