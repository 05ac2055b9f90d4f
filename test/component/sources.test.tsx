import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import { axeFindings } from '#test/support/axe';
import { showScreen, useUi } from '../../renderer/src/stores/ui';
import { account, desktop, range, source, ulid, unreachable, WOULD_BLOCK, wouldBlock } from './builders';
import { renderApp } from './render-app';
import { AWS, failing, item, renderSources } from './render-sources';

describe('the tab of sources', () => {
  it('lists them with their state, what they changed last, and when they are read next', async () => {
    renderSources();
    const list = await screen.findByRole('list', { name: 'Sources of ranges' });
    // What needs somebody comes first.
    expect(
      within(list)
        .getAllByRole('listitem')
        .map((each) => each.getAttribute('aria-label')),
    ).toEqual(['Partner', AWS]);
    const well = await item(AWS);
    expect(well.getByText('authorizes 42 ranges')).toBeTruthy();
    expect(well.getByText('Up to date')).toBeTruthy();
    expect(well.getByText(/read 3 min ago · next in 57 min/)).toBeTruthy();
    expect(
      well.getByText(
        'Last change 2 h ago: 4 added (3.5.140.0/22, 3.5.144.0/22, 3.5.148.0/22, …), 1 dropped (52.92.0.0/22)',
      ),
    ).toBeTruthy();
    const bad = await item('Partner');
    expect(bad.getByText('Cannot be read')).toBeTruthy();
    expect(bad.getByText('partner.example answered 503.')).toBeTruthy();
    expect(bad.getByText(/^The ranges of .* stay\.$/)).toBeTruthy();
    expect(screen.getByRole('tab', { name: 'Sources 2' }).getAttribute('aria-selected')).toBe('true');
    expect(await axeFindings()).toEqual([]);
  });

  it('reads one now, pauses and resumes it', async () => {
    const paused = source({ id: ulid(702), label: 'Old', status: 'paused', nextAt: null });
    const { user, double } = renderSources({ mirror: { sources: [source(), paused] } });
    const well = await item(AWS);
    await user.click(well.getByRole('button', { name: `Read now: ${AWS}` }));
    await user.click(well.getByRole('button', { name: `Pause ${AWS}` }));
    const old = await item('Old');
    expect(old.getByText('Paused')).toBeTruthy();
    expect(old.queryByRole('button', { name: 'Read now: Old' })).toBeNull();
    await user.click(old.getByRole('button', { name: 'Resume Old' }));
    expect(double.requests('sources.refresh')).toEqual([{ sourceId: source().id, acceptShrunk: false }]);
    expect(double.requests('sources.update')).toEqual([
      { sourceId: source().id, changes: { paused: true } },
      { sourceId: paused.id, changes: { paused: false } },
    ]);
  });

  it('takes a much smaller list only when somebody says so', async () => {
    const shrunk = source({
      status: 'shrunk',
      lastError: 'The list shrank from 42 ranges to 3; the earlier ones are kept.',
    });
    const { user, double } = renderSources({ mirror: { sources: [shrunk] } });
    const bad = await item(AWS);
    expect(bad.getByText('Became much smaller')).toBeTruthy();
    await user.click(bad.getByRole('button', { name: `Take it all the same: ${AWS}` }));
    expect(double.requests('sources.refresh')).toEqual([{ sourceId: shrunk.id, acceptShrunk: true }]);
  });

  it('says in French why one is in trouble, where the service has words or a code for it', async () => {
    const named = (id: number, label: string, change: Parameters<typeof source>[0]) =>
      source({ id: ulid(id), label, status: 'failing', ...change });
    renderSources({
      mirror: {
        sources: [
          named(711, 'Smaller', { status: 'shrunk', lastError: 'The list shrank from 42 ranges to 3.' }),
          named(712, 'Wide', { lastError: 'It holds 10.0.0.0/7.', lastErrorCode: 'too_wide' }),
          named(713, 'Silent', {
            lastError: 'partner.example answered 503.',
            lastErrorWords: [{ text: 'hostAnswered', values: { host: 'partner.example', status: '503' } }],
          }),
          named(714, 'Newer', {
            lastError: 'It is too new.',
            lastErrorWords: [{ text: 'ofTomorrow', values: {} }],
          }),
        ],
      },
      answers: { desktop: { state: () => succeeded(desktop({ language: 'fr' })) } },
    });
    expect(
      (await item('Smaller')).getByText('La liste contient beaucoup moins de plages qu’avant.').lang,
    ).toBe('');
    expect((await item('Wide')).getByText('La plage est très large et doit être confirmée.').lang).toBe('');
    expect((await item('Silent')).getByText('partner.example a répondu 503.').lang).toBe('');
    expect((await item('Newer')).getByText('It is too new.').lang).toBe('en');
  });

  it('removes one after saying how many ranges go with it', async () => {
    const { user, double } = renderSources();
    await user.click((await item('Partner')).getByRole('button', { name: 'Remove Partner' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Remove the source Partner?' }));
    expect(dialog.getByText('Its 42 ranges go with it.')).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Remove source' }));
    expect(await screen.findByText('The source Partner was removed.')).toBeTruthy();
    expect(double.requests('sources.remove')).toEqual([{ sourceId: failing.id }]);
  });

  it('asks before it removes one without which somebody would be blocked', async () => {
    const { user, double } = renderSources();
    double.answer('sources', 'remove', ({ confirmImpact }) =>
      confirmImpact === true ? succeeded(undefined) : failed(wouldBlock()),
    );
    const remove = async (): Promise<void> => {
      await user.click((await item('Partner')).getByRole('button', { name: 'Remove Partner' }));
      const dialog = within(await screen.findByRole('dialog', { name: 'Remove the source Partner?' }));
      await user.click(dialog.getByRole('button', { name: 'Remove source' }));
    };
    await remove();
    const question = within(await screen.findByRole('dialog', { name: WOULD_BLOCK }));
    expect(question.getByRole('listitem').textContent).toContain('203.0.113.7');
    await user.click(question.getByRole('button', { name: 'Leave it' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await remove();
    const again = within(await screen.findByRole('dialog', { name: WOULD_BLOCK }));
    await user.click(again.getByRole('button', { name: 'Apply anyway' }));
    expect(await screen.findByText('The source Partner was removed.')).toBeTruthy();
    const { id: sourceId } = failing;
    expect(double.requests('sources.remove')).toEqual([
      { sourceId },
      { sourceId },
      { sourceId, confirmImpact: true },
    ]);
  });

  it('has nothing to pause or read where a country is looked up', async () => {
    const country = source({ kind: 'country', spec: { country: 'ES' }, rangeCount: 0, lastChange: null });
    renderSources({ mirror: { sources: [country] } });
    const spain = await item('Spain');
    expect(spain.getByText('authorizes everybody in it, where no range says otherwise')).toBeTruthy();
    expect(spain.getByText('This lets in everybody in the country.')).toBeTruthy();
    expect(spain.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Edit', 'Remove']);
  });

  it('offers to add a source where the lists of ranges offer to add a range', async () => {
    const { user } = renderSources();
    expect(await screen.findAllByRole('button', { name: /^Add / })).toHaveLength(1);
    expect(screen.getByRole('button', { name: 'Add source' })).toBeTruthy();
    await user.click(screen.getByRole('tab', { name: /^Authorized/ }));
    expect(screen.getByRole('button', { name: 'Add range' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Add source' })).toBeNull();
  });

  it('says once that a source has never yielded anything', async () => {
    renderSources({ mirror: { sources: [{ ...failing, lastOkAt: null, rangeCount: 0, lastChange: null }] } });
    const partner = await item('Partner');
    expect(partner.getByText('It has not yielded anything yet.')).toBeTruthy();
    expect(partner.queryByText('It has changed nothing yet.')).toBeNull();
    await waitFor(() => showScreen('overview'));
    expect((await screen.findByRole('button', { name: /^Partner cannot be read/ })).textContent).toContain(
      'It has not yielded anything yet',
    );
  });

  it('changes nothing offline, and says why', async () => {
    renderSources({ mirror: { sources: [source()], connection: unreachable } });
    const well = await item(AWS);
    expect(well.queryByRole('button')).toBeNull();
    expect(screen.getByText('Sources can be changed only while the service answers.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Add source' }).getAttribute('aria-disabled')).toBe('true');
  });

  it('changes nothing without the permission', async () => {
    const me = { ...account().me, role: 'user', permissions: [] } as const;
    renderSources({ mirror: { sources: [source()], account: account({ me: { ...me, permissions: [] } }) } });
    expect((await item(AWS)).queryByRole('button')).toBeNull();
  });
});

it('Overview says that a source is in trouble, and leads to it', async () => {
  showScreen('overview');
  const { user } = renderApp({ isUnled: true, mirror: { sources: [source(), failing] } });
  const needs = within(await screen.findByRole('list', { name: 'What needs you' }));
  await user.click(needs.getByRole('button', { name: /^Partner cannot be read/ }));
  expect(await screen.findByRole('list', { name: 'Sources of ranges' })).toBeTruthy();
});

it('a range of a source leads to its source, and is neither edited nor removed', async () => {
  useUi.setState({ screen: 'ranges', showsSources: false });
  const kept = range({ cidr: '198.51.100.0/24', source: 'source', sourceId: source().id });
  const own = range({ id: ulid(71), cidr: '203.0.113.0/24' });
  const { user } = renderApp({ mirror: { ranges: [kept, own], sources: [source()] } });
  const row = await screen.findByRole('row', { name: /198\.51\.100\.0\/24/ });
  expect(screen.queryByRole('button', { name: 'Remove 198.51.100.0/24' })).toBeNull();
  expect(screen.queryByRole('checkbox', { name: 'Select 198.51.100.0/24' })).toBeNull();
  fireEvent.click(row, { ctrlKey: true });
  expect(row.getAttribute('aria-selected')).toBe('false');
  await user.click(screen.getByRole('checkbox', { name: /Select all 1/ }));
  expect(await screen.findByText('1 range selected')).toBeTruthy();
  await user.click(await screen.findByRole('button', { name: 'Show the source of 198.51.100.0/24' }));
  expect(await screen.findByRole('list', { name: 'Sources of ranges' })).toBeTruthy();
});
