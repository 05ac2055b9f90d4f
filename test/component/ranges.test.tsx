import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { failed, succeeded } from '#shared/ipc/failure';
import { showScreen } from '../../renderer/src/stores/ui';
import { account, desktop, key, minutesAgo, OPERATION_ID, range, review, ulid } from './builders';
import { renderApp, type Scene } from './render-app';

const office = range();
const expired = range({
  id: ulid(101),
  cidr: '192.0.2.17/32',
  label: 'Contractor',
  expiresAt: minutesAgo(180),
});
const denied = range({
  id: ulid(102),
  cidr: '192.0.2.99/32',
  effect: 'deny',
  label: 'Printer',
  source: 'denial',
});
const huge = range({
  id: ulid(103),
  cidr: '2001:db8::/32',
  label: 'Cloud',
  keyId: key().id,
  source: 'import',
});

const impact = () =>
  succeeded({
    from: minutesAgo(24 * 60),
    completeFrom: null,
    calls: [
      { rangeId: office.id, keyId: key().id, allowed: 12_000, blocked: 0 },
      { rangeId: office.id, keyId: ulid(77), allowed: 345, blocked: 0 },
    ],
  });

function renderRanges(scene: Scene = {}) {
  showScreen('ranges');
  return renderApp({ ...scene, mirror: { ranges: [office, expired, denied, huge], ...scene.mirror } });
}

