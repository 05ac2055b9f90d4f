import { describe, expect, it } from 'vitest';
import { Throttle } from '#electron/core/throttle';
import { yieldToEventLoop } from '#test/support/console/yield-to-event-loop';
import { FakeClock } from '#test/support/console/fake-clock';

const start = () => {
  const clock = new FakeClock();
  const doneAt: number[] = [];
  const begin = clock.now();
  const throttle = new Throttle(() => doneAt.push(clock.now() - begin), 250, clock);
  return { clock, doneAt, throttle };
};
/** Lets what waits for the clock go on. */

describe('a throttle', () => {
  it('works at once', () => {
    const { doneAt, throttle } = start();
    throttle.ask();
    expect(doneAt).toEqual([0]);
  });

  it('works once an interval however often it is asked, and for the last time after the last asking', async () => {
    const { clock, doneAt, throttle } = start();
    for (let ms = 0; ms <= 1_000; ms += 10) {
      throttle.ask();
      clock.advance(10);
      await yieldToEventLoop();
    }
    expect(doneAt).toEqual([0, 250, 500, 750, 1_000]);
    clock.advance(240);
    await yieldToEventLoop();
    expect(doneAt).toEqual([0, 250, 500, 750, 1_000, 1_250]);
  });

  it('costs no timer while nobody asks', async () => {
    const { clock, doneAt, throttle } = start();
    throttle.ask();
    clock.advance(250);
    await yieldToEventLoop();
    expect(clock.sleeps).toEqual([]);
    clock.advance(60_000);
    throttle.ask();
    expect(doneAt).toEqual([0, 60_250]);
  });

  it('does nothing after it was stopped, not even what it was asked before', async () => {
    const { clock, doneAt, throttle } = start();
    throttle.ask();
    throttle.ask();
    throttle.stop();
    clock.advance(250);
    await yieldToEventLoop();
    throttle.ask();
    expect(doneAt).toEqual([0]);
    expect(clock.sleeps).toEqual([]);
  });
});
