import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '#shared/domain/entities';
import type { CallResponse } from '#shared/ipc/derive';
import { failed, succeeded } from '#shared/ipc/failure';
import { axeFindings } from '#test/support/axe';
import { account, attempt, KEY_ID, range } from './builders';
import { blocked, renderLog } from './log-world';
import { patchMirror, type Scene } from './render-app';

type Explained = CallResponse<'log', 'explain'>;

const explained = (change: Partial<Explained> = {}): Explained => ({
  ip: '203.0.113.9',
  keyId: KEY_ID,
  mode: 'automatic',
  verdict: 'allowed',
  reason: 'authorized',
  wouldBe: null,
  range: range(),
  source: null,
  reviewId: null,
  grant: null,
  trust: null,
  country: null,
  region: null,
  asn: null,
  asName: null,
  ...change,
});

const openRow = async (row: Attempt, scene: Scene = {}) => {
  const rendered = renderLog([row], scene);
  const grid = await screen.findByRole('grid');
  const [, first] = within(grid).getAllByRole('row');
  if (first === undefined) throw new Error('There is no row.');
  await rendered.user.click(first);
  return { ...rendered, details: await screen.findByRole('complementary', { name: row.ip }) };
};
const now = () => screen.findByRole('region', { name: 'What it would be now' });

describe('the details of a row', () => {
  it('say what the same call would get now and why, and ask again when the ranges change', async () => {
    let answer = explained();
    const { double } = await openRow(blocked(1, { userAgent: 'curl/8' }), {
      answers: { log: { explain: () => succeeded(answer) } },
    });
    await waitFor(async () => expect((await now()).textContent).toContain('authorizes it: 198.51.100.0/24'));
    expect((await now()).textContent).toContain('Allowed');
    expect(double.requests('log.explain').at(-1)).toEqual({
      ip: '203.0.113.9',
      keyId: KEY_ID,
      userAgent: 'curl/8',
    });
    answer = explained({
      verdict: 'blocked',
      reason: 'untrusted',
      range: null,
      grant: '203.0.113.0/24',
      trust: { trusted: false, score: -20, evidence: [{ signal: 'x', weight: -20, detail: 'It is new.' }] },
    });
    patchMirror(double, { ranges: { upserted: [], removed: [range().id] } });
    await waitFor(async () => expect((await now()).textContent).toContain('it was not found trustworthy'));
    expect((await now()).textContent).toContain('It is new.');
    expect((await now()).textContent).toContain('would authorize 203.0.113.0/24');
  });

  it('say where the address is where its region is known, which the log does not keep', async () => {
    const place = { country: 'DE', asn: 16_509, asName: 'AMAZON-02' };
    let answer = explained({ ...place, region: 'eu-central-1' });
    const { double } = await openRow(blocked(1), {
      answers: { log: { explain: () => succeeded(answer) } },
    });
    await waitFor(async () =>
      expect((await now()).textContent).toContain('Germany · region eu-central-1 · AS16509 AMAZON-02'),
    );
    answer = explained(place);
    patchMirror(double, { ranges: { upserted: [], removed: [range().id] } });
    await waitFor(async () => expect((await now()).textContent).not.toContain('Germany'));
  });

  it('say that only the service knows it, when that is not reachable', async () => {
    const message = 'Only the service can say it, and it is not reachable.';
    await openRow(blocked(1), {
      answers: { log: { explain: () => failed({ kind: 'unreachable', message }) } },
    });
    await waitFor(async () => expect((await now()).textContent).toContain(message));
  });

  it('ask nothing about a network, whose addresses each have their own verdict', async () => {
    const { double } = await openRow(blocked(1, { ip: '203.0.0.0/16', reviewId: null }));
    expect(screen.queryByRole('region', { name: 'What it would be now' })).toBeNull();
    expect(double.requests('log.explain')).toEqual([]);
    expect(await screen.findByRole('region', { name: 'All calls of this network' })).toBeTruthy();
  });

  it('show all calls of the address', async () => {
    const row = attempt(5, { ip: '198.51.100.7', count: 3 });
    await openRow(row, { answers: { log: { explain: () => succeeded(explained()) } } });
    const history = await screen.findByRole('region', { name: 'All calls of this address' });
    expect(history.textContent).toMatch(/3 calls since .+, 0 blocked/);
  });

  it('lead to the range that decided, and have the agent and the address in full', async () => {
    const agent = `Mozilla/5.0 ${'x'.repeat(300)}`;
    const ip = '2001:db8:1234:5678:9abc:def0:1234:5678';
    const { user, details } = await openRow(attempt(1, { ip, userAgent: agent }), {
      answers: { log: { explain: () => succeeded(explained()) } },
    });
    expect(details.textContent).toContain(agent);
    expect(details.textContent).toContain(ip);
    await user.click(within(details).getByRole('button', { name: 'Edit 198.51.100.0/24…' }));
    expect(await screen.findByRole('dialog', { name: 'Edit range' })).toBeTruthy();
  });

  it('show what the token may not do as not permitted, and why', async () => {
    const me = { ...account().me, role: 'user' as const, permissions: [] };
    const { details } = await openRow(blocked(1), {
      mirror: { account: account({ me }) },
      answers: { log: { explain: () => succeeded(explained()) } },
    });
    const authorize = within(details).getByRole('button', { name: 'Authorize this address…' });
    expect(authorize).toHaveProperty('disabled', true);
    expect(details.textContent).toContain('Your access token lacks the permission “Authorized IPs”.');
    document.documentElement.lang = 'en';
    expect(await axeFindings()).toEqual([]);
  });
});

