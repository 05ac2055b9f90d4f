import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { showScreen } from '../../renderer/src/stores/ui';
import { review, ulid } from './builders';
import { patchMirror, renderApp } from './render-app';

const GATHERED_MS = 4_000;

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => void vi.useRealTimers());

const reviewOf = (index: number) => review({ id: ulid(200 + index), ip: `203.0.113.${index}` });
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const told = (): readonly string[] =>
  screen
    .getAllByRole('status')
    .map(({ textContent }) => textContent)
    .filter((text) => /new review/.test(text));

describe('new reviews', () => {
  it('reach a screen reader on every screen, gathered, and none that was there before', async () => {
    const { double } = renderApp({ mirror: { reviews: [reviewOf(1)] } });
    await screen.findByRole('navigation', { name: 'Screens' });
    act(() => showScreen('keys'));
    await pass(GATHERED_MS);
    expect(told()).toEqual([]);

    for (const from of [2, 15, 28]) {
      const upserted = Array.from({ length: 13 }, (_, index) => reviewOf(from + index));
      patchMirror(double, { reviews: { upserted, removed: [] } });
      await pass(500);
    }
    expect(told()).toEqual([]);
    await pass(GATHERED_MS);
    expect(told()).toEqual(['39 new reviews. 40 open.']);

    patchMirror(double, { reviews: { upserted: [{ ...reviewOf(2), count: 99 }], removed: [] } });
    await pass(GATHERED_MS);
    expect(told()).toEqual(['39 new reviews. 40 open.']);

    patchMirror(double, { reviews: { upserted: [reviewOf(50)], removed: [] } });
    await pass(GATHERED_MS);
    expect(told()).toEqual(['1 new review. 41 open.']);
  });
});
