import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed } from '#shared/ipc/failure';
import { useLog } from '../../renderer/src/stores/log';
import { attempt, desktop, KEY_ID, review, ulid } from './builders';
import { blocked, renderLog } from './log-world';

const grid = () => screen.findByRole('grid', { name: 'Attempts, newest first' });
const dataRows = async () =>
  within(await grid())
    .getAllByRole('row')
    .slice(1);
const rowAddresses = async () =>
  (await dataRows()).map((row) => within(row).getAllByRole('gridcell')[3]?.textContent);

describe('Log', () => {
  it('shows verdict and reason in words, the newest attempt first', async () => {
    renderLog([attempt(1), blocked(2)]);
    const [first, second] = await dataRows();
    expect(first?.textContent).toContain('BlockedUnknown address203.0.113.9Billing worker');
    expect(second?.textContent).toContain('AllowedAuthorized range198.51.100.7');
  });

  it('draws only what is in view of a long log, and loads the next page before the end', async () => {
    const { double } = renderLog(Array.from({ length: 450 }, (_, index) => attempt(index)));
    expect((await dataRows()).length).toBeLessThan(60);
    expect((await grid()).getAttribute('aria-rowcount')).toBe('-1');
    const scroller = await grid();
    scroller.scrollTop = 180 * 34;
    fireEvent.scroll(scroller);
    await waitFor(() => expect(double.requests('log.page')).toHaveLength(2));
  });

  it('follows at the top, and keeps new rows back behind a button once somebody scrolled', async () => {
    const { user, double } = renderLog(Array.from({ length: 120 }, (_, index) => attempt(index)));
    await grid();
    act(() => double.emit('log', 'changed', { items: [blocked(500)] }));
    expect((await rowAddresses())[0]).toBe('203.0.113.9');

    const scroller = await grid();
    scroller.scrollTop = 800;
    fireEvent.scroll(scroller);
    const before = await rowAddresses();
    act(() =>
      double.emit('log', 'changed', {
        items: [blocked(502, { ip: '192.0.2.2' }), blocked(501, { ip: '192.0.2.1' })],
      }),
    );
    expect(await rowAddresses()).toEqual(before);
    expect(scroller.scrollTop).toBe(800);
    await user.click(screen.getByRole('button', { name: '2 new attempts' }));
    expect((await rowAddresses()).slice(0, 3)).toEqual(['192.0.2.2', '192.0.2.1', '203.0.113.9']);
    expect(screen.queryByRole('button', { name: '2 new attempts' })).toBeNull();
  });

  it('counts a changed row up in its place', async () => {
    const { double } = renderLog([attempt(1), blocked(2)]);
    await grid();
    act(() => double.emit('log', 'changed', { items: [{ ...attempt(1), seq: 900, count: 41 }] }));
    const [, second] = await dataRows();
    expect(second?.textContent).toContain('41');
    expect(await dataRows()).toHaveLength(2);
  });

  it('combines filters, holds live rows to them too, and clears them all', async () => {
    const { user, double } = renderLog([attempt(1), blocked(2), blocked(3, { path: '/export' })]);
    await grid();
    await user.click(screen.getByRole('radio', { name: 'Blocked' }));
    await user.click(screen.getByRole('button', { name: 'Narrow down' }));
    await user.click(await screen.findByRole('button', { name: /^Billing worker/ }));
    await user.type(screen.getByLabelText('Address or range'), '203.0.113.*');
    await user.type(screen.getByLabelText('Search in the log'), 'export');
    await waitFor(async () => expect(await dataRows()).toHaveLength(1));
    expect(double.requests('log.page').at(-1)).toMatchObject({
      filter: { verdict: 'blocked', keyId: KEY_ID, ip: '203.0.113.*', text: 'export' },
    });
    act(() => double.emit('log', 'changed', { items: [attempt(10), blocked(11, { path: '/export/2' })] }));
    expect(await dataRows()).toHaveLength(2);
    await user.click(screen.getByRole('button', { name: 'Clear' }));
    await waitFor(async () => expect(await dataRows()).toHaveLength(3));
  });

  it('says why a text is no address, and does not filter by it', async () => {
    const { user, double } = renderLog([attempt(1)]);
    await grid();
    await user.type(screen.getByLabelText('Address or range'), '010.0.0.1');
    expect(screen.getByRole('alert').textContent).toContain('leading zero');
    await user.type(screen.getByLabelText('Search in the log'), 'x');
    await waitFor(() => expect(double.requests('log.page').at(-1)).toMatchObject({ filter: { text: 'x' } }));
    expect(double.requests('log.page').at(-1)).not.toHaveProperty('filter.ip');
  });

  it('is walked by keyboard: arrows, Enter for the details, Escape back', async () => {
    const { user } = renderLog([attempt(1), blocked(2)], { mirror: { reviews: [review()] } });
    const table = await grid();
    table.focus();
    await user.keyboard('{ArrowDown}');
    expect(within(table).getByRole('row', { selected: true }).textContent).toContain('203.0.113.9');
    expect(table.getAttribute('aria-activedescendant')).toBe(
      within(table).getByRole('row', { selected: true }).id,
    );
    await user.keyboard('{ArrowDown}{Enter}');
    const details = await screen.findByRole('complementary', { name: '198.51.100.7' });
    expect(details.textContent).toContain(
      'Allowed because the most specific range for this address authorizes it: 198.51.100.0/24 (Office).',
    );
    await waitFor(() => expect(document.activeElement).toBe(details));
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('complementary')).toBeNull();
    expect(document.activeElement).toBe(table);
  });

  it('offers what fits a blocked row: the open review, a prefilled range, the filters', async () => {
    const { user, double } = renderLog([blocked(2)], { mirror: { reviews: [review()] } });
    const [row] = await dataRows();
    if (row === undefined) throw new Error('There is no row.');
    await user.click(row);
    await user.click(screen.getByRole('button', { name: 'Answer this review' }));
    expect(double.requests('app.openApproval')).toEqual([{ reviewId: ulid(200) }]);
    await user.click(screen.getByRole('button', { name: 'Only this address' }));
    expect(screen.getByLabelText<HTMLInputElement>('Address or range').value).toBe('203.0.113.9');
    // The filter applies a moment later, and the rows are fetched anew.
    await waitFor(() => expect(double.requests('log.page')).toHaveLength(2));
    const [again] = await dataRows();
    if (again === undefined) throw new Error('There is no row.');
    await user.click(again);
    await user.click(screen.getByRole('button', { name: 'Authorize this address…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Add a range' });
    expect(within(dialog).getByLabelText<HTMLInputElement>('Address or range').value).toBe('203.0.113.9');
  });

  it('says of a network what a flood has left, and offers no answer for all of it', async () => {
    const { user } = renderLog([blocked(2, { ip: '203.0.0.0/16', reviewId: null, path: null, count: 900 })]);
    const [row] = await dataRows();
    if (row === undefined) throw new Error('There is no row.');
    await user.click(row);
    const details = await screen.findByRole('complementary', { name: '203.0.0.0/16' });
    expect(details.textContent).toContain('the log keeps only their networks');
    expect(within(details).queryByRole('button', { name: /Authorize|Deny|Answer/ })).toBeNull();
    await user.click(within(details).getByRole('button', { name: 'Only this network' }));
    expect(screen.getByLabelText<HTMLInputElement>('Address or range').value).toBe('203.0.0.0/16');
    expect(await dataRows()).toHaveLength(1);
  });

  it('tells an empty log from one that no row fits, and from one that could not be read', async () => {
    const { user, double } = renderLog([]);
    expect(await screen.findByRole('heading', { name: 'No attempts yet' })).toBeTruthy();
    await user.type(screen.getByLabelText('Search in the log'), 'nothing');
    expect(await screen.findByRole('heading', { name: 'No attempt fits these filters' })).toBeTruthy();
    await waitFor(() => expect(double.requests('log.page')).toHaveLength(2));
    double.answer('log', 'page', () => failed({ kind: 'internal', message: 'disk' }));
    await user.click(screen.getByRole('button', { name: 'Clear' }));
    expect(await screen.findByRole('heading', { name: 'The log could not be read' })).toBeTruthy();
  });

  it('says how many rows fit, and shows allowed and blocked calls over time', async () => {
    const { user } = renderLog([attempt(1), attempt(2), blocked(3)]);
    expect(await screen.findByText('3 rows on this computer')).toBeTruthy();
    expect(screen.getByRole('img', { name: /: 2 calls allowed, 1 blocked$/ })).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: 'Blocked' }));
    expect(await screen.findByText('1 row on this computer')).toBeTruthy();
    expect(screen.getByRole('img', { name: /: 0 calls allowed, 1 blocked$/ })).toBeTruthy();
  });

  it('is told in French as well', async () => {
    const { user, double } = renderLog([attempt(1), blocked(2), blocked(3)]);
    await grid();
    act(() => double.emit('desktop', 'changed', desktop({ language: 'fr' })));
    const table = within(screen.getByRole('grid', { name: 'Tentatives, la plus récente en premier' }));
    expect(table.getAllByRole('columnheader').map(({ textContent }) => textContent)).toContain('Verdict');
    expect(await screen.findByText('3 lignes sur cet ordinateur')).toBeTruthy();
    expect(screen.getByText('En direct : les nouvelles tentatives apparaissent en haut')).toBeTruthy();
    expect(screen.getByRole('img', { name: /\s: 1 appel autorisé, bloqués\s: 2$/ })).toBeTruthy();
    screen.getByRole('slider', { name: 'Choisir une période' }).focus();
    await user.keyboard('{ArrowLeft}');
    expect(screen.getByRole('slider').getAttribute('aria-valuetext')).toMatch(/ – .*\u00a0: \d appel/);
    expect(screen.getByRole('button', { name: /^Période\s: Toutes les périodes$/ })).toBeTruthy();
    await user.click(table.getByRole('row', { name: /Autorisé\s?Plage autorisée/ }));
    const details = within(screen.getByRole('complementary', { name: '198.51.100.7' }));
    expect(details.getByRole('button', { name: 'Copier l’adresse' })).toBeTruthy();
    expect(details.getByRole('button', { name: 'Refuser cette adresse…' })).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: 'Adresses' }));
    expect(await screen.findByRole('grid', { name: 'Adresses, le plus d’appels en premier' })).toBeTruthy();
  });

  it.each([
    ['Addresses', 'Addresses, the most calls first', '203.0.113.9', { ip: '203.0.113.9' }],
    ['Keys', 'API keys, the most calls first', 'Billing worker', { keyId: KEY_ID }],
    ['Networks', 'Networks, the most calls first', 'AS64500', { asn: 64_500 }],
  ])('groups by %s, and filters by the group that is opened', async (view, label, name, filter) => {
    const { user, double } = renderLog([
      attempt(1, { asn: 64_501, keyId: ulid(77), keyName: 'Other' }),
      blocked(2, { asn: 64_500, asName: null }),
    ]);
    await grid();
    await user.click(screen.getByRole('radio', { name: view }));
    const groups = await screen.findByRole('grid', { name: label });
    await user.click(within(groups).getByRole('row', { name: new RegExp(name) }));
    await waitFor(() => expect(double.requests('log.page').at(-1)).toMatchObject({ filter }));
    expect(await dataRows()).toHaveLength(1);
    expect(screen.getByRole('radio', { name: 'Attempts', checked: true })).toBeTruthy();
  });

  it('shows the network that it filters by, and takes it away again', async () => {
    const { user } = renderLog([attempt(1, { asn: 64_501 }), blocked(2, { asn: 64_500, asName: null })]);
    await grid();
    await user.click(screen.getByRole('radio', { name: 'Networks' }));
    await user.click(await screen.findByRole('row', { name: /AS64500/ }));
    await waitFor(async () => expect(await dataRows()).toHaveLength(1));
    await user.click(screen.getByRole('button', { name: 'Network AS64500: show any' }));
    await waitFor(async () => expect(await dataRows()).toHaveLength(2));
  });

  it('keeps each row in its place, and the details open, when pages come and go', async () => {
    const ALL = 2_600;
    const addressAt = (row: number): string => `10.0.${(ALL - 1 - row) >> 8}.${(ALL - 1 - row) & 255}`;
    const { user } = renderLog(
      Array.from({ length: ALL }, (_, index) => attempt(index, { ip: addressAt(ALL - 1 - index) })),
    );
    const scroller = await grid();
    const rowAt = async (row: number): Promise<HTMLElement> => {
      scroller.scrollTop = row * 34;
      fireEvent.scroll(scroller);
      return waitFor(() => {
        const found = within(scroller)
          .getAllByRole('row')
          .find((one) => one.getAttribute('aria-rowindex') === String(row + 2));
        if (found === undefined) throw new Error(`Row ${row} is not drawn.`);
        return found;
      });
    };
    const expectAt = async (row: number): Promise<void> =>
      expect(within(await rowAt(row)).getAllByRole('gridcell')[3]?.textContent).toBe(addressAt(row));

    await user.click(await rowAt(3));
    const details = await screen.findByRole('complementary', { name: addressAt(3) });
    for (let row = 150; row < ALL; row += 150) await expectAt(row);
    expect(useLog.getState().above).toBeGreaterThan(0);
    expect(details.isConnected).toBe(true);
    for (let row = 2_400; row > 0; row -= 150) await expectAt(row);
    expect(useLog.getState().above).toBe(0);
  });
});
