import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import { showScreen, useUi } from '../../renderer/src/stores/ui';
import { account, key, minutesAgo, OPERATION_ID, quiet, range, ulid } from './builders';
import { patchMirror, renderApp, type Scene, settle } from './render-app';

const DAY = 24 * 60;
const site = range({ id: ulid(101), cidr: '10.0.0.0/8', label: 'Site', uses: 7, source: 'import' });
const office = range({ id: ulid(102), cidr: '10.1.0.0/16', label: 'Office', uses: 9 });
const cloud = range({ id: ulid(103), cidr: '2001:db8::/32', label: 'Cloud', keyId: key().id, uses: 1 });
const denied = range({ id: ulid(104), cidr: '192.0.2.99/32', effect: 'deny', label: 'Printer' });
const idle = range({
  id: ulid(105),
  cidr: '198.51.100.0/24',
  label: 'Idle',
  uses: 1,
  lastUsedAt: minutesAgo(DAY * 100),
});
const ended = range({ id: ulid(106), cidr: '203.0.113.9/32', label: 'Ended', expiresAt: minutesAgo(5) });

const impact = () =>
  succeeded({
    from: minutesAgo(DAY),
    completeFrom: minutesAgo(60),
    calls: [
      { rangeId: site.id, keyId: key().id, allowed: 40, blocked: 0 },
      { rangeId: cloud.id, keyId: key().id, allowed: 2, blocked: 0 },
    ],
  });
const changed = () => succeeded({ refused: [], operationIds: [OPERATION_ID] });

function renderRanges({ mirror, answers, ...scene }: Scene = {}) {
  showScreen('ranges');
  return renderApp({
    ...scene,
    mirror: { ranges: [site, office, cloud, denied], ...mirror },
    answers: { ranges: { changeMany: changed, restoreMany: changed, impact, ...answers?.ranges } },
  });
}

const findGrid = () => screen.findByRole('grid', { name: 'Authorized ranges' });
const shown = (grid: HTMLElement) =>
  within(grid)
    .getAllByRole('row')
    .slice(1)
    .map((row) => /Site|Office|Cloud/.exec(row.textContent)?.[0]);
const bar = () => within(screen.getByRole('toolbar', { name: 'With the selected ranges' }));

describe('the list of ranges', () => {
  it('sorts by what a header names, the other way at the second press, and says so', async () => {
    const { user } = renderRanges();
    const grid = await findGrid();
    const headOf = (name: string) => within(grid).getByRole('columnheader', { name: new RegExp(name) });
    expect(headOf('Range').getAttribute('aria-sort')).toBe('ascending');
    await user.click(within(grid).getByRole('button', { name: 'Uses' }));
    expect(shown(grid)).toEqual(['Office', 'Site', 'Cloud']);
    expect(headOf('Last used').getAttribute('aria-sort')).toBe('descending');
    within(grid).getByRole('button', { name: 'Uses, descending' }).focus();
    await user.keyboard('{Enter}');
    expect(shown(grid)).toEqual(['Cloud', 'Site', 'Office']);
    expect(headOf('Last used').getAttribute('aria-sort')).toBe('ascending');
    expect(headOf('Range').hasAttribute('aria-sort')).toBe(false);
  });

  it('is filtered by source, key, expiry and use, and shows all again', async () => {
    const { user } = renderRanges();
    const grid = await findGrid();
    const filters = within(screen.getByRole('search', { name: 'Filter the ranges' }));
    await user.selectOptions(filters.getByLabelText('Source'), 'Imported');
    expect(shown(grid)).toEqual(['Site']);
    await user.selectOptions(filters.getByLabelText('API key'), 'Billing worker');
    await user.click(filters.getByRole('button', { name: 'Clear filters' }));
    await user.selectOptions(filters.getByLabelText('API key'), 'Billing worker');
    expect(shown(await findGrid())).toEqual(['Cloud']);
    await user.selectOptions(filters.getByLabelText('Expires'), 'Expired');
    expect(await screen.findByRole('heading', { name: 'No range fits this search' })).toBeTruthy();
  });
});