describe('saved views', () => {
  const open = async (user: Awaited<ReturnType<typeof openRow>>['user']) => {
    await user.click(screen.getByRole('button', { name: 'Saved views' }));
    return screen.findByRole('dialog');
  };

  it('keep the filter under a name, show it again, are renamed and removed', async () => {
    let kept: readonly { name: string; place: string }[] = [];
    const { user, double } = renderLog([attempt(1), blocked(2)], {
      answers: {
        log: {
          views: () => succeeded([...kept]),
          keepViews: ({ views }) => {
            kept = views;
            return succeeded(undefined);
          },
        },
      },
    });
    await user.click(await screen.findByRole('radio', { name: 'Blocked' }));
    let dialog = await open(user);
    await user.type(within(dialog).getByLabelText('Save what is shown as'), 'Intruders{Enter}');
    await waitFor(() => expect(kept).toEqual([{ name: 'Intruders', place: 'verdict=blocked' }]));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());

    await user.click(screen.getByRole('radio', { name: 'All' }));
    dialog = await open(user);
    await user.click(await within(dialog).findByRole('button', { name: 'Intruders' }));
    await waitFor(() =>
      expect(double.requests('log.page').at(-1)).toHaveProperty('filter', { verdict: 'blocked' }),
    );

    dialog = await open(user);
    await user.click(await within(dialog).findByRole('button', { name: 'Rename Intruders' }));
    const name = within(dialog).getByLabelText('Name of the view');
    await user.clear(name);
    await user.type(name, 'Strangers{Enter}');
    await waitFor(() => expect(kept).toEqual([{ name: 'Strangers', place: 'verdict=blocked' }]));
    await user.click(await within(dialog).findByRole('button', { name: 'Remove Strangers' }));
    await waitFor(() => expect(kept).toEqual([]));
  });

  it('stay as they were when the disk is full, and say so', async () => {
    const message = 'The disk is full.';
    const { user } = renderLog([attempt(1)], {
      answers: {
        log: {
          views: () => succeeded([]),
          keepViews: () => failed({ kind: 'storage', code: 'full', message }),
        },
      },
    });
    await screen.findByRole('grid');
    const dialog = await open(user);
    await user.type(await within(dialog).findByLabelText('Save what is shown as'), 'Mine{Enter}');
    await waitFor(() => expect(within(dialog).getByRole('alert').textContent).toContain('full'));
    expect(within(dialog).queryByRole('button', { name: 'Mine' })).toBeNull();
  });
});

describe('the export of the log', () => {
  it('is of what is filtered, says how far it is, can be stopped, and names the file', async () => {
    const asked: ((outcome: ReturnType<typeof succeeded<CallResponse<'log', 'export'>>>) => void)[] = [];
    const { user, double } = renderLog([attempt(1), blocked(2)], {
      answers: {
        log: {
          export: () => new Promise((resolve) => asked.push(resolve)),
          stopExport: () => succeeded(undefined),
        },
      },
    });
    await user.click(await screen.findByRole('radio', { name: 'Blocked' }));
    await screen.findByText('1 row on this computer');
    const start = async () => {
      await user.click(screen.getByRole('button', { name: 'Export' }));
      await user.click(await screen.findByRole('menuitem', { name: /^CSV/ }));
    };
    await start();
    expect(double.requests('log.export')).toEqual([{ filter: { verdict: 'blocked' }, format: 'csv' }]);
    act(() => double.emit('log', 'exporting', { rows: 500, of: 1_200 }));
    expect(screen.getByText('Exporting: 500 of 1,200 rows')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Stop' }));
    expect(double.requests('log.stopExport')).toHaveLength(1);
    act(() => asked[0]?.(succeeded(null)));
    await waitFor(() => expect(screen.queryByText(/^Exporting/)).toBeNull());
    await start();
    act(() => asked[1]?.(succeeded({ path: '/home/me/log.csv', rows: 1_200, completeFrom: null })));
    expect(
      await screen.findByText('1,200 rows of this computer were written to /home/me/log.csv.'),
    ).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Close this message' }));
    expect(screen.queryByText(/were written/)).toBeNull();
  });
});
