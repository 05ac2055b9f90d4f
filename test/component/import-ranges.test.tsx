import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ImportResult } from '#shared/api/routes-import';
import type { RouteResponse } from '#shared/api/route-types';
import { setLanguage } from '#shared/i18n/language';
import { failed, succeeded } from '#shared/ipc/failure';
import { remarksOf } from '../../renderer/src/features/ranges/import/import-words';
import { showScreen } from '../../renderer/src/stores/ui';
import { account, WOULD_BLOCK, wouldBlock } from './builders';
import { deferred, renderApp, type Scene } from './render-app';

type Imported = RouteResponse<'importRanges'>;

const line = (number: number, change: Partial<ImportResult> = {}): ImportResult => ({
  line: number,
  text: `10.0.0.${number},Host ${number}`,
  status: 'added',
  cidrs: [`10.0.0.${number}/32`],
  effect: 'authorize',
  keyId: null,
  label: `Host ${number}`,
  expiresAt: null,
  rangeIds: [],
  notes: [],
  ...change,
});

const unreadable = line(2, {
  text: '20.1.2.3, 20.4.5.6',
  status: 'invalid',
  cidrs: [],
  label: '',
  code: 'several_ranges',
  detail: '“20.4.5.6” stands where the label should be; write one range a line.',
});
const noted = line(3, {
  notes: [{ code: 'host_bits_cleared', message: 'the network 10.0.0.0/24 is meant.' }],
});

const imported = (change: Partial<Imported> = {}): Imported => ({
  added: 2,
  duplicate: 0,
  covered: 0,
  invalid: 1,
  noted: 1,
  results: [line(1), unreadable, noted],
  omitted: 0,
  nextCursor: null,
  recognized: { format: 'lines', unit: 'line', columns: [] },
  removed: 0,
  removals: [],
  ...change,
});

type Answer = NonNullable<NonNullable<NonNullable<Scene['answers']>['ranges']>['import']>;

async function openImport(answer: Answer, scene: Scene = {}) {
  showScreen('ranges');
  const rendered = renderApp({ ...scene, answers: { ranges: { import: answer } } });
  await rendered.user.click(await screen.findByRole('button', { name: 'Import…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Import ranges' }));
  return { ...rendered, dialog };
}

async function openPreview(answer: Answer) {
  const opened = await openImport(answer);
  await opened.user.type(opened.dialog.getByLabelText(/Ranges to import/), '10.0.0.1');
  await opened.user.click(opened.dialog.getByRole('button', { name: 'Preview' }));
  const table = await opened.dialog.findByRole('table', { name: 'Lines of the import' });
  return { ...opened, table };
}

