import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Effect, Range } from '#shared/domain/entities';
import { failed, succeeded } from '#shared/ipc/failure';
import { showScreen, useUi } from '../../renderer/src/stores/ui';
import { KEY_ID, minutesAgo, OPERATION_ID, range, review, ulid, unreachable } from './builders';
import { deferred, patchMirror, renderApp, type Scene } from './render-app';

const office = range();
const HUNDRED_DAYS_MINUTES = 144_000;

function renderRanges(scene: Scene = {}) {
  showScreen('ranges');
  return renderApp({
    ...scene,
    answers: {
      ranges: { update: () => succeeded({ operationId: OPERATION_ID, range: office }) },
      ...scene.answers,
    },
  });
}

const findForm = async () => {
  const dialog = within(await screen.findByRole('dialog', { name: 'Edit range' }));
  return {
    dialog,
    label: dialog.getByLabelText<HTMLInputElement>('Label'),
    save: dialog.getByRole<HTMLButtonElement>('button', { name: 'Save' }),
  };
};

async function openForm({ tab = 'authorize', ...scene }: Scene & { readonly tab?: Effect } = {}) {
  useUi.setState({ rangesTab: tab });
  const rendered = renderRanges(scene);
  await rendered.user.click(await screen.findByRole('button', { name: /^Edit / }));
  const shows = (...upserted: Range[]) => patchMirror(rendered.double, { ranges: { upserted, removed: [] } });
  return { ...rendered, ...(await findForm()), shows };
}

const isClosed = () => waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());

