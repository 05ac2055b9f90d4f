import { beforeEach, describe, expect, it } from 'vitest';
import { answerMany, stopMany } from '#electron/core/use-cases/answer-many';
import type { Review } from '#shared/domain/entities';
import { yieldToEventLoop } from '#test/support/console/yield-to-event-loop';
import { makeReview, newId, upsert } from '#test/support/console/builders';
import { TEST_SERVICE } from '#test/support/console/memory-store';
import { sentIn, useOutboxWorld } from '#test/support/console/outbox-world';
import { value } from '#test/support/console/value';

const world = useOutboxWorld();
const { outbox, feed, next, online } = world;

const DENY = { kind: 'deny', addDenyRange: false } as const;
const SUBNETS = { kind: 'authorize', scope: 'subnet', thisKeyOnly: false } as const;

let reviews: readonly Review[];
const core = () => ({ replica: world.replica, clock: world.clock, newId });
const ids = (): string[] => reviews.map(({ id }) => id);
const shown = () => reviews.map(({ id }) => world.replica.view.review(id)?.status);

beforeEach(() => {
  reviews = ['203.0.113.9', '203.0.113.10', '192.0.2.1'].map((ip) =>
    makeReview({ ip, suggestedCidr: `${ip.slice(0, ip.lastIndexOf('.'))}.0/24` }),
  );
  feed(...reviews.map((review) => upsert('review', review)));
  world.replica.setConnection({ kind: 'connecting', service: TEST_SERVICE });
});

describe('one answer for many reviews', () => {
  it('is shown with one patch, and sent in one request', async () => {
    const before = world.replica.snapshot().version;
    expect(value(await answerMany(core(), { reviewIds: ids(), answer: DENY }))).toMatchObject({
      refused: [],
    });
    expect(shown()).toEqual(['denied', 'denied', 'denied']);
    expect(world.replica.snapshot().version).toBe(before + 1);
    online();
    const sent = sentIn(await next());
    expect(sent.map((operation) => operation.type)).toEqual(['review.deny', 'review.deny', 'review.deny']);
  });

  it('needs one operation for each network, because its range settles the other reviews', async () => {
    await answerMany(core(), { reviewIds: ids(), answer: SUBNETS });
    expect(outbox().size).toBe(2);
    expect(shown()).toEqual(['authorized', 'superseded', 'authorized']);
  });

  it.each([DENY, SUBNETS])(
    'is taken back as a whole, without a trace if it was not sent: %o',
    async (answer) => {
      await answerMany(core(), { reviewIds: ids(), answer });
      const { refused } = value(await answerMany(core(), { reviewIds: ids(), answer: { kind: 'reopen' } }));
      expect(refused).toEqual([]);
      expect([shown(), outbox().size]).toEqual([['pending', 'pending', 'pending'], 0]);
      online();
      await yieldToEventLoop();
      expect(world.client.made).toEqual([]);
    },
  );

  it('is stopped between two requests: what is sent stays, the rest is open again', async () => {
    reviews = Array.from({ length: 150 }, (_, n) => makeReview({ ip: `10.0.0.${n}` }));
    feed(...reviews.map((review) => upsert('review', review)));
    const { operationIds } = value(await answerMany(core(), { reviewIds: ids(), answer: DENY }));
    online();
    const sent = sentIn(await next());
    expect(sent.map(({ id }) => id)).toEqual(operationIds.slice(0, 100));
    const { reopenedIds } = value(stopMany(core(), { reviewIds: ids(), operationIds }));
    expect(reopenedIds).toEqual(ids().slice(100));
    expect(shown()).toEqual(reviews.map((_, n) => (n < 100 ? 'denied' : 'pending')));
    expect(outbox().size).toBe(100);
  });

  it('is given to nobody where the account was left while it was made', async () => {
    reviews = Array.from({ length: 300 }, (_, n) => makeReview({ ip: `10.0.${n >> 8}.${n & 255}` }));
    feed(...reviews.map((review) => upsert('review', review)));
    const left = outbox();
    const answering = answerMany(core(), { reviewIds: ids(), answer: DENY });
    void world.replica.close();
    expect(await answering).toMatchObject({ ok: false });
    expect(left.size).toBe(0);
  });

  it('names those that somebody else answered, and answers the others', async () => {
    const [first, ...others] = reviews;
    if (first === undefined) throw new Error('no review');
    feed(upsert('review', { ...first, status: 'denied', decidedBy: 'anna@example.com', version: 2 }));
    const { operationIds, refused } = value(await answerMany(core(), { reviewIds: ids(), answer: DENY }));
    expect([operationIds.length, refused.map(({ id }) => id)]).toEqual([others.length, [first.id]]);
    const reopened = value(await answerMany(core(), { reviewIds: ids(), answer: { kind: 'reopen' } }));
    expect(reopened.refused.map(({ id }) => id)).toEqual([first.id]);
    expect(shown()).toEqual(['denied', 'pending', 'pending']);
  });
});
