import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { RouteResponse } from '#shared/api/route-types';
import { failed, succeeded } from '#shared/ipc/failure';
import { axeFindings } from '#test/support/axe';
import { showScreen, useUi } from '../../renderer/src/stores/ui';
import {
  account,
  desktop,
  KEY_ID,
  minutesAgo,
  NOW,
  OPERATION_ID,
  quiet,
  range,
  ulid,
  unreachable,
} from './builders';
import { deferred, patchMirror, renderApp, type Scene } from './render-app';

type Simulation = RouteResponse<'simulate'>;

const FROM = new Date(2026, 9, 25, 14, 2, 11).toISOString();

/** A log of 100 addresses that are let in now and 10 that are blocked. */
const simulation = (change: Partial<Simulation> = {}): Simulation => ({
  from: FROM,
  to: NOW.toISOString(),
  before: { allowed: 900, blocked: 40 },
  after: { allowed: 900, blocked: 40 },
  pairs: { before: { allowed: 100, blocked: 10 }, after: { allowed: 100, blocked: 10 } },
  changes: [],
  changed: 0,
  unjudged: 0,
  ...change,
});

const changeOf = (ip: string, after: 'allowed' | 'blocked', keyId = KEY_ID) => ({
  ip,
  keyId,
  keyName: keyId === KEY_ID ? 'Billing worker' : 'Reports',
  count: 12,
  lastAt: minutesAgo(7),
  before: { verdict: after === 'blocked' ? 'allowed' : 'blocked', reason: 'authorized' } as const,
  after: { verdict: after, reason: after === 'blocked' ? 'unknown' : 'deactivated' } as const,
});

const OTHER_KEY = ulid(5);

/** Two addresses that the choice would block, with the keys of two. */
const blocking = simulation({
  pairs: { before: { allowed: 100, blocked: 10 }, after: { allowed: 98, blocked: 12 } },
  changes: [changeOf('203.0.113.9', 'blocked'), changeOf('198.51.100.44', 'blocked', OTHER_KEY)],
  changed: 2,
});

function renderProtection({ answers, ...scene }: Scene = {}) {
  showScreen('protection');
  return renderApp({
    ...scene,
    answers: {
      mode: {
        set: ({ mode, reportOnly = false }) =>
          succeeded({ operationId: OPERATION_ID, account: account({ mode, reportOnly }) }),
      },
      simulation: { run: ({ mode }) => succeeded(mode === 'automatic' ? blocking : simulation()) },
      ...answers,
    },
  });
}

const tried = async (name: string) => within(await screen.findByRole('region', { name }));