describe('an import of ranges', () => {
  it('shows what each line means, what becomes of it and why, before it is done', async () => {
    const { double, table, dialog } = await openPreview(() => succeeded(imported()));
    expect(double.requests('ranges.import')).toEqual([{ text: '10.0.0.1', dryRun: true }]);
    const [, first, second, third] = within(table)
      .getAllByRole('row')
      .map((row) => row.textContent);
    expect(first).toBe('110.0.0.1,Host 110.0.0.1/32Host 1Will be authorized');
    expect(second).toContain('Error“20.4.5.6” stands where the label should be; write one range a line.');
    expect(third).toContain('Will be authorizedThe network 10.0.0.0/24 is meant.');
    for (const choice of ['All 3', 'New 2', 'In the list 0', 'Covered 0', 'Errors 1', 'Notes 1']) {
      expect(dialog.getByRole('radio', { name: choice })).toBeTruthy();
    }
  });

  it('says in French what is wrong with a line', () => {
    setLanguage('fr');
    onTestFinished(() => setLanguage('en'));
    expect(
      [
        unreadable,
        noted,
        line(4, { status: 'duplicate', detail: 'It is in the list already.' }),
        line(5, { status: 'invalid', code: 'invalid_label', detail: 'label: has 300 characters.' }),
        line(7, { status: 'invalid', code: 'invalid_cidr', detail: 'cidr: no.', text: '10.1,Old' }),
        line(8, { status: 'invalid', code: 'invalid_cidr', detail: 'cidr: no.', text: 'a 10.0.0.1' }),
        line(6, { status: 'invalid', code: 'invalid_line', detail: 'The line is not an object of JSON.' }),
      ].map(remarksOf),
    ).toEqual([
      'Elle contient plusieurs plages.',
      'C’est le réseau contenant l’adresse qui est retenu.',
      'Cette plage est déjà dans la liste.',
      'Son libellé est trop long ou contient des caractères invisibles.',
      expect.stringMatching(/10\.1.» n’a que 2 octets sur 4/) as string,
      expect.any(String) as string,
      'The line is not an object of JSON.',
    ]);
  });

  it('shows the lines with errors alone', async () => {
    const { user, double, dialog } = await openPreview(({ outcome }) =>
      succeeded(outcome === 'invalid' ? imported({ results: [unreadable], omitted: 2 }) : imported()),
    );
    await user.click(dialog.getByRole('radio', { name: 'Errors 1' }));
    await waitFor(() => expect(dialog.getAllByRole('row')).toHaveLength(2));
    expect(double.requests('ranges.import')[1]).toEqual({
      text: '10.0.0.1',
      dryRun: true,
      outcome: 'invalid',
    });
    expect(dialog.getByRole('radio', { name: 'All 3' })).toBeTruthy();
  });

  it('fetches page after page and draws only what is in view', async () => {
    const pages = Array.from({ length: 3 }, (_, page) =>
      Array.from({ length: 1_000 }, (_unused, n) => line(page * 1_000 + n + 1)),
    );
    const { double, table } = await openPreview(({ cursor }) => {
      const page = Number(cursor ?? 0) / 1_000;
      return succeeded(
        imported({
          added: 3_000,
          results: pages[page] ?? [],
          omitted: 2_000,
          nextCursor: page < 2 ? String((page + 1) * 1_000) : null,
        }),
      );
    });
    const drawn = within(table).getAllByRole('row').length;
    expect(drawn).toBeLessThan(60);
    const scrollTo = (rows: number): void => {
      table.scrollTop = rows * 64;
      fireEvent.scroll(table);
    };
    scrollTo(990);
    await waitFor(() => expect(double.requests('ranges.import')).toHaveLength(2));
    await waitFor(() => {
      scrollTo(1_990);
      expect(double.requests('ranges.import')).toHaveLength(3);
    });
    expect(double.requests('ranges.import')[2]).toEqual({ text: '10.0.0.1', dryRun: true, cursor: '2000' });
    await waitFor(() => {
      scrollTo(2_995);
      expect(table.textContent).toContain('Host 3000');
    });
    expect(double.requests('ranges.import')).toHaveLength(3);
  });

  it('does it when it is asked to, and says what was left out', async () => {
    const { user, double, dialog } = await openPreview(({ dryRun }) =>
      succeeded(
        dryRun ? imported() : imported({ invalid: 1_200, results: [unreadable, noted], omitted: 1_200 }),
      ),
    );
    await user.click(dialog.getByRole('button', { name: 'Import 2 new lines' }));
    expect((await dialog.findByRole('status')).textContent).toBe(
      '2 lines added. 1,200 lines could not be read and were left out.',
    );
    expect(double.requests('ranges.import')).toEqual([
      { text: '10.0.0.1', dryRun: true },
      { text: '10.0.0.1', dryRun: false },
    ]);
    expect(dialog.getByRole('table').textContent).toContain('Not added“20.4.5.6” stands');
    expect(dialog.getByText('1,199 more lines that were not added are not shown.')).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Done' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('says once what a text is that is no list, beside the text', async () => {
    const { user, dialog } = await openImport(() =>
      failed({ kind: 'invalid', code: 'invalid_request', field: 'text', message: 'The list is JSON.' }),
    );
    const field = dialog.getByLabelText(/Ranges to import/);
    await user.click(field);
    await user.paste('[]');
    await user.click(dialog.getByRole('button', { name: 'Preview' }));
    expect((await dialog.findByRole('alert')).textContent).toBe('The list is JSON.');
    await user.type(field, ' ');
    expect(dialog.queryByRole('alert')).toBeNull();
  });

  it('does not claim that nothing was added when the service did not answer to the end', async () => {
    const { user, dialog } = await openPreview(({ dryRun }) =>
      dryRun ? succeeded(imported()) : failed({ kind: 'unreachable', message: 'gone' }),
    );
    await user.click(dialog.getByRole('button', { name: 'Import 2 new lines' }));
    const alert = await dialog.findByRole('alert');
    expect(alert.textContent).toContain('a part of the list may have been added');
    expect(dialog.getByRole('button', { name: 'Import 2 new lines' })).toHaveProperty('disabled', false);
  });

  it('takes a file, and a text that is too long to be typed in, without showing it for editing', async () => {
    const { user, double, dialog } = await openImport(() => succeeded(imported()));
    const long = '10.0.0.1,Host\n'.repeat(20_000);
    const field = dialog.getByLabelText(/Ranges to import/);
    await user.click(field);
    await user.paste(long);
    expect(dialog.getByText('The pasted text, 280,000 characters')).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Another list…' }));
    expect(dialog.getByLabelText<HTMLTextAreaElement>(/Ranges to import/).value).toBe('');
    const input = document.querySelector('input[type=file]');
    if (!(input instanceof HTMLInputElement)) throw new Error('no file can be chosen');
    await user.upload(input, new File(['10.0.0.7\n'], 'office.csv', { type: 'text/csv' }));
    expect(await dialog.findByText('office.csv, 1 kB')).toBeTruthy();
    expect(dialog.getByLabelText<HTMLInputElement>('Name of the list').value).toBe('office.csv');
    await user.click(dialog.getByRole('button', { name: 'Preview' }));
    await dialog.findByRole('table');
    expect(double.requests('ranges.import')).toMatchObject([
      { data: btoa('10.0.0.7\n'), name: 'office.csv', dryRun: true },
    ]);
    await user.click(dialog.getByRole('button', { name: 'Back' }));
    expect(dialog.getByText('office.csv, 1 kB')).toBeTruthy();
  });

  it('takes a file that is dropped anywhere on the screen', async () => {
    showScreen('ranges');
    renderApp({ answers: { ranges: { import: () => succeeded(imported()) } } });
    await screen.findByRole('button', { name: 'Import…' });
    const file = new File(['10.0.0.7\n'], 'office.csv');
    const dataTransfer = { types: ['Files'], files: [file] };
    fireEvent.dragOver(window, { dataTransfer });
    expect(screen.getByText('Drop the list to import it')).toBeTruthy();
    fireEvent.drop(window, { dataTransfer });
    const dialog = within(await screen.findByRole('dialog', { name: 'Import ranges' }));
    expect(await dialog.findByText('office.csv, 1 kB')).toBeTruthy();
    expect(screen.queryByText('Drop the list to import it')).toBeNull();
  });

  it('is asked for with every option, which hold for the import as they held for its preview', async () => {
    const { user, double, dialog } = await openImport(({ dryRun }) =>
      succeeded(
        imported({
          removed: 2,
          removals: dryRun
            ? [{ rangeId: '01ARZ3NDEKTSV4RRFFQ69G5FAV', cidr: '10.9.0.0/16', label: 'Old' }]
            : [],
        }),
      ),
    );
    await user.type(dialog.getByLabelText(/Ranges to import/), '10.0.0.1');
    await user.selectOptions(dialog.getByLabelText('Effect'), 'Deny');
    await user.selectOptions(dialog.getByLabelText('API key'), 'All keys');
    await user.type(dialog.getByLabelText('Label'), 'Scanners');
    await user.selectOptions(dialog.getByLabelText('Expires'), 'never');
    const replace = dialog.getByRole('checkbox', { name: /Remove what the last import/ });
    expect(replace).toHaveProperty('disabled', true);
    await user.type(dialog.getByLabelText('Name of the list'), 'blocked');
    await user.click(replace);
    await user.click(dialog.getByRole('checkbox', { name: /very wide/ }));
    await user.click(dialog.getByRole('button', { name: 'Preview' }));
    expect((await dialog.findByText(/2 ranges of the last import/)).textContent).toContain(
      '10.9.0.0/16 (Old) and 1 more',
    );
    await user.click(dialog.getByRole('button', { name: 'Import 2 new lines' }));
    expect((await dialog.findByRole('status')).textContent).toContain('2 ranges removed.');
    const options = {
      text: '10.0.0.1',
      effect: 'deny',
      keyId: null,
      label: 'Scanners',
      expiresAt: null,
      allowWide: true,
      name: 'blocked',
      replace: true,
    };
    expect(double.requests('ranges.import')).toMatchObject([
      { ...options, dryRun: true },
      { ...options, dryRun: false },
    ]);
  });

  it('asks before a list blocks whom the log let in', async () => {
    const { user, double, dialog } = await openPreview(({ dryRun, confirmImpact }) =>
      dryRun || confirmImpact === true ? succeeded(imported()) : failed(wouldBlock()),
    );
    await user.click(dialog.getByRole('button', { name: 'Import 2 new lines' }));
    expect(await screen.findByRole('dialog', { name: WOULD_BLOCK })).toBeTruthy();
    // Escape goes back to the preview.
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog', { name: WOULD_BLOCK })).toBeNull());
    await user.click(dialog.getByRole('button', { name: 'Import 2 new lines' }));
    const question = within(await screen.findByRole('dialog', { name: WOULD_BLOCK }));
    await user.click(question.getByRole('button', { name: 'Apply anyway' }));
    expect((await dialog.findByRole('status')).textContent).toContain('2');
    expect(double.requests('ranges.import')).toHaveLength(4);
    expect(double.requests('ranges.import').at(-2)).not.toHaveProperty('confirmImpact');
    expect(double.requests('ranges.import').at(-1)).toMatchObject({ confirmImpact: true });
  });

  it('says what it recognized, and which column is which', async () => {
    const { dialog } = await openPreview(() =>
      succeeded(
        imported({
          recognized: {
            format: 'csv',
            unit: 'line',
            columns: [
              { number: 1, name: 'Netz', role: 'range' },
              { number: 2, name: null, role: 'label' },
              { number: 3, name: 'Land', role: 'ignored' },
            ],
          },
          results: [line(1, { effect: 'deny' })],
        }),
      ),
    );
    expect(dialog.getByText('Recognized as a table with names of columns.')).toBeTruthy();
    expect(dialog.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Range: Netz',
      'Label: column 2',
      'Not read: Land',
    ]);
    expect(dialog.getByRole('table').textContent).toContain('denied, Host 1Will be denied');
  });

  it('is asked for once, however often its button is pressed', async () => {
    const answer = deferred<ReturnType<typeof succeeded<Imported>>>();
    const { user, double, dialog } = await openPreview(({ dryRun }) =>
      dryRun ? succeeded(imported()) : answer.promise,
    );
    const button = dialog.getByRole('button', { name: 'Import 2 new lines' });
    await user.click(button);
    await user.click(button);
    expect(double.requests('ranges.import')).toHaveLength(2);
    // It cannot be stopped, so nothing says so.
    expect(dialog.getByRole('button', { name: 'Cancel' })).toHaveProperty('disabled', true);
    await user.keyboard('{Escape}');
    expect(screen.getByRole('dialog', { name: 'Import ranges' })).toBeTruthy();
    answer.resolve(succeeded(imported()));
    expect(await dialog.findByRole('status')).toBeTruthy();
  });

  it('is not offered to those who may only look', async () => {
    const me = { ...account().me, role: 'user' as const };
    showScreen('ranges');
    renderApp({ mirror: { account: account({ me }) } });
    expect(await screen.findByRole('button', { name: 'Import…' })).toHaveProperty('disabled', true);
  });
});
