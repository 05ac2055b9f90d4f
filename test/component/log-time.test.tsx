import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { lowestIdAt } from '#shared/domain/id-time';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/durations';
import { changeLogDraft } from '../../renderer/src/stores/ui';
import { attempt, minutesAgo, NOW } from './builders';
import { renderLog } from './log-world';

/** A row whose only call was so many minutes ago. */
const called = (minutes: number) =>
  attempt(minutes, {
    id: lowestIdAt(NOW.getTime() - minutes * MINUTE_MS),
    firstAt: minutesAgo(minutes),
    lastAt: minutesAgo(minutes),
    count: 1,
  });
/** An hour in twelve buckets of five minutes; the newest row is in the last bucket. */
const HOUR = [called(2), called(7), called(8), called(40)];
const at = (minutes: number): number => NOW.getTime() - minutes * MINUTE_MS;

const brush = () => screen.findByRole('slider', { name: 'Choose a time' });
const chosen = async () => (await brush()).getAttribute('aria-valuetext');

async function renderHour() {
  const rendered = renderLog(HOUR);
  (await brush()).focus();
  const expectTime = (time: { fromMs?: number; toMs?: number }): Promise<void> =>
    waitFor(() => expect(rendered.double.requests('log.page').at(-1)).toMatchObject({ filter: time }));
  return { ...rendered, expectTime };
}

describe('the time of the log', () => {
  it('is chosen on the timeline by keyboard: arrows move, Shift extends, Enter filters', async () => {
    const { user, expectTime } = await renderHour();
    expect(await chosen()).toBe('Nothing chosen');
    await user.keyboard('{ArrowLeft}');
    expect(await chosen()).toBe('13:57 – 14:02: 1 call allowed, 0 blocked');
    await user.keyboard('{ArrowLeft}');
    expect(await chosen()).toBe('13:52 – 13:57: 2 calls allowed, 0 blocked');
    await user.keyboard('{Shift>}{ArrowRight}{/Shift}');
    expect(await chosen()).toBe('13:52 – 14:02: 3 calls allowed, 0 blocked');
    await user.keyboard('{Shift>}{ArrowRight}{/Shift}{ArrowRight}');
    expect(await chosen()).toBe('13:52 – 14:02: 3 calls allowed, 0 blocked');
    await user.keyboard('{Enter}');
    expect(await chosen()).toBe('Nothing chosen');
    await expectTime({ fromMs: at(10), toMs: at(0) });
    expect(await screen.findByText('3 rows on this computer')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Time: 13:52 – 14:02' })).toBeTruthy();
  });

  it('shows finer buckets of the time that was chosen, and all of it again on Escape', async () => {
    const { user, expectTime, double } = await renderHour();
    await user.keyboard('{ArrowLeft}{ArrowLeft}{Enter}');
    await expectTime({ fromMs: at(10), toMs: at(5) });
    await waitFor(async () => expect(await chosen()).toBe('Nothing chosen'));
    expect(screen.getByRole('img', { name: 'From 13:52 to 13:57: 2 calls allowed, 0 blocked' })).toBeTruthy();
    expect(document.activeElement).toBe(await brush());
    await user.keyboard('{ArrowLeft}{Escape}');
    expect(await chosen()).toBe('Nothing chosen');
    expect(screen.getByRole('button', { name: 'Time: 13:52 – 13:57' })).toBeTruthy();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(double.requests('log.page').at(-1)).toHaveProperty('filter', {}));
    expect(screen.getByRole('button', { name: 'Time: Any time' })).toBeTruthy();
  });

  it('is chosen in the filter bar by how long ago it began, and cleared with the other filters', async () => {
    const { user, expectTime } = await renderHour();
    await user.click(screen.getByRole('button', { name: 'Time: Any time' }));
    await user.click(await screen.findByRole('button', { name: 'Last 24 hours' }));
    await expectTime({ fromMs: Math.floor(NOW.getTime() / MINUTE_MS) * MINUTE_MS - DAY_MS });
    await user.click(screen.getByRole('button', { name: 'Clear' }));
    expect(screen.getByRole('button', { name: 'Time: Any time' })).toBeTruthy();
  });

  it('is typed in the filter bar, but not backwards', async () => {
    const { user, expectTime } = await renderHour();
    await user.click(screen.getByRole('button', { name: 'Time: Any time' }));
    const form = within(await screen.findByRole('dialog', { name: /^Time/ }));
    fireEvent.change(form.getByLabelText('From'), { target: { value: '2026-11-24T13:30' } });
    fireEvent.change(form.getByLabelText('To'), { target: { value: '2026-11-24T13:00' } });
    expect(form.getByText('The time ends before it begins.')).toBeTruthy();
    expect(form.getByRole<HTMLButtonElement>('button', { name: 'Filter' }).disabled).toBe(true);
    fireEvent.change(form.getByLabelText('To'), { target: { value: '2026-11-24T14:00' } });
    await user.click(form.getByRole('button', { name: 'Filter' }));
    const from = new Date(2026, 10, 24, 13, 30).getTime();
    await expectTime({ fromMs: from, toMs: from + HOUR_MS / 2 });
    expect(screen.getByRole('button', { name: 'Time: 13:30 – 14:00' })).toBeTruthy();
  });

  it('is not live once it is over', async () => {
    const { user } = await renderHour();
    expect(screen.getByText('Live: new attempts appear on top')).toBeTruthy();
    await user.keyboard('{ArrowLeft}{ArrowLeft}{Enter}');
    expect(await screen.findByText('Not live: the chosen time is over')).toBeTruthy();
    act(() => changeLogDraft({ toMs: at(-5) }));
    expect(await screen.findByText('Live: new attempts appear on top')).toBeTruthy();
  });

  it('says that no attempt fits', async () => {
    const { user } = await renderHour();
    for (let bucket = 0; bucket < 5; bucket += 1) await user.keyboard('{ArrowLeft}');
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('heading', { name: 'No attempt fits these filters' })).toBeTruthy();
  });
});