describe('the form for a range that is there', () => {
  it('starts with the range as it is shown, whose addresses stay, and is not saved unchanged', async () => {
    const cloud = range({ label: 'Cloud', keyId: KEY_ID, expiresAt: minutesAgo(-HUNDRED_DAYS_MINUTES) });
    const { user, dialog, label, save } = await openForm({ mirror: { ranges: [cloud] } });
    await waitFor(() => expect(document.activeElement).toBe(label));
    expect(label.value).toBe('Cloud');
    expect(dialog.getByLabelText('Address or range')).toMatchObject({
      value: '198.51.100.0/24',
      readOnly: true,
    });
    expect(dialog.getByRole('radio', { name: 'Authorize' })).toHaveProperty('checked', true);
    expect(dialog.getByRole('option', { name: 'Billing worker only' })).toHaveProperty('selected', true);
    expect(dialog.getByRole('option', { name: /^On .* 2027/ })).toHaveProperty('selected', true);
    expect(save.disabled).toBe(true);
    await user.type(label, ' 2');
    expect(save.disabled).toBe(false);
    await user.type(label, '{Backspace}{Backspace}');
    expect(save.disabled).toBe(true);
  });

  it('saves what was changed and nothing else, on the version that is shown', async () => {
    const { user, double, dialog, label } = await openForm({
      mirror: { ranges: [range({ version: 3 })] },
    });
    await user.clear(label);
    await user.type(label, 'Head office');
    await user.selectOptions(dialog.getByLabelText('Expires'), 'At a time of my own…');
    await user.type(dialog.getByLabelText('Expires at'), '2030-01-31T18:30');
    await user.keyboard('{Enter}');
    expect(double.requests('ranges.update')).toEqual([
      {
        rangeId: office.id,
        version: 3,
        changes: { label: 'Head office', expiresAt: new Date(2030, 0, 31, 18, 30).toISOString() },
      },
    ]);
    expect(await screen.findByText('198.51.100.0/24 was changed.')).toBeTruthy();
    await isClosed();
  });

  it('takes effect, key and expiry away or gives others, and follows the range to its tab', async () => {
    const mine = range({ keyId: KEY_ID, expiresAt: minutesAgo(-HUNDRED_DAYS_MINUTES) });
    const { user, double, dialog, save } = await openForm({ mirror: { ranges: [mine] } });
    await user.click(dialog.getByText('Deny'));
    await user.selectOptions(dialog.getByLabelText('API key'), 'All keys');
    await user.selectOptions(dialog.getByLabelText('Expires'), 'Never');
    await user.click(save);
    expect(double.requests('ranges.update')).toMatchObject([
      { changes: { effect: 'deny', keyId: null, expiresAt: null } },
    ]);
    await isClosed();
    expect(screen.getByRole('tab', { name: /^Denied/ }).getAttribute('aria-selected')).toBe('true');
  });

  it('says without a service that the change waits for it', async () => {
    const { user, label, save } = await openForm({ mirror: { connection: unreachable } });
    await user.type(label, '!');
    await user.click(save);
    expect(
      await screen.findByText('198.51.100.0/24 is changed as soon as the service answers.'),
    ).toBeTruthy();
  });

  it('renames a range that has expired, and says that it has', async () => {
    const old = range({ expiresAt: minutesAgo(60) });
    const { user, double, dialog, label, save } = await openForm({ mirror: { ranges: [old] } });
    expect(dialog.getByRole('option', { name: /^Expired / })).toHaveProperty('selected', true);
    await user.type(label, ' (old)');
    await user.click(save);
    expect(double.requests('ranges.update')).toMatchObject([{ changes: { label: 'Office (old)' } }]);
  });

  it('says what the change means beside what is there, but not beside itself', async () => {
    const denied = range({ effect: 'deny' });
    const campus = range({ id: ulid(111), cidr: '198.51.0.0/16', label: 'Campus' });
    const { user, dialog } = await openForm({
      tab: 'deny',
      mirror: { ranges: [denied, campus], reviews: [review({ ip: '198.51.100.7' })] },
    });
    const meaning = dialog.getByRole('status', { name: 'What this means' });
    expect(meaning.textContent).toContain('198.51.100.0 to 198.51.100.255, 256 addresses.');
    expect(meaning.textContent).toContain('Overlaps with authorized 198.51.0.0/16 (Campus)');
    await user.click(dialog.getByText('Authorize'));
    expect(meaning.textContent).toContain('Would let in 1 blocked address that waits in Pending.');
    expect(meaning.textContent).toContain('Covered already by 198.51.0.0/16 (Campus).');
    expect(meaning.textContent).not.toContain('Office');
  });

  it('asks about a very wide range before it holds for others or longer, not before it has another name', async () => {
    const everybody = range({ cidr: '0.0.0.0/0', label: 'Everybody', effect: 'deny' });
    const { user, double, dialog, label, save } = await openForm({
      tab: 'deny',
      mirror: { ranges: [everybody] },
    });
    await user.type(label, '!');
    expect(dialog.queryByRole('checkbox')).toBeNull();
    await user.selectOptions(dialog.getByLabelText('Expires'), 'In 1 hour');
    await user.click(dialog.getByRole('checkbox', { name: /^I mean to deny all 4,294,967,296 addresses/ }));
    // What was confirmed was the denial.
    await user.click(dialog.getByText('Authorize'));
    const confirm = dialog.getByRole('checkbox', {
      name: /^I mean to authorize all 4,294,967,296 addresses/,
    });
    expect(confirm).toHaveProperty('checked', false);
    await user.click(save);
    expect(dialog.getByText('Confirm this, or leave the range as it is.')).toBeTruthy();
    expect(double.requests('ranges.update')).toEqual([]);
    await user.click(confirm);
    await user.click(save);
    expect(double.requests('ranges.update')).toMatchObject([
      { changes: { label: 'Everybody!', effect: 'authorize' } },
    ]);
  });

  it.each([
    [
      failed({ kind: 'invalid', code: 'invalid_request', field: 'label', message: 'too long' }),
      'Label',
      'Too long.',
    ],
    [
      failed({ kind: 'invalid', code: 'invalid_request', field: 'keyId', message: 'no such key' }),
      'API key',
      'No such key.',
    ],
    [
      failed({ kind: 'invalid', code: 'invalid_request', field: 'expiresAt', message: 'in the past' }),
      'Expires',
      'In the past.',
    ],
    [
      failed({ kind: 'conflict', code: 'duplicate', message: 'x', current: range({ effect: 'deny' }) }),
      'Address or range',
      '198.51.100.0/24 is denied already, labelled “Office”.',
    ],
  ])(
    'shows a failure under the field that it names, and keeps what was typed',
    async (failure, field, message) => {
      const { user, dialog, label, save } = await openForm({
        answers: { ranges: { update: () => failure } },
      });
      await user.type(label, ' 2');
      await user.click(save);
      const problem = await dialog.findByText(message);
      expect(dialog.getByLabelText(field).getAttribute('aria-describedby')).toContain(problem.id);
      expect(label.value).toBe('Office 2');
      // It was told about what stood there before.
      await user.type(label, '!');
      expect(dialog.queryByText(message)).toBeNull();
    },
  );

  it('shows any other failure as a whole, and can be sent again', async () => {
    const { user, double, dialog, label, save } = await openForm({
      answers: { ranges: { update: () => failed({ kind: 'internal', message: 'The disk is full.' }) } },
    });
    await user.type(label, ' 2');
    await user.click(save);
    expect((await dialog.findByRole('alert')).textContent).toContain('The disk is full.');
    double.answer('ranges', 'update', () => succeeded({ operationId: OPERATION_ID, range: office }));
    await user.click(save);
    await isClosed();
  });
});