describe('several ranges', () => {
  it('are marked by keyboard: one, a span, all and none', async () => {
    const { user } = renderRanges();
    const grid = await findGrid();
    const marks = () =>
      within(grid)
        .getAllByRole('row')
        .slice(1)
        .map((row) => row.getAttribute('aria-selected'));
    grid.focus();
    await user.keyboard('{ArrowDown}x');
    expect(marks()).toEqual(['true', 'false', 'false']);
    await user.keyboard('{Shift>}{ArrowDown}{/Shift}');
    expect(marks()).toEqual(['true', 'true', 'false']);
    expect(bar().getByRole('status').textContent).toBe('2 ranges selected');
    await user.keyboard('{Control>}a{/Control}');
    expect(marks()).toEqual(['true', 'true', 'true']);
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('toolbar')).toBeNull();
  });

  it('are removed in one call, which says what that brings about, and brought back', async () => {
    const { user, double } = renderRanges({ mirror: { account: account({ mode: 'automatic' }) } });
    await user.click(within(await findGrid()).getByRole('checkbox', { name: 'Select 10.1.0.0/16' }));
    await user.click(within(await findGrid()).getByRole('checkbox', { name: 'Select 2001:db8::/32' }));
    await user.click(bar().getByRole('button', { name: 'Remove…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Remove 2 ranges?' }));
    expect(dialog.getByText('10.1.0.0/16 (Office), 2001:db8::/32 (Cloud).')).toBeTruthy();
    expect(dialog.getByText(/^1 of them is covered by another range/)).toBeTruthy();
    expect(
      await dialog.findByText(
        'Since 13:02, from when on the log is on this computer, 1 of them served 2 calls with 1 key.',
      ),
    ).toBeTruthy();
    expect(dialog.getByText(/they may be authorized again when they are used again/)).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Remove 2 ranges' }));
    const versions = [office, cloud].map(({ id, version }) => ({ rangeId: id, version }));
    // The service asks, because the log on this computer does not reach back a day.
    const change = { kind: 'remove', confirmImpact: false };
    expect(double.requests('ranges.changeMany')).toEqual([{ ranges: versions, change }]);
    expect(await screen.findByText('2 ranges were removed.')).toBeTruthy();
    const undo = await screen.findByRole('button', { name: 'Undo' });
    await waitFor(() => expect(undo.hasAttribute('disabled')).toBe(false));
    await user.click(undo);
    expect(double.requests('ranges.restoreMany')).toEqual([
      { ranges: [office, cloud], operationIds: [OPERATION_ID] },
    ]);
    expect(await screen.findByText('2 ranges are as they were before.')).toBeTruthy();
  });

  it('get one label or one end, and what was refused is said', async () => {
    const { user, double } = renderRanges({
      answers: {
        ranges: {
          changeMany: () =>
            succeeded({
              refused: [{ id: site.id, message: 'It was changed.' }],
              operationIds: [OPERATION_ID],
            }),
        },
      },
    });
    await user.click(within(await findGrid()).getByRole('checkbox', { name: 'Select all 3' }));
    await user.click(bar().getByRole('button', { name: 'Relabel…' }));
    const label = within(await screen.findByRole('dialog', { name: 'Relabel 3 ranges' }));
    await user.type(label.getByLabelText('Label'), 'Partner');
    await user.click(label.getByRole('button', { name: 'Change 3 ranges' }));
    expect(double.requests('ranges.changeMany')).toMatchObject([
      { change: { kind: 'update', changes: { label: 'Partner' } } },
    ]);
    expect(await screen.findByText('2 ranges were changed. 1 was not: It was changed.')).toBeTruthy();
    await user.click(bar().getByRole('button', { name: 'Set expiry…' }));
    const end = within(await screen.findByRole('dialog', { name: 'Set the expiry of 3 ranges' }));
    await user.selectOptions(end.getByLabelText('Expires'), 'In 7 days');
    await user.click(end.getByRole('button', { name: 'Change 3 ranges' }));
    expect(double.requests('ranges.changeMany')[1]).toMatchObject({
      change: { changes: { expiresAt: minutesAgo(-7 * DAY) } },
    });
  });

  it('show how many are sent while that takes long, and what the service refused', async () => {
    const { user, double } = renderRanges();
    await user.click(within(await findGrid()).getByRole('checkbox', { name: 'Select 10.0.0.0/8' }));
    await user.click(bar().getByRole('button', { name: 'Remove…' }));
    patchMirror(double, { sync: { ...quiet, waiting: 1 } });
    await user.click(await screen.findByRole('button', { name: 'Remove range' }));
    expect(await screen.findByText('0 of 1 sent')).toBeTruthy();
    settle(double, {
      outcome: 'undecided',
      kind: 'rejected',
      code: 'forbidden',
      detail: 'Not allowed.',
      current: null,
    });
    patchMirror(double, { sync: quiet });
    expect(await screen.findByText('0 ranges were removed. 1 failed: Not allowed.')).toBeTruthy();
  });

  it('stay marked where the call failed, and the dialog says why', async () => {
    const { user } = renderRanges({
      answers: {
        ranges: {
          changeMany: () => failed({ kind: 'internal', message: 'The disk is full.' }),
          impact: () => failed({ kind: 'unreachable', message: 'nothing' }),
        },
      },
    });
    await user.click(within(await findGrid()).getByRole('checkbox', { name: 'Select all 3' }));
    await user.click(bar().getByRole('button', { name: 'Remove…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Remove 3 ranges?' }));
    expect(await dialog.findByText(/there is no log on this computer yet/)).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Remove 3 ranges' }));
    expect((await dialog.findByRole('alert')).textContent).toContain('The disk is full.');
  });

  it('are not offered to those who may only look, who are told why', async () => {
    const me = { ...account().me, role: 'user' as const };
    renderRanges({ mirror: { account: account({ me }) } });
    const table = await screen.findByRole('table', { name: 'Authorized ranges' });
    expect(within(table).queryByRole('checkbox')).toBeNull();
    expect(screen.getByText(/^Your access token lacks the permission “Authorized IPs”/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Tidy up…' }).hasAttribute('disabled')).toBe(true);
  });

  it('that a source keeps are changed by that alone', async () => {
    renderRanges({ mirror: { ranges: [{ ...office, source: 'source', sourceId: ulid(70) }] } });
    const grid = within(await findGrid());
    expect(grid.getByRole('button', { name: 'Show the source of 10.1.0.0/16' })).toBeTruthy();
    expect(grid.queryByRole('button', { name: 'Edit 10.1.0.0/16' })).toBeNull();
    expect(grid.queryByRole('button', { name: 'Remove 10.1.0.0/16' })).toBeNull();
  });
});

describe('tidying up', () => {
  it('proposes what has expired, is covered or unused, and chooses what changes no verdict', async () => {
    const { user, double } = renderRanges({ mirror: { ranges: [site, office, idle, ended] } });
    await user.click(await screen.findByRole('button', { name: 'Tidy up…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Tidy up the ranges' }));
    const group = (name: string) => within(dialog.getByRole('region', { name }));
    expect(group('1 covered by another range').getByText('By 10.0.0.0/8 (Site)')).toBeTruthy();
    expect(dialog.getByText('Removing these changes no verdict.')).toBeTruthy();
    const unused = group('1 unused for 90 days');
    expect(unused.getByRole('checkbox', { name: 'Select 198.51.100.0/24' })).toHaveProperty('checked', false);
    await user.click(unused.getByRole('checkbox', { name: 'Select 198.51.100.0/24' }));
    expect(await dialog.findByText(/it served no call\.$/)).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Remove 3 ranges' }));
    expect(double.requests('ranges.changeMany')).toMatchObject([
      { ranges: [ended, office, idle].map(({ id }) => ({ rangeId: id })), change: { kind: 'remove' } },
    ]);
  });

  it('says that there is nothing to do', async () => {
    const { user } = renderRanges({ mirror: { ranges: [site, cloud] } });
    await user.click(await screen.findByRole('button', { name: 'Tidy up…' }));
    expect(await screen.findByText(/^There is nothing to tidy up/)).toBeTruthy();
    expect(useUi.getState().screen).toBe('ranges');
  });
});
