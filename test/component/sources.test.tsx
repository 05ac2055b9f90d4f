import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Source } from '#shared/domain/entities';
import { failed, succeeded } from '#shared/ipc/failure';
import { axeFindings } from '#test/support/axe';
import { showScreen, showSources, useUi } from '../../renderer/src/stores/ui';
import { account, minutesAgo, range, source, ulid, unreachable, WOULD_BLOCK, wouldBlock } from './builders';
import { renderApp, type Scene } from './render-app';

const failing = source({
  id: ulid(701),
  label: 'Partner',
  kind: 'url',
  spec: { url: 'https://partner.example/list' },
  status: 'failing',
  lastTriedAt: minutesAgo(2),
  lastOkAt: minutesAgo(90),
  lastError: 'partner.example answered 503.',
});

function renderSources({ mirror, answers, ...scene }: Scene = {}) {
  showSources();
  return renderApp({
    ...scene,
    mirror: { sources: [source(), failing], ...mirror },
    answers: {
      sources: {
        add: ({ kind, spec }) => succeeded({ source: source({ kind, spec: { ...spec } }), notes: [] }),
        update: ({ changes }) =>
          succeeded({ source: source(changes.paused === true ? { status: 'paused' } : {}), notes: [] }),
        refresh: () => succeeded({ source: source() }),
        remove: () => succeeded(undefined),
        ...answers?.sources,
      },
      ...answers,
    },
  });
}

const item = async (name: string) => within(await screen.findByRole('listitem', { name }));
const AWS = 'Amazon Web Services: S3, eu-west-1';

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

describe('editing a source', () => {
  const open = async (edited: Source) => {
    const world = renderSources({ mirror: { sources: [edited] } });
    const name = edited.label || AWS;
    await world.user.click((await item(name)).getByRole('button', { name: `Edit ${name}` }));
    return { ...world, dialog: within(await screen.findByRole('dialog', { name: 'Edit the source' })) };
  };
  const save = (dialog: Pick<typeof screen, 'getByRole'>) => dialog.getByRole('button', { name: 'Save' });

  it('shows what it is, keeps its kind, and sends only what differs with the version that was seen', async () => {
    const url = 'https://mirror.example/aws.json';
    const mirrored = source({
      version: 3,
      intervalSeconds: 1_800,
      spec: { preset: 'aws', services: ['S3'], regions: ['eu-west-1'], url },
    });
    const { user, double, dialog } = await open(mirrored);
    expect(dialog.getByRole<HTMLSelectElement>('combobox', { name: 'What it reads' }).disabled).toBe(true);
    const interval = dialog.getByRole<HTMLSelectElement>('combobox', { name: 'Read it' });
    expect(interval.selectedOptions[0]?.textContent).toBe('At intervals of 30 minutes');
    expect(await axeFindings()).toEqual([]);
    expect((save(dialog) as HTMLButtonElement).disabled).toBe(true);
    await user.type(dialog.getByRole('textbox', { name: 'Label' }), 'Storage');
    await user.selectOptions(interval, 'As often as usual');
    await user.click(dialog.getByRole('combobox', { name: 'Regions' }));
    await user.keyboard('eu-west-2{Enter}');
    await user.click(save(dialog));
    expect(await screen.findByText(/^The source .* was changed\.$/)).toBeTruthy();
    expect(double.requests('sources.update')).toEqual([
      {
        sourceId: mirrored.id,
        version: 3,
        changes: {
          label: 'Storage',
          intervalSeconds: 43_200,
          spec: { preset: 'aws', services: ['S3'], regions: ['eu-west-1', 'eu-west-2'], url },
        },
      },
    ]);
  });

  it('takes another vendor without the mirror of the one before', async () => {
    const spec = { preset: 'aws', services: ['S3'], regions: [], url: 'https://mirror.example/aws.json' };
    const { user, double, dialog } = await open(source({ label: 'Cloud', spec }));
    await user.selectOptions(dialog.getByRole('combobox', { name: 'Vendor' }), 'Cloudflare');
    await user.click(save(dialog));
    await waitFor(() => expect(double.requests('sources.update')).toHaveLength(1));
    expect(double.requests('sources.update')).toMatchObject([
      { changes: { spec: { preset: 'cloudflare', services: [], regions: [] } } },
    ]);
    expect(JSON.stringify(double.requests('sources.update'))).not.toContain('mirror.example');
  });

  it.each<[string, Partial<Source>]>([
    ['an effect', { effect: 'unrecognised' }],
    ['a vendor', { spec: { preset: 'newcloud', services: [], regions: [] } }],
    ['a kind', { kind: 'unrecognised' }],
  ])(
    'is not offered where this console does not know %s, which it would overwrite',
    async (_what, change) => {
      renderSources({ mirror: { sources: [source({ label: 'New', ...change })] } });
      const buttons = (await item('New')).getAllByRole('button').map(({ textContent }) => textContent);
      expect(buttons).toContain('Remove');
      expect(buttons).not.toContain('Edit');
    },
  );

  it('says that somebody else has changed it, and keeps what was typed', async () => {
    const { user, double, dialog } = await open(source({ label: 'Partner' }));
    double.answer('sources', 'update', () =>
      failed({ kind: 'conflict', code: 'stale', message: 'Changed.', current: null }),
    );
    await user.clear(dialog.getByRole('textbox', { name: 'Label' }));
    await user.type(dialog.getByRole('textbox', { name: 'Label' }), 'Shop');
    await user.click(save(dialog));
    expect(await dialog.findByText(/^Somebody else changed this in the meantime/)).toBeTruthy();
    expect(dialog.getByDisplayValue('Shop')).toBeTruthy();
  });
});

