import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Source } from '#shared/domain/source';
import { failed, succeeded } from '#shared/ipc/failure';
import { axeFindings } from '#test/support/axe';
import { useUi } from '../../renderer/src/stores/ui';
import { source, WOULD_BLOCK, wouldBlock } from './builders';
import type { Scene } from './render-app';
import { AWS, item, renderSources } from './render-sources';

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
