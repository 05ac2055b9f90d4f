import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MINUTE_MS } from '#shared/durations';
import { followLog } from '../../../renderer/src/stores/log-figures';
import { BridgeDouble } from '../../support/bridge-double';

let double: BridgeDouble;

beforeEach(() => {
  vi.useFakeTimers();
  double = new BridgeDouble();
  vi.stubGlobal('window', { gatehouse: double.bridge });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('the figures of the log are read one after the other, however long a read takes and however much arrives', async () => {
  const ends: (() => void)[] = [];
  const show = vi.fn();
  const stop = followLog(
    () =>
      new Promise<string>((resolve) => {
        ends.push(() => resolve('found'));
      }),
    show,
  );
  expect(ends).toHaveLength(1);
  for (let news = 0; news < 10; news += 1) {
    double.emit('log', 'changed', { items: [] });
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
  }
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(ends).toHaveLength(2);
  expect(show.mock.calls).toEqual([['found', {}]]);
  double.emit('log', 'changed', { items: [] });
  stop();
  ends[1]?.();
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(ends).toHaveLength(2);
  expect(show).toHaveBeenCalledTimes(1);
});
