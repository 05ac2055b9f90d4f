import { expect, it } from 'vitest';
import { pauseAfterFlush } from '#service/log/flush-pace';

it('brings a repeat to the disk within a second, as long as two flushes and a pause fit into one', () => {
  for (let tookMs = 0; tookMs <= 425; tookMs += 1) {
    const onDiskAfterMs = tookMs + pauseAfterFlush(tookMs) + tookMs;
    expect(onDiskAfterMs).toBeLessThan(1_000);
    // And not sooner than it has to.
    expect(onDiskAfterMs).toBeGreaterThan(900);
  }
});

it('lets others write between two flushes, however long they take', () => {
  for (const tookMs of [426, 500, 1_000, 60_000]) expect(pauseAfterFlush(tookMs)).toBe(100);
});
