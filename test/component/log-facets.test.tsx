import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed } from '#shared/ipc/failure';
import { axeFindings } from '#test/support/axe';
import { showLogWith, showScreen, useUi } from '../../renderer/src/stores/ui';
import { attempt, snapshot } from './builders';
import { blocked, renderLog } from './log-world';
import type { Scene } from './render-app';

const ROWS = [
  attempt(1, { country: 'DE', method: 'GET' }),
  attempt(2, { country: 'DE', method: 'POST' }),
  blocked(3, { country: 'FR', method: 'GET' }),
  blocked(4, { country: null, asn: null, method: null }),
];

const showFacets = async (rows = ROWS, scene: Scene = {}) => {
  const rendered = renderLog(rows, scene);
  await rendered.user.click(await screen.findByRole('button', { name: 'Narrow down' }));
  return rendered;
};
const facet = (name: string) => screen.findByRole('group', { name });
const valuesOf = async (name: string) =>
  within(await facet(name))
    .getAllByRole('button')
    .map(({ textContent }) => textContent);
const filterIs = (double: Awaited<ReturnType<typeof showFacets>>['double'], filter: object) =>
  waitFor(() => expect(double.requests('log.page').at(-1)).toHaveProperty('filter', filter));

describe('the facets of the log', () => {
  it('count each value under the filters of the other facets', async () => {
    const { user, double } = await showFacets();
    expect(await valuesOf('Verdict')).toEqual(['Blocked 2', 'Allowed 2']);
    expect(await valuesOf('Country')).toEqual(['Germany 2', 'Not known 1', 'France 1']);
    await user.click(within(await facet('Country')).getByRole('button', { name: /^Germany/ }));
    await filterIs(double, { country: 'DE' });
    await waitFor(async () => expect(await valuesOf('Verdict')).toEqual(['Allowed 2']));
    expect(await valuesOf('Country')).toEqual(['Germany 2', 'Not known 1', 'France 1']);
    await user.click(within(await facet('Method')).getByRole('button', { name: /^POST/ }));
    await filterIs(double, { country: 'DE', method: 'POST' });
    expect(await screen.findByText('1 row on this computer')).toBeTruthy();
    await waitFor(async () => expect(await valuesOf('Country')).toEqual(['Germany 1']));
  });

  it('filter by what is not known, and take a filter away by pressing it again or in the bar', async () => {
    const { user, double } = await showFacets();
    const unknown = async () => within(await facet('Network')).getByRole('button', { name: /^Not known/ });
    await user.click(await unknown());
    await filterIs(double, { asn: 0 });
    await waitFor(async () => expect((await unknown()).getAttribute('aria-pressed')).toBe('true'));
    await user.click(await unknown());
    await filterIs(double, {});
    await user.click(within(await facet('Method')).getByRole('button', { name: /^Not known/ }));
    await filterIs(double, { method: '' });
    await user.click(screen.getByRole('button', { name: 'Method Not known: show any' }));
    await filterIs(double, {});
  });

  it('keep a chosen value that no row has any more, so that it can be taken away', async () => {
    await showFacets();
    await facet('Verdict');
    act(() => showLogWith({ verdict: 'allowed', reason: 'denied' }));
    await waitFor(async () =>
      expect(await valuesOf('Reason')).toEqual(['Denied range 0', 'Authorized range 2']),
    );
  });

  it('are walked by arrow keys, a facet at a time by Tab, and closed by Escape', async () => {
    const { user } = await showFacets();
    const [allowed, refused] = within(await facet('Verdict')).getAllByRole('button');
    act(() => allowed?.focus());
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(refused);
    await user.keyboard('{ArrowDown}{Home}{End}');
    expect(document.activeElement).toBe(refused);
    await user.tab();
    expect((await facet('Reason')).contains(document.activeElement)).toBe(true);
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('region', { name: 'Narrow down' })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Narrow down' }));
  });

  it('show the most frequent values first, and all on demand', async () => {
    const rows = ['DE', 'FR', 'ES', 'IT', 'PL', 'SE', 'NL'].map((country, index) =>
      attempt(index, { country }),
    );
    const { user } = await showFacets(rows);
    expect(await valuesOf('Country')).toHaveLength(6);
    await user.click(within(await facet('Country')).getByRole('button', { name: 'Show 2 more' }));
    expect(await valuesOf('Country')).toHaveLength(8);
  });

  it('say why they cannot be read', async () => {
    const message = 'The log is locked.';
    await showFacets(ROWS, { answers: { log: { facets: () => failed({ kind: 'internal', message }) } } });
    expect((await screen.findByRole('alert')).textContent).toContain(message);
  });

  it('are accessible', async () => {
    document.documentElement.lang = 'en';
    await showFacets();
    await facet('Country');
    expect(await axeFindings()).toEqual([]);
  });
});

