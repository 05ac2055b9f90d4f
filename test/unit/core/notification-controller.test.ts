import { beforeEach, describe, expect, it } from 'vitest';
import type { Account, Review } from '#shared/domain/entities';
import { NotificationController } from '#electron/core/notify/controller';
import { SUMMARY_INTERVAL_MS } from '#electron/core/notify/policy';
import { Replica } from '#electron/core/sync/replica';
import { makeAccount, makeReview, upsert } from '#test/support/console/builders';
import { FakeClock } from '#test/support/console/fake-clock';
import {
  FakeNotifier,
  RecordingLog,
  RecordingPublisher,
  RecordingWindows,
} from '#test/support/console/fakes';
import { MemoryStores, TEST_SERVICE } from '#test/support/console/memory-store';

let stores: MemoryStores;
let replica: Replica;
let account: Account;
let notifier: FakeNotifier;
let windows: RecordingWindows;
let clock: FakeClock;
let controller: NotificationController;
let answers = 0;

const sync = (reviews: readonly Review[], more = false): void => {
  answers += 1;
  const changes = reviews.map((review) => upsert('review', review));
  replica.applyAnswer({ cursor: `c${answers}`, reset: false, changes, more }, clock.now());
};

const startController = (): void => {
  controller = new NotificationController({
    replica,
    notifier,
    windows,
    clock,
    log: new RecordingLog(),
  });
  controller.start();
};

/** The same computer, later. */
const restart = (): void => {
  controller.stop();
  notifier = new FakeNotifier();
  replica = new Replica(stores, new RecordingPublisher());
  replica.open(TEST_SERVICE, account.id);
  startController();
};

beforeEach(() => {
  stores = new MemoryStores();
  replica = new Replica(stores, new RecordingPublisher());
  account = makeAccount();
  notifier = new FakeNotifier();
  windows = new RecordingWindows();
  clock = new FakeClock();
  startController();
  replica.adopt(TEST_SERVICE, account);
});

describe('announcing questions', () => {
  it('does not begin with what was there at the first connection', () => {
    sync([makeReview(), makeReview()], true);
    sync([makeReview()]);
    expect(notifier.shown).toEqual([]);
    sync([makeReview({ ip: '198.51.100.7' })]);
    expect(notifier.openTitles).toEqual(['Blocked: 198.51.100.7']);
  });

  it('says each one once, also when it is counted up', () => {
    sync([]);
    const review = makeReview();
    sync([review]);
    sync([{ ...review, count: 2 }]);
    sync([{ ...review, count: 3, version: 2 }]);
    expect(notifier.shown).toHaveLength(1);
  });

  it('takes the notification back when the question is answered, wherever that was', () => {
    sync([]);
    const review = makeReview();
    sync([review]);
    replica.applyWritten(account.id, { reviews: [{ ...review, status: 'authorized', version: 2 }] });
    expect(notifier.open.size).toBe(0);
    expect(notifier.shown).toHaveLength(1);
  });

  it('opens the question with a click', () => {
    sync([]);
    const review = makeReview();
    sync([review]);
    notifier.shown[0]?.click();
    expect(windows.opened).toEqual([`approval ${review.id}`]);
    expect(notifier.open.size).toBe(0);
  });

  it('leaves in peace who puts a notification away', () => {
    sync([]);
    const review = makeReview();
    sync([review]);
    notifier.shown[0]?.dismiss();
    sync([{ ...review, count: 2 }]);
    sync([{ ...review, status: 'denied', version: 2 }]);
    expect(notifier.shown).toHaveLength(1);
  });

  it('does not repeat itself after a restart, and says what came meanwhile', () => {
    sync([]);
    const review = makeReview();
    sync([review]);
    restart();
    expect(notifier.shown).toEqual([]);
    sync([review, makeReview({ ip: '198.51.100.7' })]);
    expect(notifier.openTitles).toEqual(['Blocked: 198.51.100.7']);
  });

  it('takes everything back when the app ends', () => {
    sync([]);
    sync([makeReview(), makeReview()]);
    controller.stop();
    expect(notifier.open.size).toBe(0);
    sync([makeReview()]);
    expect(notifier.shown).toHaveLength(2);
  });

  it('begins anew with another account', () => {
    sync([]);
    replica.adopt(TEST_SERVICE, makeAccount());
    sync([makeReview()]);
    expect(notifier.shown).toEqual([]);
    sync([makeReview()]);
    expect(notifier.shown).toHaveLength(1);
  });

  it('survives a desktop that refuses to show anything', () => {
    sync([]);
    notifier.show = () => {
      throw new Error('no bus');
    };
    sync([makeReview()]);
    expect(replica.cursor).toBe(`c${answers}`);
  });

  it('keeps quiet where there are no notifications', () => {
    controller.stop();
    notifier.supported = false;
    startController();
    sync([]);
    sync([makeReview()]);
    expect(notifier.shown).toEqual([]);
  });
});

describe('a burst', () => {
  const burst = (count: number): readonly Review[] => Array.from({ length: count }, () => makeReview());

  it('becomes one summary that opens the console', () => {
    sync([]);
    sync(burst(3));
    expect(notifier.open.size).toBe(3);
    sync(burst(4));
    expect(notifier.openTitles).toEqual(['Blocked: 7 addresses']);
    notifier.shown.at(-1)?.click();
    expect(windows.opened).toEqual(['console pending']);
  });

  it('updates the summary at its interval, with everything that came', async () => {
    sync([]);
    sync(burst(10));
    for (let round = 0; round < 20; round += 1) sync(burst(5));
    expect(notifier.shown).toHaveLength(1);
    expect(clock.sleeps).toEqual([SUMMARY_INTERVAL_MS]);
    await clock.passSleep();
    await Promise.resolve();
    expect(notifier.openTitles).toEqual(['Blocked: 110 addresses']);
    expect(notifier.shown).toHaveLength(2);
  });

  it('takes the summary back when all is answered', () => {
    sync([]);
    const reviews = burst(8);
    sync(reviews);
    sync(reviews.map((review) => ({ ...review, status: 'superseded', version: 2 })));
    expect(notifier.open.size).toBe(0);
  });
});
