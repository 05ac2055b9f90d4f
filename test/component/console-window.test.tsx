import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { ServiceState } from '#shared/domain/entities';
import { failed, succeeded } from '#shared/ipc/failure';
import { useMirror } from '../../renderer/src/stores/mirror';
import {
  account,
  bootstrap,
  desktop,
  embedded,
  minutesAgo,
  range,
  remote,
  review,
  snapshot,
  ulid,
} from './builders';
import { patchMirror, renderApp } from './render-app';

describe('the shell', () => {
  it('changes the screen with the modifier and a digit, and when main asks', async () => {
    const { user, double } = renderApp();
    await screen.findByRole('heading', { name: 'Pending' });
    await user.keyboard('{Control>}5{/Control}');
    expect(screen.getByRole('heading', { name: 'Protection', level: 1 })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Protection' }).getAttribute('aria-current')).toBe('page');
    act(() => double.emit('app', 'navigate', { place: 'keys' }));
    expect(screen.getByRole('heading', { name: 'API keys', level: 1 })).toBeTruthy();
  });

  it('shows mode and connection on every screen', async () => {
    renderApp({ mirror: { account: account({ mode: 'deactivated' }) } });
    expect(await screen.findByRole('button', { name: /^Mode: Deactivated/ })).toBeTruthy();
    expect(
      screen.getByRole('button', { name: /^Connection: Online\. Synced 14:02\. This computer/ }),
    ).toBeTruthy();
  });

  it('shows the last known data with their time while the service is unreachable, never an empty list', async () => {
    const { user, double } = renderApp({
      mirror: {
        connection: {
          kind: 'unreachable',
          service: remote,
          since: minutesAgo(7),
          message: 'Nothing answers.',
        },
        lastSyncAt: minutesAgo(8),
      },
      answers: { connection: { retry: () => failed({ kind: 'unreachable', message: 'refused' }) } },
    });
    expect((await screen.findByRole('alert')).textContent).toBe(
      'The service has been unreachable since 13:55. Nothing answers. What you see is as of 13:54.Try now',
    );
    await user.click(screen.getByRole('button', { name: 'Authorized IPs' }));
    expect(screen.getByText('198.51.100.0/24')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Try now' }));
    expect(double.requests('connection.retry')).toHaveLength(1);
  });

  it('says what calls get, and why, as long as it is not what they should', async () => {
    const online = { kind: 'online', service: embedded, since: minutesAgo(7) } as const;
    const tell = (state: ServiceState) => patchMirror(double, { connection: { ...online, state } });
    const { double } = renderApp({ mirror: { connection: online, reviews: [] } });
    expect(await screen.findByRole('heading', { name: 'Nothing waits for you' })).toBeTruthy();
    tell({ state: 'degraded', why: 'A proxy names nobody.' });
    expect((await screen.findByRole('alert')).textContent).toBe(
      'Something is wrong with how calls reach the service. A proxy names nobody.',
    );
    tell({ state: 'refusing', why: 'The service’s disk is full.' });
    await waitFor(() =>
      expect(screen.getByRole('alert').textContent).toBe(
        'Every call is refused (503). The service’s disk is full.',
      ),
    );
    expect(screen.getByRole('heading', { name: 'Every call is refused (503)' })).toBeTruthy();
    expect(screen.queryByText('Nothing waits for you')).toBeNull();
    expect(screen.getByText('Online, refuses every call')).toBeTruthy();
    tell({ state: 'degraded', why: 'The service’s disk is full.', letsIn: true });
    await waitFor(() =>
      expect(screen.getByRole('alert').textContent).toBe(
        'Calls are let in without a verdict. The service’s disk is full. Only calls that are known to be blocked stay out.',
      ),
    );
    tell({ state: 'ready', why: null });
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(screen.getByRole('heading', { name: 'Nothing waits for you' })).toBeTruthy();
  });

  it('says in French why calls do not get what they should', async () => {
    const why = 'The service’s database is not available: its disk is full.';
    const full = { text: 'databaseAway', values: { reason: 'full' } };
    const tell = (state: ServiceState) =>
      ({ kind: 'online', service: embedded, since: minutesAgo(7), state }) as const;
    const { double } = renderApp({
      mirror: { connection: tell({ state: 'refusing', why, whyWords: [full] }) },
      answers: { desktop: { state: () => succeeded(desktop({ language: 'fr' })) } },
    });
    const french = 'La base de données du service n’est pas disponible\u00a0: son disque est plein.';
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain(french));
    patchMirror(double, {
      connection: tell({ state: 'refusing', why, whyWords: [{ text: 'new', values: {} }] }),
    });
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain(why));
  });

  it('says so in place of the screen when nothing was ever loaded', async () => {
    renderApp({
      mirror: {
        connection: {
          kind: 'unreachable',
          service: remote,
          since: minutesAgo(7),
          message: 'Connection refused.',
        },
        account: null,
        lastSyncAt: null,
      },
    });
    expect(
      await screen.findByRole('heading', { name: 'gatehouse.example.com has been unreachable since 13:55' }),
    ).toBeTruthy();
  });

  it('shows skeletons while it connects', async () => {
    renderApp({
      mirror: { connection: { kind: 'connecting', service: embedded }, account: null, lastSyncAt: null },
    });
    expect(await screen.findByRole('status', { name: 'Loading' })).toBeTruthy();
  });

  it('lets a failed embedded service be started again', async () => {
    const { user, double } = renderApp({
      mirror: {
        connection: { kind: 'failed', service: embedded, message: 'Port 8787 is in use.' },
        account: null,
        lastSyncAt: null,
      },
      answers: { connection: { retry: () => succeeded(undefined) } },
    });
    expect(await screen.findByText('Port 8787 is in use.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(double.requests('connection.retry')).toHaveLength(1);
  });

  it('asks for a new token when the old one is not accepted any more', async () => {
    const { user, double } = renderApp({
      mirror: {
        connection: { kind: 'unauthorized', service: remote, code: 'token_expired', message: 'expired' },
      },
      answers: { connection: { connect: () => succeeded(undefined) } },
    });
    await user.click(await screen.findByRole('button', { name: 'Enter a new token' }));
    await user.type(await screen.findByLabelText('Access token'), 'fresh');
    await user.click(screen.getByRole('button', { name: 'Use this token' }));
    expect(double.requests('connection.connect')).toEqual([
      { url: 'https://gatehouse.example.com', token: 'fresh' },
    ]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it.each([
    ['token_locked', 'Unlock'],
    ['token_waiting', 'Try again'],
  ])('has the key store asked again while the token is locked in it (%s)', async (code, label) => {
    const { user, double } = renderApp({
      mirror: { connection: { kind: 'unauthorized', service: remote, code, message: 'locked' } },
      answers: { connection: { retry: () => succeeded(undefined) } },
    });
    await user.click(await screen.findByRole('button', { name: label }));
    expect(double.requests('connection.retry')).toHaveLength(1);
    expect(screen.getByRole('button', { name: 'Enter a new token' })).toBeTruthy();
  });

  it('has the key store asked again for a token that it did not take', async () => {
    const notice = {
      id: 'token-not-kept',
      severity: 'warning' as const,
      title: 'The access token is kept for this session only',
      message: 'The key store was not opened.',
      action: 'keep_token' as const,
    };
    const { user, double } = renderApp({
      answers: {
        app: { bootstrap: () => succeeded(bootstrap({ notices: [notice] })) },
        connection: { keepToken: () => succeeded(undefined) },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(double.requests('connection.keepToken')).toHaveLength(1);
  });

  it.each([
    ['with data', {}],
    ['without any', { account: null, lastSyncAt: null }],
  ])('offers no new token for the embedded service, whose token is its own, %s', async (_when, mirror) => {
    renderApp({
      mirror: {
        connection: { kind: 'unauthorized', service: embedded, code: 'unauthorized', message: 'Wrong.' },
        ...mirror,
      },
    });
    expect(await screen.findByRole('button', { name: /Try (now|again)/ })).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Enter a new token/ })).toBeNull();
  });

  it('tells about the stand-in runtime, an unencrypted vault, and notices until they are dismissed', async () => {
    const notice = {
      id: 'n1',
      severity: 'warning' as const,
      title: 'The local store was damaged.',
      message: 'Rebuilt.',
    };
    const { user, double } = renderApp({
      answers: {
        app: {
          bootstrap: () =>
            succeeded(
              bootstrap({
                trialRuntime: '33.2.1',
                keepsTokens: false,
                notices: [notice],
              }),
            ),
        },
      },
    });
    expect(
      await screen.findByText(
        'Electron 33.2.1, a stand-in for trying out only. Access tokens last for this session only.',
      ),
    ).toBeTruthy();
    expect(screen.getByText('The local store was damaged.')).toBeTruthy();
    for (const button of screen.getAllByRole('button', { name: /^(Hide this line|Dismiss this message)$/ }))
      await user.click(button);
    expect(double.requests('app.dismissNotice')).toEqual([{ id: 'n1' }]);
    expect(screen.queryByText(/a stand-in/)).toBeNull();
    await waitFor(() => expect(screen.queryByText('The local store was damaged.')).toBeNull());
    act(() => double.emit('app', 'notices', [{ ...notice, id: 'n2', title: 'Another one.' }]));
    expect(screen.getByText('Another one.')).toBeTruthy();
  });

  it('remembers the colours that were chosen', async () => {
    const { user } = renderApp();
    await user.click(await screen.findByRole('button', { name: 'Settings' }));
    await user.click(screen.getByRole('radio', { name: 'Dark' }));
    await waitFor(() => expect(document.documentElement.dataset['mantineColorScheme']).toBe('dark'));
    expect(window.localStorage.getItem('gatehouse.colorScheme')).toBe('dark');
  });

  it('asks before it forgets the connection', async () => {
    const forget = ({ discardUnsent }: { readonly discardUnsent: boolean }) =>
      succeeded({ forgotten: discardUnsent, unsent: 2 });
    const { user, double } = renderApp({ answers: { connection: { forget } } });
    await user.click(await screen.findByRole('button', { name: 'Settings' }));
    await user.click(screen.getByRole('button', { name: 'Forget this connection…' }));
    expect(await screen.findByText(/so does its enforcement/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Forget connection' }));
    // With changes that are not sent it asks once more, and says what would be lost.
    expect((await screen.findByRole('alert')).textContent).toContain(
      '2 changes have not reached the service',
    );
    await user.click(screen.getByRole('button', { name: 'Discard 2 changes and forget' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(double.requests('connection.forget')).toEqual([{ discardUnsent: false }, { discardUnsent: true }]);
  });
});

describe('the mirror', () => {
  it('asks for a snapshot again when a patch was missed', async () => {
    let current = snapshot({ reviews: [review()] });
    const get = vi.fn(() => succeeded(current));
    const { double } = renderApp({ answers: { mirror: { snapshot: get } } });
    await screen.findByRole('article', { name: '203.0.113.9' });
    current = snapshot({ version: 5, reviews: [review({ id: ulid(210), ip: '192.0.2.5' })] });
    act(() => double.emit('mirror', 'patch', { version: 5, lastSyncAt: minutesAgo(0) }));
    expect(await screen.findByRole('article', { name: '192.0.2.5' })).toBeTruthy();
    expect(get).toHaveBeenCalledTimes(2);
    expect(useMirror.getState().version).toBe(5);
  });

  it('says that it could not load and tries again by itself', async () => {
    let fail = true;
    renderApp({
      answers: {
        mirror: {
          snapshot: () =>
            fail ? failed({ kind: 'internal', message: 'no handler' }) : succeeded(snapshot()),
        },
      },
    });
    expect(await screen.findByRole('heading', { name: 'This window could not load its data' })).toBeTruthy();
    fail = false;
    expect(await screen.findByRole('heading', { name: 'Pending' }, { timeout: 5000 })).toBeTruthy();
  });

  it('applies patches in order to what is shown', async () => {
    const { user, double } = renderApp();
    await user.click(await screen.findByRole('button', { name: 'Authorized IPs' }));
    patchMirror(double, {
      ranges: { upserted: [range({ id: ulid(101), cidr: '192.0.2.0/25' })], removed: [ulid(100)] },
    });
    expect(screen.getByText('192.0.2.0/25')).toBeTruthy();
    expect(screen.queryByText('198.51.100.0/24')).toBeNull();
  });
});
