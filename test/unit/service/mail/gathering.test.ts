import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#shared/durations';
import { GATHER_PAUSE_MS, MAX_MESSAGES_PER_HOUR, nextMessageAt } from '#service/mail/queue';

const MINUTE_MS = 60_000;

/** Messages as the queue would make them: when each is made, and which news it takes with it. */
const play = (newsAt: readonly number[]): { at: number; news: readonly number[] }[] => {
  const messages: { at: number; news: readonly number[] }[] = [];
  let waiting = newsAt.toSorted((a, b) => a - b);
  for (let oldest = waiting[0]; oldest !== undefined; oldest = waiting[0]) {
    const at = nextMessageAt(
      oldest,
      messages.map((message) => message.at),
    );
    messages.push({ at, news: waiting.filter((time) => time <= at) });
    waiting = waiting.filter((time) => time > at);
  }
  return messages;
};

describe('gathering news into messages', () => {
  it('sends the first soon, so that a burst comes with it', () => {
    expect(nextMessageAt(1_000, [])).toBe(1_000 + GATHER_PAUSE_MS);
  });

  it('doubles the pause with each message of the hour', () => {
    // News all the time: each message goes as soon as it may.
    const news = Array.from({ length: 6 * 60 }, (_, index) => index * 10_000);
    const made = play(news).map(({ at }) => Math.round((at - GATHER_PAUSE_MS) / MINUTE_MS));
    expect(made.slice(0, 6)).toEqual([0, 1, 3, 7, 15, 31]);
    expect(made[6]).toBe(60);
  });

  it('forgets after an hour of quiet', () => {
    expect(nextMessageAt(HOUR_MS + 10, [0, 5])).toBe(HOUR_MS + 10 + GATHER_PAUSE_MS);
  });

  it('does not care about the order of the times it is given', () => {
    const times = [0, MINUTE_MS, 3 * MINUTE_MS];
    expect(nextMessageAt(4 * MINUTE_MS, times.toReversed())).toBe(nextMessageAt(4 * MINUTE_MS, times));
    expect(nextMessageAt(4 * MINUTE_MS, times)).toBe(7 * MINUTE_MS);
  });

  it('tells all news exactly once, within the hour, and never more often than it may', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5 * HOUR_MS }), { minLength: 1, maxLength: 300 }),
        (news) => {
          const messages = play(news);
          const told = messages.flatMap((message) => message.news);
          expect(told.toSorted((a, b) => a - b)).toEqual(news.toSorted((a, b) => a - b));
          for (const message of messages) {
            expect(message.news.length).toBeGreaterThan(0);
            for (const time of message.news) {
              expect(message.at - time).toBeLessThanOrEqual(HOUR_MS + GATHER_PAUSE_MS);
            }
            const inHour = messages.filter(({ at }) => at > message.at - HOUR_MS && at <= message.at);
            expect(inHour.length).toBeLessThanOrEqual(MAX_MESSAGES_PER_HOUR);
          }
        },
      ),
    );
  });
});