describe('adding a source', () => {
  const open = async (scene: Scene = {}) => {
    const world = renderSources(scene);
    await world.user.click(await screen.findByRole('button', { name: 'Add source' }));
    return { ...world, dialog: within(await screen.findByRole('dialog', { name: 'Add a source' })) };
  };

  it('has a form for everybody', async () => {
    await open();
    expect(await axeFindings()).toEqual([]);
  });

  it('chooses a vendor, and services and regions from lists with a search, by keyboard', async () => {
    const { user, double, dialog } = await open();
    expect(dialog.getByRole('status').textContent).toContain('Anybody can run programs');
    await user.click(dialog.getByRole('combobox', { name: 'Services' }));
    await user.keyboard('s3{ArrowDown}{Enter}');
    expect(dialog.queryByRole('status')).toBeNull();
    await user.click(dialog.getByRole('combobox', { name: 'Regions' }));
    await user.keyboard('eu-west-1{Enter}');
    await user.click(dialog.getByRole('button', { name: 'Add source' }));
    await waitFor(() => expect(double.requests('sources.add')).toHaveLength(1));
    expect(double.requests('sources.add')).toEqual([
      {
        kind: 'preset',
        spec: { preset: 'aws', services: ['S3'], regions: ['eu-west-1'] },
        effect: 'authorize',
        keyId: null,
        label: '',
        rangeExpiresAt: null,
        allowWide: false,
      },
    ]);
    expect(await screen.findByText(/was added. It is read now.$/)).toBeTruthy();
    expect(useUi.getState().sourceForm).toBeNull();
  });

  it.each<[string, string, string, string, Partial<Source>]>([
    [
      'A list at an address',
      'Address of the list',
      'https://a.example/l',
      'Enter the address of the list.',
      { kind: 'url', spec: { url: 'https://a.example/l' } },
    ],
    [
      'A name in DNS',
      'Name',
      'office.example.com',
      'Enter the name.',
      { kind: 'dns', spec: { name: 'office.example.com', overlapSeconds: 300 } },
    ],
    [
      'A network (AS number)',
      'AS number',
      'AS12479',
      'Enter the number of the network, such as 64496.',
      { kind: 'asn', spec: { asn: 12_479 } },
    ],
  ])(
    'of the kind “%s” asks for what is missing, and sends it',
    async (kind, field, text, problem, expected) => {
      const { user, double, dialog } = await open();
      await user.selectOptions(dialog.getByRole('combobox', { name: 'What it reads' }), kind);
      await user.click(dialog.getByRole('button', { name: 'Add source' }));
      expect(dialog.getByText(problem)).toBeTruthy();
      expect(double.requests('sources.add')).toEqual([]);
      await user.type(dialog.getByRole('textbox', { name: field }), text);
      await user.click(dialog.getByRole('button', { name: 'Add source' }));
      await waitFor(() => expect(double.requests('sources.add')).toHaveLength(1));
      expect(double.requests('sources.add')[0]).toMatchObject(expected);
    },
  );

  it('asks before a country is denied from which somebody was let in, and Escape goes back to the form', async () => {
    const { user, double, dialog } = await open({
      answers: { sources: { add: () => failed(wouldBlock()) } },
    });
    await user.selectOptions(dialog.getByRole('combobox', { name: 'What it reads' }), 'A country');
    await user.click(dialog.getByRole('radio', { name: 'Deny' }));
    await user.click(dialog.getByRole('button', { name: 'Add source' }));
    expect(await screen.findByRole('dialog', { name: WOULD_BLOCK })).toBeTruthy();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog', { name: WOULD_BLOCK })).toBeNull());
    await user.click(dialog.getByRole('button', { name: 'Add source' }));
    const question = within(await screen.findByRole('dialog', { name: WOULD_BLOCK }));
    double.answer('sources', 'add', () => succeeded({ source: source(), notes: [] }));
    await user.click(question.getByRole('button', { name: 'Apply anyway' }));
    expect(await screen.findByText(/was added. It is read now.$/)).toBeTruthy();
    expect(double.requests('sources.add')).toHaveLength(3);
    expect(double.requests('sources.add').at(-1)).toMatchObject({ effect: 'deny', confirmImpact: true });
  });

  it('shows the service’s refusal beside its field, and keeps what was typed', async () => {
    const refusal = {
      kind: 'invalid',
      code: 'invalid_request',
      field: 'spec.url',
      message: 'spec.url: is odd',
    } as const;
    const { user, dialog } = await open({ answers: { sources: { add: () => failed(refusal) } } });
    await user.selectOptions(dialog.getByRole('combobox', { name: 'What it reads' }), 'A list at an address');
    await user.type(dialog.getByRole('textbox', { name: 'Address of the list' }), 'https://a.example');
    await user.click(dialog.getByRole('button', { name: 'Add source' }));
    expect(await dialog.findByText(/is odd/)).toBeTruthy();
    expect(dialog.getByRole('textbox', { name: 'Address of the list' })).toHaveProperty(
      'value',
      'https://a.example',
    );
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