describe('the simulation of a choice', () => {
  it('says of the current one that nothing changes', async () => {
    const { double } = renderProtection();
    const panel = await tried('As it is now: Manual');
    expect(await panel.findByText(/^Nothing would change/)).toBeTruthy();
    expect(panel.getByText('By address and key: 100 let in, 10 blocked.')).toBeTruthy();
    expect(double.requests('simulation.run')).toEqual([{ mode: 'manual', reportOnly: false }]);
    expect(await axeFindings()).toEqual([]);
  });

  it('says before a choice is made which addresses it would block, and whose keys', async () => {
    const { user, double } = renderProtection();
    await user.click(await screen.findByRole('radio', { name: 'Automatic' }));
    const panel = await tried('If you choose Automatic');
    expect(await panel.findByRole('tab', { name: '2 addresses would be blocked' })).toBeTruthy();
    const list = within(panel.getByRole('grid', { name: 'Addresses that would be blocked' }));
    expect(list.getAllByRole('row').map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining('AddressAPI key'),
      expect.stringContaining('203.0.113.9Billing worker12'),
      expect.stringContaining('198.51.100.44Reports12'),
    ]);
    expect(await axeFindings()).toEqual([]);
    await user.click(panel.getByRole('button', { name: 'Only Reports: 1 address' }));
    expect(list.getAllByRole('row')).toHaveLength(2);
    await user.click(list.getByText('198.51.100.44'));
    expect(useUi.getState()).toMatchObject({
      screen: 'log',
      logDraft: { ipText: '198.51.100.44', fromMs: Date.parse(FROM) },
    });
    expect(double.requests('mode.set')).toEqual([]);
  });

  it('says whom a choice would let in', async () => {
    const letIn = simulation({
      pairs: { before: { allowed: 100, blocked: 10 }, after: { allowed: 101, blocked: 9 } },
      changes: [changeOf('203.0.113.9', 'allowed')],
      changed: 1,
    });
    const { user } = renderProtection({
      answers: {
        simulation: { run: ({ mode }) => succeeded(mode === 'deactivated' ? letIn : simulation()) },
      },
    });
    await user.click(await screen.findByRole('radio', { name: 'Deactivated' }));
    expect(await screen.findByRole('tab', { name: '1 address would be let in' })).toBeTruthy();
  });

  it('is tried again once the service has the changes of this computer, with which it compares', async () => {
    let answer = blocking;
    const { double } = renderProtection({
      mirror: { sync: { ...quiet, waiting: 1 } },
      answers: { simulation: { run: () => succeeded(answer) } },
    });
    expect(await screen.findByRole('tab', { name: /would be blocked$/ })).toBeTruthy();
    answer = simulation();
    patchMirror(double, { sync: quiet });
    await waitFor(() => expect(screen.queryByRole('tab', { name: /would be blocked$/ })).toBeNull());
  });

  it('says that it is under way, then what went wrong, and tries again', async () => {
    const first = deferred<ReturnType<typeof failed>>();
    let isDown = true;
    const { user } = renderProtection({
      answers: { simulation: { run: () => (isDown ? first.promise : succeeded(simulation())) } },
    });
    expect(await screen.findByRole('status', { name: 'Simulating on the log' })).toBeTruthy();
    act(() => first.resolve(failed({ kind: 'service', code: 'internal', message: 'request 7 failed' })));
    expect((await screen.findByRole('alert')).textContent).toContain('Request 7 failed.');
    isDown = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/^Nothing would change/)).toBeTruthy();
  });

  it('needs the service, and says so', async () => {
    const { double } = renderProtection({ mirror: { connection: unreachable } });
    expect(await screen.findByRole('heading', { name: 'This needs the service' })).toBeTruthy();
    expect(double.requests('simulation.run')).toEqual([]);
  });

  it('says of an empty log that there is nothing to try it on', async () => {
    const none = { allowed: 0, blocked: 0 };
    renderProtection({
      answers: { simulation: { run: () => succeeded(simulation({ pairs: { before: none, after: none } })) } },
    });
    expect(await screen.findByText(/^There was no call/)).toBeTruthy();
  });
});