describe('Back', () => {
  const back = () => fireEvent.keyDown(document.body, { key: 'ArrowLeft', altKey: true });

  it('undoes each filter, and leads to the screen before', async () => {
    const { user, double } = renderLog(ROWS);
    act(() => showScreen('keys'));
    act(() => showLogWith({ country: 'DE' }));
    await user.click(await screen.findByRole('radio', { name: 'Blocked' }));
    await filterIs(double, { country: 'DE', verdict: 'blocked' });
    expect(window.location.hash).toBe('#log?verdict=blocked&country=DE');
    back();
    await filterIs(double, { country: 'DE' });
    expect(screen.getByRole('radio', { name: 'All', checked: true })).toBeTruthy();
    fireEvent.mouseUp(document.body, { button: 3 });
    expect(await screen.findByRole('heading', { level: 1, name: 'API keys' })).toBeTruthy();
    fireEvent.keyDown(document.body, { key: 'ArrowRight', altKey: true });
    expect(await screen.findByRole('heading', { level: 1, name: 'Log' })).toBeTruthy();
    await filterIs(double, { country: 'DE' });
  });

  it('takes a typed text as one step', async () => {
    const { user, double } = renderLog(ROWS);
    await user.click(await screen.findByRole('radio', { name: 'Blocked' }));
    await user.type(screen.getByLabelText('Search in the log'), 'export');
    await filterIs(double, { verdict: 'blocked', text: 'export' });
    await user.click(screen.getByRole('button', { name: 'Back' }));
    await filterIs(double, { verdict: 'blocked' });
    await user.click(screen.getByRole('button', { name: 'Back' }));
    await filterIs(double, {});
    expect(screen.getByRole('button', { name: 'Back' })).toHaveProperty('disabled', true);
  });

  it('restores what was shown in place of rows', async () => {
    const { user } = renderLog(ROWS);
    await user.click(await screen.findByRole('radio', { name: 'Addresses' }));
    await user.click(await screen.findByRole('radio', { name: 'Keys' }));
    back();
    expect(await screen.findByRole('radio', { name: 'Addresses', checked: true })).toBeTruthy();
  });

  it('never shows the filter of another account', async () => {
    const { double } = renderLog(ROWS);
    await screen.findByRole('grid');
    act(() => showLogWith({ country: 'DE' }));
    act(() => showScreen('keys'));
    double.answer('mirror', 'snapshot', () => ({
      ok: true,
      value: { ...snapshot(), version: 90, shownId: 'another-account' },
    }));
    act(() => double.emit('mirror', 'patch', { version: 80 }));
    await waitFor(() => expect(useUi.getState().logDraft.country).toBeNull());
    back();
    await screen.findByRole('heading', { level: 1, name: 'Log' });
    expect(useUi.getState().logDraft.country).toBeNull();
  });

  it('does nothing while a form is open', async () => {
    const { user } = renderLog(ROWS);
    await user.click(await screen.findByRole('radio', { name: 'Blocked' }));
    await user.click(screen.getByRole('button', { name: /^Time:/ }));
    await screen.findByRole('dialog');
    back();
    expect(useUi.getState().logDraft.verdict).toBe('blocked');
  });
});
