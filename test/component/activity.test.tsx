import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { auditMatches } from '#shared/domain/audit-filter';
import type { AuditEvent } from '#shared/domain/entities';
import { failed, succeeded } from '#shared/ipc/failure';
import { makeAuditEvent } from '#test/support/console/builders';
import { desktop, minutesAgo, range, source, ulid } from './builders';
import { deferred, renderApp } from './render-app';

const office = range();
const event = (index: number, change: Partial<AuditEvent> = {}): AuditEvent =>
  makeAuditEvent({ id: ulid(20_000 + index), at: minutesAgo(60 - index), ...change });

const relabelled = event(2, {
  action: 'range.update',
  before: { ...office, uses: 3 },
  after: { ...office, label: 'Head office', expiresAt: null, version: 2, uses: 4 },
});
const learned = event(1, {
  actor: { kind: 'system', name: 'system' },
  via: 'system',
  action: 'mode.set',
  before: { mode: 'learning' },
  after: { mode: 'automatic' },
});
const trail = [relabelled, learned];

/** What a source and its owner do, the newest first, as the service writes it. */
const partner = source({ label: 'Partner' });
const facts = { label: '', kind: 'preset', spec: partner.spec, ranges: 42, status: 'ok' };
const sourceEvent = (action: string, before: object | null, after: object | null): Partial<AuditEvent> => ({
  action: `source.${action}`,
  before,
  after,
});
const bySystem = { actor: { kind: 'system', name: 'system' }, via: 'system' } as const;
const failed503 = { ...facts, status: 'failing', error: 'ip-ranges.example answered 503.' };
const refreshed = {
  ...sourceEvent('refresh', facts, {
    ...facts,
    ranges: 45,
    at: minutesAgo(7),
    added: 4,
    dropped: 1,
    addedExamples: ['3.5.140.0/22', '3.5.144.0/22'],
    droppedExamples: ['52.92.0.0/22'],
  }),
  ...bySystem,
};
const sourceTrail = [
  sourceEvent('remove', partner, null),
  sourceEvent('update', { ...partner, status: 'paused' }, partner),
  sourceEvent('update', partner, { ...partner, status: 'paused' }),
  sourceEvent('update', source(), { ...partner, nextAt: null }),
  { ...sourceEvent('recover', failed503, facts), ...bySystem },
  { ...sourceEvent('fail', facts, { ...facts, status: 'shrunk', error: 'It shrank.' }), ...bySystem },
  { ...sourceEvent('fail', facts, failed503), ...bySystem },
  refreshed,
  sourceEvent('add', null, source()),
].map((change, index) => event(20 - index, change));

/** The rows of the table under its header, as they read. */
const rows = (): readonly string[] =>
  within(screen.getByRole('grid'))
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.textContent);

async function openScreen(events: readonly AuditEvent[] = trail) {
  const scene = renderApp({
    answers: {
      audit: {
        page: ({ filter }) =>
          succeeded({ items: events.filter((each) => auditMatches(filter, each)), nextCursor: null }),
      },
    },
  });
  await scene.user.click(await screen.findByRole('button', { name: 'Activity' }));
  return scene;
}

