import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { MOST_OPEN, SUMMARY_INTERVAL_MS } from '#electron/core/notify/causes/review';
import { reviewNotificationId, SUMMARY_ID } from '#electron/core/notify/notification-id';
import { makeReview, newId } from '#test/support/console/builders';
import { notificationWorld } from '#test/support/console/notification-world';

type Step =
  | { readonly do: 'ask'; readonly count: number; readonly key: number }
  | { readonly do: 'count-up' | 'answer-elsewhere' | 'click' | 'dismiss' | 'drop'; readonly which: number }
  | { readonly do: 'press'; readonly which: number; readonly button: string }
  | { readonly do: 'snooze' | 'wake' | 'quiet' | 'loud' | 'restart' | 'crash' }
  | { readonly do: 'mute'; readonly key: number; readonly muted: boolean }
  | { readonly do: 'enable'; readonly enabled: boolean }
  | { readonly do: 'pass'; readonly ms: number };

const which = fc.nat(1_000);
const key = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('ask' as const), count: fc.integer({ min: 1, max: 8 }), key }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'count-up' as const,
        'answer-elsewhere' as const,
        'click' as const,
        'dismiss' as const,
        'drop' as const,
      ),
      which,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('press' as const),
      which,
      button: fc.constantFrom('authorize-3600', 'deny', 'undo'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'snooze' as const,
        'wake' as const,
        'quiet' as const,
        'loud' as const,
        'restart' as const,
        'crash' as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mute' as const), key, muted: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('enable' as const), enabled: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  },
);

/** One history of a computer, checked after each of its steps. */
class Run {
  readonly world = notificationWorld();
  readonly #keyIds = [newId(), newId()];
  readonly #asked = new Map<string, Review>();
  readonly #baseline = [makeReview(), makeReview()];
  readonly #appeared = new Map<string, number>();
  #seen = 0;

  begin(): void {
    this.world.begin();
    this.world.sync(this.#baseline);
  }

  async take(next: Step): Promise<void> {
    const { world } = this;
    const wasQuiet = world.notifications.state().quiet !== null;
    switch (next.do) {
      case 'ask': {
        const keyId = this.#keyIds[next.key] ?? '';
        const fresh = Array.from({ length: next.count }, () => makeReview({ keyId }));
        for (const review of fresh) this.#asked.set(review.id, review);
        world.sync(fresh);
        break;
      }
      case 'count-up':
        this.#change(next.which, ({ count }) => ({ count: count + 1 }));
        break;
      case 'answer-elsewhere':
        this.#change(next.which, () => ({ status: 'denied', decidedBy: 'bob@example.com' }));
        break;
      case 'click':
        this.#onOpen(next.which, (id) => world.presenter.click(id));
        break;
      case 'dismiss':
        this.#onOpen(next.which, (id) => world.presenter.dismiss(id));
        break;
      case 'drop':
        this.#onOpen(next.which, (id) => world.presenter.drop(id));
        break;
      case 'press':
        this.#onOpen(next.which, (id) => world.presenter.press(id, next.button));
        break;
      case 'snooze':
        world.notifications.snooze('hour');
        break;
      case 'wake':
        world.notifications.wake();
        break;
      case 'quiet':
        world.quiet.turn(true);
        break;
      case 'loud':
        world.quiet.turn(false);
        break;
      case 'restart':
        this.#count();
        world.restart();
        this.#seen = 0;
        break;
      case 'crash':
        this.#count();
        world.crash();
        this.#seen = 0;
        break;
      case 'mute':
        world.notifications.muteKey({ keyId: this.#keyIds[next.key] ?? '', muted: next.muted });
        break;
      case 'enable':
        world.notifications.change({ enabled: next.enabled });
        break;
      case 'pass':
        await world.pass(next.ms);
        break;
    }
    await world.pass(0);
    this.#check(wasQuiet && world.notifications.state().quiet !== null);
  }

  /** All pauses end, and the time goes on: everything has been said. Then everything is answered: nothing is left. */
  async end(): Promise<void> {
    const { world } = this;
    await this.take({ do: 'enable', enabled: true });
    await this.take({ do: 'wake' });
    await this.take({ do: 'loud' });
    for (const index of [0, 1]) await this.take({ do: 'mute', key: index, muted: false });
    for (const ms of [SUMMARY_INTERVAL_MS, SUMMARY_INTERVAL_MS, 10_000]) await this.take({ do: 'pass', ms });
    for (const review of this.#pending()) {
      expect(world.replica.store?.announced.has('review', review.id)).toBe(true);
    }
    world.sync(
      [...this.#asked.values()].map((review) => ({
        ...review,
        status: 'denied',
        version: review.version + 1,
      })),
    );
    await world.pass(10_000);
    // What a run said of an answer before it crashed is nobody's any more.
    expect(world.presenter.openTitles.filter(isAnnouncing)).toEqual([]);
    world.end();
  }

  #pending(): readonly Review[] {
    return this.world.replica
      .reviews()
      .filter(({ id, status }) => this.#asked.has(id) && status === 'pending');
  }

  /** The service tells that a review is another one now. */
  #change(index: number, changes: (review: Review) => Partial<Review>): void {
    const pending = [...this.#asked.values()].filter(({ status }) => status === 'pending');
    const review = pending[index % Math.max(1, pending.length)];
    if (review === undefined) return;
    const changed = { ...review, ...changes(review), version: review.version + 1 };
    this.#asked.set(review.id, changed);
    this.world.sync([changed]);
  }

  #onOpen(index: number, act: (id: string) => void): void {
    const open = [...this.world.presenter.open.keys()];
    const id = open[index % Math.max(1, open.length)];
    if (id !== undefined) act(id);
  }

  /** Takes in what has appeared on the screen since it was last looked at. */
  #count(): readonly string[] {
    const { shown } = this.world.presenter;
    const fresh = shown
      .slice(this.#seen)
      .filter(({ isUpdate, title }) => !isUpdate && isAnnouncing(title))
      .map(({ id }) => id);
    this.#seen = shown.length;
    for (const id of fresh) this.#appeared.set(id, (this.#appeared.get(id) ?? 0) + 1);
    return fresh;
  }

  #check(isQuiet: boolean): void {
    const { presenter, replica } = this.world;
    const appeared = this.#count();
    if (isQuiet) expect(appeared).toEqual([]);
    for (const [id, times] of this.#appeared) if (id !== SUMMARY_ID) expect([id, times]).toEqual([id, 1]);
    for (const { id } of this.#baseline) expect(this.#appeared.has(reviewNotificationId(id))).toBe(false);
    const announcing = [...presenter.open.values()].filter(({ title }) => isAnnouncing(title));
    // Those of a program that crashed are nobody's any more.
    const own = announcing.filter(({ id }) => presenter.shown.some((shown) => shown.id === id));
    expect(own.length).toBeLessThanOrEqual(MOST_OPEN + 1);
    for (const { id } of own) {
      if (id === SUMMARY_ID) continue;
      const review = replica.reviews().find((each) => reviewNotificationId(each.id) === id);
      expect(review?.status).toBe('pending');
    }
  }
}

/** Whether it tells of blocked addresses, and not of an answer. */
const isAnnouncing = (title: string): boolean =>
  title.startsWith('Blocked: ') || title.includes(' blocked while ');

it('whatever happens: never too many, nothing twice, nothing old, nothing in quiet, nothing forgotten, all taken back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      const run = new Run();
      run.begin();
      for (const next of steps) await run.take(next);
      await run.end();
    }),
    { numRuns: 150 },
  );
});