describe('report-only', () => {
  const reporting: Scene = {
    mirror: { account: account({ mode: 'automatic', reportOnly: true }) },
    answers: {
      simulation: { run: ({ reportOnly }) => succeeded(reportOnly === true ? simulation() : blocking) },
    },
  };

  it('is told on every screen and in the overview, with what enforcing would block', async () => {
    const { user, double } = renderProtection(reporting);
    expect(
      await screen.findByRole('button', { name: 'Mode: Automatic. Unknown IPs only reported.' }),
    ).toBeTruthy();
    const panel = await tried('As it is now: Automatic, reports only');
    expect(
      await panel.findByRole('tab', { name: '2 addresses would be blocked if it enforced' }),
    ).toBeTruthy();
    await user.click(screen.getByRole('checkbox', { name: 'Only report' }));
    expect(await screen.findByRole('tab', { name: '2 addresses would be blocked' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Enforce' }));
    // Whom it would block was on the screen.
    expect(double.requests('mode.set')).toEqual([
      { mode: 'automatic', reportOnly: false, confirmImpact: true },
    ]);
    act(() => showScreen('overview'));
    await user.click(await screen.findByRole('button', { name: /^Protection only reports/ }));
    expect(screen.getByRole('heading', { level: 1, name: 'Protection' })).toBeTruthy();
  });

  it('asks first where protection enforces', async () => {
    const { user, double } = renderProtection();
    await user.click(await screen.findByRole('checkbox', { name: 'Only report' }));
    await user.click(screen.getByRole('button', { name: 'Only report…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Only report from now on?' }));
    expect(double.requests('mode.set')).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Only report' }));
    await waitFor(() =>
      expect(double.requests('mode.set')).toEqual([
        { mode: 'manual', reportOnly: true, confirmImpact: true },
      ]),
    );
  });
});

describe('Protection', () => {
  it('offers three modes and learning, and marks the current one', async () => {
    showScreen('protection');
    renderApp();
    const group = within(await screen.findByRole('radiogroup', { name: 'Mode' }));
    expect(group.getAllByRole('radio').map((radio) => radio.getAttribute('value'))).toEqual([
      'automatic',
      'manual',
      'deactivated',
      'learning',
    ]);
    expect(group.getByRole('radio', { name: 'Manual', description: /^Current/ })).toHaveProperty(
      'checked',
      true,
    );
  });

  it('applies a choice only with its button, so that arrow keys change nothing', async () => {
    showScreen('protection');
    const { user, double } = renderApp({
      answers: {
        mode: { set: ({ mode }) => succeeded({ operationId: OPERATION_ID, account: account({ mode }) }) },
      },
    });
    await user.click(await screen.findByRole('radio', { name: 'Automatic' }));
    expect(double.requests('mode.set')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Switch to Automatic' }));
    expect(double.requests('mode.set')).toEqual([{ mode: 'automatic', reportOnly: false }]);
  });

  it('asks before it accepts every address', async () => {
    showScreen('protection');
    const { user, double } = renderApp({
      answers: {
        mode: { set: () => failed({ kind: 'forbidden', required: 'authorized_ips', message: 'no' }) },
      },
    });
    await user.click(await screen.findByRole('radio', { name: 'Deactivated' }));
    await user.click(screen.getByRole('button', { name: 'Deactivate…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Deactivate protection?' }));
    expect(dialog.getByText(/Everything will be accepted/)).toBeTruthy();
    expect(double.requests('mode.set')).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Accept every address' }));
    expect((await dialog.findByRole('alert')).textContent).toContain(
      'it lacks the permission “Authorized IPs”',
    );
  });

  it('asks before it learns again', async () => {
    showScreen('protection');
    const { user, double } = renderApp({
      answers: {
        mode: { set: ({ mode }) => succeeded({ operationId: OPERATION_ID, account: account({ mode }) }) },
      },
    });
    await user.click(await screen.findByRole('radio', { name: 'Learning' }));
    await user.click(screen.getByRole('button', { name: 'Start learning…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Start learning again?' }));
    expect(double.requests('mode.set')).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Start learning' }));
    await waitFor(() => expect(double.requests('mode.set')).toEqual([{ mode: 'learning' }]));
  });

  it('shows learning first while the account is in it, with the time that is left', async () => {
    showScreen('protection');
    const endsAt = new Date(NOW.getTime() + 12 * 86_400_000 + 3_600_000).toISOString();
    const learning = {
      startedAt: minutesAgo(60),
      lastNewAddressAt: minutesAgo(30),
      windowSeconds: 2_592_000,
    };
    renderApp({ mirror: { account: account({ mode: 'learning', learning: { ...learning, endsAt } }) } });
    expect(await screen.findByRole('radio', { name: 'Learning', description: /^Current/ })).toBeTruthy();
    expect(screen.getAllByRole('radio')[0]?.getAttribute('value')).toBe('learning');
    expect(screen.getByText(/Without a new address it ends/).textContent).toContain('in 12 days');
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toMatch(/^59/);
    expect(screen.getByText('The last new address came 30 min ago.')).toBeTruthy();
  });

  it('lets somebody try who may not choose, and says why', async () => {
    const me = { userId: ulid(4), email: 'ana@example.com', role: 'user', permissions: [] } as const;
    const { user } = renderProtection({ mirror: { account: account({ me: { ...me, permissions: [] } }) } });
    expect(await screen.findByText('Your access token lacks the permission “Authorized IPs”.')).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: 'Automatic' }));
    expect(await screen.findByRole('tab', { name: '2 addresses would be blocked' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Switch to Automatic' })).toBeNull();
  });

  it('asks in French as well', async () => {
    showScreen('protection');
    const { user } = renderApp({
      mirror: { ranges: [range({ effect: 'deny' })] },
      answers: { desktop: { state: () => succeeded(desktop({ language: 'fr' })) } },
    });
    const group = within(await screen.findByRole('radiogroup', { name: 'Mode' }));
    expect(group.getByRole('radio', { name: 'Manuel', description: /^Actuel Les adresses/ })).toBeTruthy();
    await user.click(group.getByRole('radio', { name: 'Désactivé' }));
    await user.click(screen.getByRole('button', { name: 'Désactiver…' }));
    const dialog = within(await screen.findByRole('dialog', { name: /^Désactiver la protection/ }));
    expect(dialog.getByText('1 plage refusée ne sera pas appliquée non plus.')).toBeTruthy();
    expect(dialog.getByRole('button', { name: 'Accepter toutes les adresses' })).toBeTruthy();
  });
});