describe('the activity', () => {
  it('says who did what through what, the newest first', async () => {
    await openScreen();
    await screen.findByRole('grid', { name: 'Activity, newest first' });
    expect(rows()).toEqual([
      expect.stringMatching(/anna@example\.com.*Changed 198\.51\.100\.0\/24 \(Head office\)Console$/),
      expect.stringMatching(/The service.*Switched protection from Learning to AutomaticBy itself$/),
    ]);
  });

  it('shows what was before and after, and nothing that only counts', async () => {
    const { user } = await openScreen();
    const [, row] = within(await screen.findByRole('grid')).getAllByRole('row');
    if (row === undefined) throw new Error('There is no row.');
    await user.click(row);
    const panel = within(screen.getByRole('complementary', { name: /^Changed 198/ }));
    expect(panel.getAllByRole('row').map(({ textContent }) => textContent)).toEqual([
      'FactBeforeAfter',
      'LabelOfficeHead office',
    ]);
    await user.click(panel.getByRole('button', { name: 'Close the details' }));
    expect(screen.queryByRole('complementary')).toBeNull();
  });

  it('filters by kind of actor and by text, together', async () => {
    const { user, double } = await openScreen();
    await screen.findByRole('grid');
    await user.click(screen.getByRole('radio', { name: 'The service' }));
    await waitFor(() => expect(rows()).toHaveLength(1));
    await user.type(screen.getByLabelText('Search in the activity'), 'office');
    expect(await screen.findByText('No event fits these filters')).toBeTruthy();
    expect(double.requests('audit.page').at(-1)).toMatchObject({
      filter: { actorKind: 'system', text: 'office' },
      cursor: null,
    });
  });

  it('grows on top while it is looked at from there, and keeps still while a row is read', async () => {
    const { user, double } = await openScreen();
    await screen.findByRole('grid');
    act(() => double.emit('audit', 'added', { items: [event(3, { action: 'range.add', after: office })] }));
    expect(rows()[0]).toContain('Authorized 198.51.100.0/24 (Office)');
    const row = within(screen.getByRole('grid')).getAllByRole('row')[1];
    if (row === undefined) throw new Error('There is no row.');
    await user.click(row);
    act(() => double.emit('audit', 'added', { items: [event(4), event(3)] }));
    expect(rows()).toHaveLength(3);
    await user.click(screen.getByRole('button', { name: '1 new event' }));
    await waitFor(() => expect(rows()).toHaveLength(4));
  });

  it('goes on to older pages, past those in which nothing fits', async () => {
    const older = event(0, { action: 'key.create', after: { name: 'Batch' } });
    const { user, double } = renderApp({
      answers: {
        audit: {
          page: ({ cursor }) => {
            if (cursor === null) return succeeded({ items: [relabelled], nextCursor: 'one' });
            return cursor === 'one'
              ? succeeded({ items: [], nextCursor: 'two' })
              : succeeded({ items: [older], nextCursor: null });
          },
        },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Activity' }));
    await waitFor(() => expect(rows()).toHaveLength(2));
    expect(rows()[1]).toContain('Created the key “Batch”');
    expect(
      double.requests('audit.page').map((request) => (request as { cursor: string | null }).cursor),
    ).toEqual([null, 'one', 'two']);
  });

  it('is not read any further once it was left', async () => {
    const first = deferred<undefined>();
    const { user, double } = renderApp({
      answers: {
        audit: {
          page: async () => {
            await first.promise;
            return succeeded({ items: [], nextCursor: 'older' });
          },
        },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Activity' }));
    await waitFor(() => expect(double.requests('audit.page')).toHaveLength(1));
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    double.answer('audit', 'page', () => succeeded({ items: trail, nextCursor: null }));
    first.resolve(undefined);
    await user.click(screen.getByRole('button', { name: 'Activity' }));
    await waitFor(() => expect(rows()).toHaveLength(2));
    expect(double.requests('audit.page')).toMatchObject([{ cursor: null }, { cursor: null }]);
  });

  it('leaves live events that are older than all it shows to their page', async () => {
    const { user, double } = renderApp({
      answers: {
        audit: {
          page: ({ cursor }) =>
            cursor === null
              ? succeeded({ items: [relabelled], nextCursor: 'older' })
              : failed({ kind: 'unreachable', message: 'refused' }),
        },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Activity' }));
    await waitFor(() => expect(rows()).toHaveLength(1));
    act(() => double.emit('audit', 'added', { items: [learned, event(3)] }));
    expect(rows()).toHaveLength(2);
    expect(rows()[1]).toContain('Changed 198.51.100.0/24 (Head office)');
  });

  it('says why it cannot be read, and tries again', async () => {
    const { user, double } = renderApp({
      answers: { audit: { page: () => failed({ kind: 'unreachable', message: 'refused' }) } },
    });
    await user.click(await screen.findByRole('button', { name: 'Activity' }));
    expect(await screen.findByText('The activity could not be read')).toBeTruthy();
    double.answer('audit', 'page', () => succeeded({ items: trail, nextCursor: null }));
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(rows()).toHaveLength(2));
  });

  it('tells what sources do, and what is done with them', async () => {
    const { user } = await openScreen(sourceTrail);
    await screen.findByRole('grid');
    const aws = '“Amazon Web Services: S3, eu-west-1”';
    expect(rows()).toEqual([
      expect.stringContaining('Removed the source “Partner” and its ranges'),
      expect.stringContaining('Resumed the source “Partner”'),
      expect.stringContaining('Paused the source “Partner”'),
      expect.stringContaining('Changed the source “Partner”'),
      expect.stringMatching(new RegExp(`^.*The service.*Source ${aws} can be read again`)),
      expect.stringContaining(`Source ${aws} became much smaller; its ranges stay`),
      expect.stringContaining(`Source ${aws} could not be read; its ranges stay`),
      expect.stringContaining(`Source ${aws} updated its ranges (4 added, 1 dropped)`),
      expect.stringContaining(`Added the source ${aws}`),
    ]);
    const detailsOf = async (name: RegExp): Promise<readonly string[]> => {
      await user.click(screen.getByRole('row', { name }));
      const panel = within(await screen.findByRole('complementary', { name }));
      return panel.getAllByRole('row').map(({ textContent }) => textContent);
    };
    expect(await detailsOf(/updated its ranges/)).toEqual([
      'FactBeforeAfter',
      'Ranges4245',
      'Added–4',
      'Dropped–1',
      'Of those added–3.5.140.0/22, 3.5.144.0/22',
      'Of those dropped–52.92.0.0/22',
    ]);
    expect(await detailsOf(/could not be read/)).toEqual([
      'FactBeforeAfter',
      'Statusup to datecannot be read',
      'Error–ip-ranges.example answered 503.',
    ]);
    expect(await detailsOf(/^.*Changed the source/)).toEqual(['FactBeforeAfter', 'Label–Partner']);
    expect(await detailsOf(/Added the source/)).toContain('Reads–Amazon Web Services: S3, eu-west-1');
  });

  it('tells of sources in French as well', async () => {
    const { user } = renderApp({
      answers: {
        audit: { page: () => succeeded({ items: sourceTrail, nextCursor: null }) },
        desktop: { state: () => succeeded(desktop({ language: 'fr' })) },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Activité' }));
    await screen.findByRole('grid');
    const sentences = [
      'Suppression de la source « Partner » et de ses plages',
      'Reprise de la source « Partner »',
      'Suspension de la source « Partner »',
      'Modification de la source « Partner »',
      'Source « Amazon Web Services : S3, eu-west-1 » de nouveau lisible',
      'Source « Amazon Web Services : S3, eu-west-1 » beaucoup plus petite ; ses plages restent',
      'Source « Amazon Web Services : S3, eu-west-1 » illisible ; ses plages restent',
      'Mise à jour des plages de la source « Amazon Web Services : S3, eu-west-1 » (ajoutées : 4, retirées : 1)',
      'Ajout de la source « Amazon Web Services : S3, eu-west-1 »',
    ];
    expect(rows().map((row) => row.replaceAll('\u00a0', ' '))).toEqual(
      sentences.map((sentence) => expect.stringContaining(sentence) as string),
    );
    await user.click(screen.getByRole('row', { name: /illisible/ }));
    const panel = within(await screen.findByRole('complementary', { name: /illisible/ }));
    expect(panel.getByRole('row', { name: 'État à jour illisible' })).toBeTruthy();
  });

  it('is told in French as well', async () => {
    const { user } = renderApp({
      answers: {
        audit: { page: () => succeeded({ items: [relabelled, learned], nextCursor: null }) },
        desktop: { state: () => succeeded(desktop({ language: 'fr' })) },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Activité' }));
    await screen.findByRole('grid', { name: 'Activité, la plus récente en premier' });
    expect(rows()).toEqual([
      expect.stringMatching(/Modification de 198\.51\.100\.0\/24 \(Head office\)Console$/),
      expect.stringMatching(/Le service.*Apprentissage → AutomatiqueAutomatique$/),
    ]);
    await user.click(screen.getByRole('row', { name: /Modification de 198/ }));
    const panel = within(screen.getByRole('complementary', { name: /^Modification de 198/ }));
    expect(panel.getByRole('row', { name: 'Libellé Office Head office' })).toBeTruthy();
    expect(panel.getByText(/^anna@example\.com, .*, par la console$/)).toBeTruthy();
  });
});
