import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { yieldToEventLoop } from '#service/runtime/yield-to-event-loop';

describe('yielding to the event loop', () => {
  beforeEach(async () => {
    await nextTurn();
  });

  const work = (ms: number): void => {
    for (const end = performance.now() + ms; performance.now() < end;);
  };

  it('lets others have a turn once the work of this one has had its time, and not before', async () => {
    expect(yieldToEventLoop()).toBeUndefined();
    expect(yieldToEventLoop()).toBeUndefined();
    work(5);
    let isOthersTurn = false;
    setImmediate(() => {
      isOthersTurn = true;
    });
    await yieldToEventLoop();
    expect(isOthersTurn).toBe(true);
  });

  it('counts the time anew in each turn', async () => {
    expect(yieldToEventLoop()).toBeUndefined();
    work(5);
    await yieldToEventLoop();
    expect(yieldToEventLoop()).toBeUndefined();
  });
});