async function openForm(scene: Scene = {}) {
  const rendered = renderRanges(scene);
  await rendered.user.click(await screen.findByRole('button', { name: 'Add range' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Add a range' }));
  return { ...rendered, dialog, field: dialog.getByLabelText('Address or range') };
}

describe('Authorized IPs', () => {
  it('shows what a range holds, where it is from, for which key, and when it ends', async () => {
    renderRanges();
    const rows = within(await screen.findByRole('grid', { name: 'Authorized ranges' })).getAllByRole('row');
    expect(rows).toHaveLength(4);
    const [, contractor, first, cloud] = rows.map((row) => row.textContent);
    expect(contractor).toContain('192.0.2.17/321 address');
    // With its time: the day alone does not say when.
    expect(contractor).toContain('Expired11:02');
    expect(first).toContain('198.51.100.0/24256 addressesOfficeAdded by handAll keys');
    expect(first).toContain('12 min ago12,345 uses');
    expect(cloud).toContain('2^96 addressesCloudImportedBilling worker');
    expect(screen.getByRole('tab', { name: 'Authorized 3' })).toBeTruthy();
  });

  it('shows denied ranges in a tab of their own, and finds ranges by text and by address', async () => {
    const { user } = renderRanges();
    await user.click(await screen.findByRole('tab', { name: 'Denied 1' }));
    const denials = screen.getByRole('grid', { name: 'Denied ranges' });
    expect(denials.textContent).toContain('192.0.2.99/32');
    // Nobody uses them, so a last use would be misleading.
    expect(within(denials).queryByText('Last used')).toBeNull();
    await user.click(screen.getByRole('tab', { name: 'Authorized 3' }));
    const search = screen.getByLabelText('Search ranges');
    await user.click(search);
    await user.paste('2001:db8:5::1');
    const table = screen.getByRole('grid', { name: 'Authorized ranges' });
    await waitFor(() => expect(within(table).getAllByRole('row')).toHaveLength(2));
    expect(table.textContent).toContain('Cloud');
    await user.clear(search);
    await user.click(search);
    await user.paste('no such thing');
    expect(await screen.findByRole('heading', { name: 'No range fits this search' })).toBeTruthy();
  });

  it('says what a text means while it is typed: network, notes, what is there, and whom it lets in', async () => {
    const { user, double, dialog, field } = await openForm({
      mirror: { reviews: [review({ ip: '198.51.100.200' })] },
      answers: {
        log: {
          blockedLately: () =>
            succeeded({
              callers: [{ ip: '198.51.100.66', keyId: key().id, calls: 41 }],
              isMore: false,
              from: minutesAgo(7 * 24 * 60),
              completeFrom: null,
            }),
        },
      },
    });
    const type = async (text: string) => {
      await user.clear(field);
      await user.click(field);
      await user.paste(text);
    };
    await type('198.51.100.77/25');
    const meaning = dialog.getByRole('status', { name: 'What this means' });
    await waitFor(() =>
      expect(meaning.textContent).toContain(
        '198.51.100.0/25: 198.51.100.0 to 198.51.100.127, 128 addresses.',
      ),
    );
    expect(meaning.textContent).toContain('the network 198.51.100.0/25 is meant');
    expect(meaning.textContent).toContain('Covered already by 198.51.100.0/24 (Office).');
    await waitFor(() =>
      expect(meaning.textContent).toContain(
        'Blocked there in the last 7 days, and let in then: 198.51.100.66 (41 calls)',
      ),
    );
    await type('198.51.100.128-198.51.100.255');
    await waitFor(() =>
      expect(meaning.textContent).toContain('Would let in 1 blocked address that waits in Pending.'),
    );
    expect(double.requests('log.blockedLately').at(-1)).toEqual({ ip: '198.51.100.128/25', limit: 200 });
    await type('192.0.2.99');
    await waitFor(() =>
      expect(meaning.textContent).toContain(
        'This would let nobody in: denied 192.0.2.99/32 (Printer) takes precedence for all of its addresses.',
      ),
    );
    await type('10.1');
    expect(field.getAttribute('aria-invalid')).toBe('true');
  });

  it('adds what was typed, with label, key and expiry', async () => {
    const { user, double, dialog, field } = await openForm({
      answers: {
        ranges: {
          add: () => succeeded({ operationIds: [OPERATION_ID], ranges: [range({ cidr: '203.0.113.0/24' })] }),
        },
      },
    });
    await user.type(field, '203.0.113.0/24');
    await user.type(dialog.getByLabelText('Label'), 'Partner');
    await user.selectOptions(dialog.getByLabelText('API key'), 'Billing worker only');
    await user.click(dialog.getByRole('button', { name: 'Authorize range' }));
    expect(double.requests('ranges.add')).toEqual([
      {
        cidr: '203.0.113.0/24',
        effect: 'authorize',
        label: 'Partner',
        keyId: key().id,
        expiresAt: null,
        allowWide: false,
      },
    ]);
    expect(await screen.findByText('203.0.113.0/24 is authorized now.')).toBeTruthy();
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it.each([0, 10, -180])(
    'counts an hour by the service’s clock, which is %i minutes ahead',
    async (minutes) => {
      const { user, double, dialog, field } = await openForm({
        mirror: { clockOffsetMs: minutes * 60_000 },
        answers: { ranges: { add: () => succeeded({ operationIds: [OPERATION_ID], ranges: [range()] }) } },
      });
      await user.type(field, '203.0.113.0/24');
      await user.selectOptions(dialog.getByLabelText('Expires'), 'In 1 hour');
      await user.click(dialog.getByRole('button', { name: 'Authorize range' }));
      expect(double.requests('ranges.add')).toMatchObject([{ expiresAt: minutesAgo(-60 - minutes) }]);
    },
  );

  it('keeps what was typed when Escape closes the form, until it is cancelled or sent', async () => {
    const { user, dialog, field } = await openForm();
    const open = async () => {
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
      await user.click(screen.getByRole('button', { name: 'Add range' }));
      const again = within(await screen.findByRole('dialog', { name: 'Add a range' }));
      const text = again.getByLabelText<HTMLInputElement>('Address or range');
      return { again, typed: [text.value, again.getByLabelText<HTMLInputElement>('Label').value] };
    };
    await user.type(field, '203.0.113.');
    await user.type(dialog.getByLabelText('Label'), 'Partner');
    await user.keyboard('{Escape}');
    const kept = await open();
    expect(kept.typed).toEqual(['203.0.113.', 'Partner']);
    await user.click(kept.again.getByRole('button', { name: 'Cancel' }));
    expect((await open()).typed).toEqual(['', '']);
  });

  it('takes a very wide range only when it is confirmed by name', async () => {
    const { user, double, dialog, field } = await openForm({
      answers: {
        ranges: {
          add: () => succeeded({ operationIds: [OPERATION_ID], ranges: [range({ cidr: '0.0.0.0/0' })] }),
        },
      },
    });
    await user.type(field, '0.0.0.0/0');
    await user.click(dialog.getByRole('button', { name: 'Authorize range' }));
    expect(double.requests('ranges.add')).toEqual([]);
    expect(dialog.getByText('Confirm this, or write a narrower range.')).toBeTruthy();
    await user.click(
      dialog.getByRole('checkbox', { name: 'I mean to authorize all 4,294,967,296 addresses of 0.0.0.0/0.' }),
    );
    await user.click(dialog.getByRole('button', { name: 'Authorize range' }));
    expect(double.requests('ranges.add')).toMatchObject([{ cidr: '0.0.0.0/0', allowWide: true }]);
  });

  it.each([
    [
      failed({ kind: 'invalid', code: 'invalid_cidr', field: 'cidr', message: 'not a range' }),
      'Address or range',
      'Not a range.',
    ],
    [
      failed({ kind: 'conflict', code: 'duplicate', message: 'x', current: office }),
      'Address or range',
      '198.51.100.0/24 is authorized already, labelled “Office”.',
    ],
    [
      failed({ kind: 'invalid', code: 'invalid_request', field: 'label', message: 'too long' }),
      'Label',
      'Too long.',
    ],
  ])('shows an error of the service under the field that it names', async (failure, label, message) => {
    const { user, dialog, field } = await openForm({ answers: { ranges: { add: () => failure } } });
    await user.type(field, '192.0.2.0/28');
    await user.click(dialog.getByRole('button', { name: 'Authorize range' }));
    const text = await dialog.findByText(message);
    expect(dialog.getByLabelText(label).getAttribute('aria-describedby')).toContain(text.id);
  });

  it('says that a label holds what is not seen, and sends nothing', async () => {
    const { user, double, dialog, field } = await openForm();
    await user.type(field, '192.0.2.0/28');
    await user.type(dialog.getByLabelText('Label'), 'Office\u202e');
    await user.click(dialog.getByRole('button', { name: 'Authorize range' }));
    const text = dialog.getByText('A label must not hold the character U+202E, which is not seen.');
    expect(dialog.getByLabelText('Label').getAttribute('aria-describedby')).toContain(text.id);
    expect(double.requests('ranges.add')).toEqual([]);
  });

  it('says what removing would block and, in automatic mode, that the range may come back', async () => {
    const { user, double } = renderRanges({
      mirror: { account: account({ mode: 'automatic' }) },
      answers: {
        ranges: { changeMany: () => succeeded({ refused: [], operationIds: [OPERATION_ID] }), impact },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Remove 198.51.100.0/24' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Remove 198.51.100.0/24 (Office)?' }));
    expect(dialog.getByText(/It has let in 12,345 calls, the last one 12 min ago\./)).toBeTruthy();
    expect(await dialog.findByText('In the last day it served 12,345 calls with 2 keys.')).toBeTruthy();
    expect(
      dialog.getByText(/may be authorized again when it is used again and deemed trustworthy/),
    ).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Remove range' }));
    expect(double.requests('ranges.changeMany')).toEqual([
      { ranges: [{ rangeId: office.id, version: 1 }], change: { kind: 'remove', confirmImpact: true } },
    ]);
    expect(await screen.findByText('198.51.100.0/24 was removed.')).toBeTruthy();
  });

  it('leads from the warning to a deny range', async () => {
    const { user } = renderRanges({ mirror: { account: account({ mode: 'automatic' }) } });
    await user.click(await screen.findByRole('button', { name: 'Remove 198.51.100.0/24' }));
    await user.click(await screen.findByRole('button', { name: 'Add a deny range…' }));
    const form = within(await screen.findByRole('dialog', { name: 'Add a range' }));
    expect(form.getByLabelText<HTMLInputElement>('Address or range').value).toBe('198.51.100.0/24');
    expect(form.getByRole('radio', { name: 'Deny' })).toHaveProperty('checked', true);
  });

  it('gives no warning in manual mode, and no buttons to those who may only look', async () => {
    const me = { ...account().me, role: 'user' as const };
    renderRanges({ mirror: { account: account({ me }) } });
    expect((await screen.findByRole('button', { name: 'Add range' })).hasAttribute('disabled')).toBe(true);
    expect(screen.queryByRole('button', { name: /^(Edit|Remove)/ })).toBeNull();
  });

  it.each(['owner', 'user'] as const)('proposes to add ranges only to those who may: %s', async (role) => {
    renderRanges({ mirror: { ranges: [], account: account({ me: { ...account().me, role } }) } });
    await screen.findByRole('heading', { name: 'No authorized ranges yet' });
    expect(screen.queryByText(/^Add the addresses that your programs call from/) !== null).toBe(
      role === 'owner',
    );
  });
});

it('is in French with its form, what a typed range means, and what removing brings about', async () => {
  const french = desktop({ language: 'fr' });
  const { user } = renderRanges({ answers: { desktop: { state: () => succeeded(french) } } });
  const grid = await screen.findByRole('grid', { name: 'Plages autorisées' });
  const [, contractor, first] = within(grid)
    .getAllByRole('row')
    .map((row) => row.textContent);
  expect(contractor).toContain('Expirée11:02');
  expect(first).toContain('256 adressesOfficeAjoutée à la mainToutes');
  await user.click(screen.getByRole('button', { name: 'Supprimer 198.51.100.0/24' }));
  const removal = within(
    await screen.findByRole('dialog', { name: 'Supprimer 198.51.100.0/24 (Office)\u00a0?' }),
  );
  expect(removal.getByText(/^Elle a laissé passer 12 345 appels/)).toBeTruthy();
  await user.click(removal.getByRole('button', { name: 'Annuler' }));
  await user.click(screen.getByRole('button', { name: 'Ajouter une plage' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Ajouter une plage' }));
  const field = dialog.getByLabelText('Adresse ou plage');
  await user.type(field, '198.51.100.77/25');
  const meaning = dialog.getByRole('status', { name: 'Ce que cela signifie' });
  expect(meaning.textContent).toContain('Déjà couvert par 198.51.100.0/24 (Office).');
  expect(meaning.textContent).toContain('il s’agit du réseau 198.51.100.0/25');
  expect(dialog.getByRole('combobox', { name: 'Expiration' }).textContent).toContain('Dans 7 jours');
  await user.clear(field);
  await user.type(field, '10.0.0.300');
  expect(dialog.getByText(/dépasse 255, la valeur maximale d’un octet\.$/)).toBeTruthy();
});
