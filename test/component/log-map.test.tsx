import { screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';
import { failed } from '#shared/ipc/failure';
import { axeFindings } from '#test/support/axe';
import { attempt, unreachable } from './builders';
import { blocked, renderLog } from './log-world';
import { deferred, type Scene } from './render-app';

const GERMANY = [attempt(1, { country: 'DE', count: 1_222 }), blocked(2, { country: 'DE', count: 12 })];
const SINGAPORE = [blocked(3, { country: 'SG', count: 40 })];

const showMap = async (rows: Parameters<typeof renderLog>[0], scene: Scene = {}) => {
  const rendered = renderLog(rows, scene);
  await rendered.user.click(await screen.findByRole('radio', { name: 'Map' }));
  return rendered;
};
const map = () => screen.findByRole('group', { name: 'Calls by country' });
const marks = async () =>
  within(await map())
    .getAllByRole('button')
    .map((mark) => mark.getAttribute('aria-label') ?? mark.textContent);

describe('the map of the log', () => {
  // The shapes of the world are loaded when they are first shown, and take their time on a busy machine.
  beforeAll(() => import('../../renderer/src/ui/world-map/world-map'), 60_000);

  it('is accessible, with a time chosen above it', async () => {
    document.documentElement.lang = 'en';
    const { user } = await showMap([...GERMANY, ...SINGAPORE]);
    await map();
    (await screen.findByRole('slider', { name: 'Choose a time' })).focus();
    await user.keyboard('{ArrowLeft}');
    expect(await axeFindings()).toEqual([]);
  });

  it('has a mark for each country, the largest first, with the calls in its name', async () => {
    await showMap([...SINGAPORE, ...GERMANY]);
    expect(await marks()).toEqual(['Germany: 1,234 calls, 12 blocked', 'Singapore: 40 calls, 40 blocked']);
  });

  it('is walked by Tab, and filters the log to the country that is opened', async () => {
    const { user, double } = await showMap([...GERMANY, ...SINGAPORE]);
    await map();
    screen.getByRole('radio', { name: 'Map' }).focus();
    await user.tab();
    expect(document.activeElement).toBe(screen.getByRole('slider', { name: 'Choose a time' }));
    await user.tab();
    await user.tab();
    await user.keyboard('{Enter}');
    await waitFor(() =>
      expect(double.requests('log.page').at(-1)).toMatchObject({ filter: { country: 'SG' } }),
    );
    expect(screen.getByRole('radio', { name: 'Attempts', checked: true })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Country Singapore: show any' }));
    await waitFor(() => expect(double.requests('log.page').at(-1)).toMatchObject({ filter: {} }));
  });

  it('still shows the other countries when the log is filtered to one', async () => {
    const { user } = await showMap([...GERMANY, ...SINGAPORE]);
    await user.click(within(await map()).getByRole('button', { name: /^Germany/ }));
    await user.click(screen.getByRole('radio', { name: 'Map' }));
    expect(await marks()).toHaveLength(2);
    expect(within(await map()).getByRole('button', { pressed: true, name: /^Germany/ })).toBeTruthy();
  });

  it('follows the filter by verdict', async () => {
    const { user } = await showMap([...GERMANY, ...SINGAPORE]);
    await map();
    await user.click(screen.getByRole('radio', { name: 'Blocked' }));
    await waitFor(async () =>
      expect(await marks()).toEqual(['Singapore: 40 calls, 40 blocked', 'Germany: 12 calls, 12 blocked']),
    );
  });

  it('names below what has no place on it: small countries, and calls from nowhere known', async () => {
    const { user, double } = await showMap([
      ...GERMANY,
      attempt(4, { country: 'GI', count: 3 }),
      blocked(5, { country: null }),
    ]);
    expect((await map()).textContent).toContain('Country not known: 1 call, 1 blocked');
    await user.click(screen.getByRole('button', { name: 'Gibraltar: 3 calls, 0 blocked' }));
    await waitFor(() =>
      expect(double.requests('log.page').at(-1)).toMatchObject({ filter: { country: 'GI' } }),
    );
  });

  it('says that it loads, that there is nothing, and that the log could not be read', async () => {
    const waiting = deferred<never>();
    const { double, user } = await showMap([]);
    expect(await screen.findByRole('heading', { name: 'No attempt fits these filters' })).toBeTruthy();
    double.answer('log', 'groups', () => failed({ kind: 'internal', message: 'disk' }));
    await user.click(screen.getByRole('radio', { name: 'Blocked' }));
    expect(await screen.findByRole('heading', { name: 'The log could not be read' })).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: 'Attempts' }));
    double.answer('log', 'groups', () => waiting.promise);
    await user.click(screen.getByRole('radio', { name: 'Map' }));
    expect(await screen.findByRole('status', { name: 'Loading the log' })).toBeTruthy();
  });

  it('works offline, and says as of when', async () => {
    await showMap(GERMANY, { mirror: { connection: unreachable } });
    expect(await marks()).toHaveLength(1);
    expect(screen.getByText(/^Not live: as of/)).toBeTruthy();
  });
});