describe('a range that is changed elsewhere while its form is open', () => {
  it('is not overwritten: what was typed is kept on top of it, and the rest follows', async () => {
    const { user, double, dialog, label, save, shows } = await openForm();
    await user.clear(label);
    await user.type(label, 'Mine');
    shows(range({ label: 'Theirs', keyId: KEY_ID, version: 2 }));
    const notice = await dialog.findByRole('alert');
    expect(notice.textContent).toContain(
      'This range was changed while you had it open: label “Theirs”, for one key. What you typed is not saved yet.',
    );
    expect(save.disabled).toBe(true);
    await user.type(label, '{Enter}');
    expect(double.requests('ranges.update')).toEqual([]);
    await user.click(within(notice).getByRole('button', { name: 'Keep what I typed' }));
    expect(dialog.queryByRole('alert')).toBeNull();
    expect(label.value).toBe('Mine');
    await user.click(save);
    expect(double.requests('ranges.update')).toEqual([
      { rangeId: office.id, version: 2, changes: { label: 'Mine' } },
    ]);
  });

  it('is not overwritten by what was kept when Escape closed the form', async () => {
    const { user, double, label, shows } = await openForm();
    await user.clear(label);
    await user.type(label, 'Mine');
    await user.keyboard('{Escape}');
    await isClosed();
    shows(range({ effect: 'authorize', keyId: KEY_ID, version: 2 }));
    await user.click(screen.getByRole('button', { name: /^Edit / }));
    const again = await findForm();
    expect(again.label.value).toBe('Mine');
    await user.click(await again.dialog.findByRole('button', { name: 'Keep what I typed' }));
    await user.click(again.save);
    expect(double.requests('ranges.update')).toEqual([
      { rangeId: office.id, version: 2, changes: { label: 'Mine' } },
    ]);
  });

  it('is shown as it is now to those who want that', async () => {
    const { user, dialog, label, save, shows } = await openForm();
    await user.type(label, ' 2');
    shows(range({ label: 'Theirs', effect: 'deny', version: 2 }));
    await user.click(await dialog.findByRole('button', { name: 'Show it as it is now' }));
    expect(label.value).toBe('Theirs');
    expect(dialog.getByRole('radio', { name: 'Deny' })).toHaveProperty('checked', true);
    expect(dialog.queryByRole('alert')).toBeNull();
    expect(save.disabled).toBe(true);
  });

  it('has nothing to keep for those who typed nothing', async () => {
    const { dialog, shows } = await openForm();
    shows(range({ expiresAt: '2030-01-31T18:30:00.000Z', version: 2 }));
    const notice = await dialog.findByRole('alert');
    expect(notice.textContent).not.toContain('What you typed');
    expect(within(notice).queryByRole('button', { name: 'Keep what I typed' })).toBeNull();
    expect(within(notice).getByRole('button', { name: 'Show it as it is now' })).toBeTruthy();
  });

  it('disturbs nobody by its uses, or by a version that says the same', async () => {
    const { user, double, dialog, label, save, shows } = await openForm();
    await user.type(label, ' 2');
    shows(range({ uses: 12_346, version: 4 }));
    await waitFor(() => expect(screen.getByText('12,346 uses')).toBeTruthy());
    expect(dialog.queryByRole('alert')).toBeNull();
    await user.click(save);
    expect(double.requests('ranges.update')).toMatchObject([{ version: 4, changes: { label: 'Office 2' } }]);
  });

  it('is not told apart from the change that is just being saved', async () => {
    const held = deferred<undefined>();
    const { user, dialog, label, save, shows } = await openForm({
      answers: {
        ranges: {
          update: async () => {
            await held.promise;
            return succeeded({ operationId: OPERATION_ID, range: office });
          },
        },
      },
    });
    await user.type(label, ' 2');
    await user.click(save);
    shows(range({ label: 'Office 2', version: 2 }));
    await screen.findByText('Office 2');
    expect(dialog.queryByRole('alert')).toBeNull();
    held.resolve(undefined);
    await isClosed();
  });

  it('is told once a change that said the same could not be saved', async () => {
    const { user, dialog, label, save, shows } = await openForm({
      answers: { ranges: { update: () => failed({ kind: 'internal', message: 'The disk is full.' }) } },
    });
    await user.type(label, ' 2');
    await user.click(save);
    await dialog.findByText(/The disk is full/);
    shows(range({ label: 'Office 2', version: 2 }));
    expect(await dialog.findByText(/changed while you had it open: label “Office 2”/)).toBeTruthy();
  });

  it('says so when main sees it first, and loses nothing', async () => {
    const { user, dialog, label, save, shows } = await openForm({
      answers: {
        ranges: {
          update: () => failed({ kind: 'conflict', code: 'stale', message: 'x', current: office }),
        },
      },
    });
    await user.type(label, ' 2');
    await user.click(save);
    expect((await dialog.findByRole('alert')).textContent).toContain('Somebody else changed this');
    shows(range({ label: 'Theirs', version: 2 }));
    await user.click(await dialog.findByRole('button', { name: 'Keep what I typed' }));
    expect(dialog.queryByRole('alert')).toBeNull();
    expect(label.value).toBe('Office 2');
  });

  it('that is removed cannot be saved, but added again with what was typed', async () => {
    const { user, double, dialog, label, save } = await openForm();
    await user.type(label, ' 2');
    await user.selectOptions(dialog.getByLabelText('API key'), 'Billing worker only');
    await user.selectOptions(dialog.getByLabelText('Expires'), 'In 7 days');
    patchMirror(double, { ranges: { upserted: [], removed: [office.id] } });
    expect((await dialog.findByRole('alert')).textContent).toContain('removed while you had it open');
    expect(save.disabled).toBe(true);
    await user.click(dialog.getByRole('button', { name: 'Add it again…' }));
    const form = within(await screen.findByRole('dialog', { name: 'Add a range' }));
    expect(form.getByLabelText<HTMLInputElement>('Address or range').value).toBe('198.51.100.0/24');
    expect(form.getByLabelText<HTMLInputElement>('Label').value).toBe('Office 2');
    expect(form.getByRole('option', { name: 'Billing worker only' })).toHaveProperty('selected', true);
    expect(form.getByRole('option', { name: /^On / })).toHaveProperty('selected', true);
  });
});
