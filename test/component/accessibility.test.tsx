import { act, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import type { Screen } from '#shared/ipc/screens';
import { axeFindings } from '#test/support/axe';
import { makeAuditEvent } from '#test/support/console/builders';
import { draftRange, editRange, showScreen, useUi } from '../../renderer/src/stores/ui';
import { attempt, bootstrap, range, remote, review, ulid, unreachable } from './builders';
import { renderApp, type Scene } from './render-app';

const NOTICE = { id: 'n', severity: 'warning' as const, title: 'A notice.', message: 'With a message.' };

/** A console with something of everything. */
const FULL: Scene = {
  mirror: {
    connection: unreachable,
    sync: {
      waiting: 2,
      conflicts: 1,
      needsConfirmation: 0,
      others: 0,
      pausedBecause: 'offline',
      message: 'Away.',
    },
    reviews: [review(), review({ id: ulid(201), ip: '2001:db8::7' })],
    ranges: [range(), range({ id: ulid(101), cidr: '192.0.2.0/24', effect: 'deny' })],
  },
  answers: {
    app: { bootstrap: () => succeeded(bootstrap({ trialRuntime: '33.2.1', notices: [NOTICE] })) },
    log: {
      page: () => succeeded({ items: [attempt(1), attempt(2, { verdict: 'blocked' })], nextCursor: null }),
    },
    audit: { page: () => succeeded({ items: [makeAuditEvent()], nextCursor: null }) },
    outbox: { list: () => succeeded([]) },
  },
};

const SCREENS: readonly (readonly [Screen, string])[] = [
  ['overview', 'Overview'],
  ['pending', 'Pending'],
  ['log', 'Log'],
  ['ranges', 'Authorized IPs'],
  ['protection', 'Protection'],
  ['keys', 'API keys'],
  ['users', 'Users'],
  ['activity', 'Activity'],
  ['settings', 'Settings'],
];

const DIALOGS: readonly (readonly [string, () => void])[] = [
  ['a new range', () => draftRange({ text: '203.0.113.9' })],
  ['a range', () => editRange(range())],
  ['an import', () => useUi.setState({ importOpen: true })],
  ['a token', () => useUi.setState({ tokenFormUrl: remote.url })],
  ['waiting changes', () => useUi.setState({ operationsListed: true })],
  ['a secret', () => useUi.setState({ newSecret: { kind: 'newKey', name: 'Billing', secret: 'gk_x' } })],
];

// As index.html has it.
document.documentElement.lang = 'en';

/** A key that is tried from many networks at once. */
const tried = Array.from({ length: 12 }, (_, index) =>
  review({ id: ulid(400 + index), ip: `198.51.${index}.7`, asn: 64_500 + index }),
);

describe('axe finds nothing wrong', () => {
  it.each(SCREENS)('with the screen %s', async (name, title) => {
    renderApp(FULL);
    await screen.findByRole('navigation', { name: 'Screens' });
    act(() => showScreen(name));
    await screen.findByRole('heading', { level: 1, name: title });
    expect(await axeFindings()).toEqual([]);
  });

  it.each(DIALOGS)('with the dialog for %s', async (_what, open) => {
    renderApp(FULL);
    await screen.findByRole('navigation', { name: 'Screens' });
    act(open);
    await screen.findByRole('dialog', { name: /./ });
    expect(await axeFindings()).toEqual([]);
  });

  it.each([
    ['keys', /^(New|Create).*key/],
    ['keys', /^Rotate/],
    ['keys', /^Revoke/],
    ['ranges', /^Remove 198/],
    ['settings', /^Forget this connection/],
    ['pending', /^Deny and update the key$/],
  ] as const)('on %s with the review after %s', async (name, button) => {
    const { user } = renderApp(FULL);
    await screen.findByRole('navigation', { name: 'Screens' });
    act(() => showScreen(name));
    await user.click(await screen.findByRole('button', { name: button }));
    await screen.findByRole('dialog', { name: /./ });
    expect(await axeFindings()).toEqual([]);
  });

  it('with a review about an address that is not encrypted', async () => {
    const { user } = renderApp({
      mirror: { connection: { kind: 'none' }, account: null, lastSyncAt: null },
      answers: {
        connection: {
          connect: () =>
            failed({ kind: 'invalid', code: 'plain_address', field: 'url', message: 'Not encrypted.' }),
        },
      },
    });
    await user.type(await screen.findByRole('textbox', { name: 'Service address' }), 'http://10.0.0.7');
    await user.type(screen.getByLabelText('Access token'), 'x{Enter}');
    await screen.findByText('Not encrypted.');
    expect(await axeFindings()).toEqual([]);
  });

  it('with several reviews chosen', async () => {
    const { user } = renderApp(FULL);
    await user.click(await screen.findByRole('checkbox', { name: 'Select all 2' }));
    await screen.findByRole('group', { name: 'Answer together' });
    expect(await axeFindings()).toEqual([]);
  });

  it('with several reviews in groups', async () => {
    const { user } = renderApp(FULL);
    await user.click(await screen.findByRole('radio', { name: 'Network' }));
    await screen.findByRole('checkbox', { name: /^Select the group/ });
    expect(await axeFindings()).toEqual([]);
  });

  it('with a key that is probably leaked, and the keys of the screen', async () => {
    const { user } = renderApp({ ...FULL, mirror: { ...FULL.mirror, reviews: tried } });
    await screen.findByRole('region', { name: /is probably leaked/ });
    expect(await axeFindings()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Show the keys' }));
    await screen.findByRole('dialog', { name: 'Keys of this screen' });
    expect(await axeFindings()).toEqual([]);
  });

  it('with two reviews: no button is named as another one', async () => {
    renderApp(FULL);
    const main = within(await screen.findByRole('main'));
    await main.findByRole('article');
    const controls = [...main.getAllByRole('button'), ...main.getAllByRole('checkbox')];
    const names = controls.map(
      (control) =>
        control.getAttribute('aria-label') ??
        (control as HTMLInputElement).labels?.[0]?.textContent ??
        control.textContent,
    );
    expect(names).toContain('Select 203.0.113.9');
    expect(names).toContain('Deny and update the key');
    expect(new Set(names).size).toBe(names.length);
  });

  it('with the details of a call', async () => {
    const { user } = renderApp(FULL);
    await screen.findByRole('navigation', { name: 'Screens' });
    act(() => showScreen('log'));
    const grid = await screen.findByRole('grid', { name: 'Attempts, newest first' });
    await user.click((await within(grid).findAllByText('198.51.100.7'))[0] as HTMLElement);
    await screen.findByRole('complementary', { name: '198.51.100.7' });
    expect(await axeFindings()).toEqual([]);
  });

  it('with the first start', async () => {
    renderApp({ mirror: { connection: { kind: 'none' }, account: null, lastSyncAt: null } });
    await screen.findByRole('heading', { name: 'Welcome to Gatehouse' });
    expect(await axeFindings()).toEqual([]);
  });

  it('with a service that was never reached', async () => {
    renderApp({ mirror: { connection: unreachable, account: null, lastSyncAt: null } });
    await screen.findByRole('heading', { name: /unreachable/ });
    expect(await axeFindings()).toEqual([]);
  });

  it('with the approval window', async () => {
    renderApp({ ...FULL, approval: ulid(200) });
    await screen.findByRole('heading', { level: 2, name: '203.0.113.9' });
    expect(await axeFindings()).toEqual([]);
  });
});
