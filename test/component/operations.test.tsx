import { act, screen, waitFor, within } from '@testing-library/react';
import { ulid as makeUlid } from 'ulid';
import { describe, expect, it } from 'vitest';
import type { Connection } from '#shared/ipc/connection';
import type { SyncStatus } from '#shared/ipc/outbox';
import { failed, succeeded } from '#shared/ipc/failure';
import { desktop, embedded, minutesAgo, OPERATION_ID, quiet, ulid, unreachable } from './builders';
import { conflict, item, showOperations, wouldBlock } from './operations-world';
import { deferred, patchMirror, renderApp } from './render-app';
import { useMirror } from '../../renderer/src/stores/mirror';

const online: Connection = { kind: 'online', service: embedded, since: minutesAgo(90) };
const signedOut = { kind: 'unauthorized', service: embedded, message: 'Expired.' } as const;
const offline: SyncStatus = { ...quiet, waiting: 3, pausedBecause: 'offline', message: 'Nothing answers.' };
const done = () => succeeded(undefined);

describe('changes that the service does not have yet', () => {
  it('are counted while nothing moves, and not while they go their way', async () => {
    const { double } = renderApp({ mirror: { connection: unreachable, sync: offline } });
    expect(await screen.findByText('3 changes wait to be sent.')).toBeTruthy();
    patchMirror(double, { sync: { ...quiet, waiting: 1 } });
    expect(screen.queryByText(/wait.? to be sent/)).toBeNull();
  });

  it('are listed, and taken back one by one', async () => {
    let items = [item(), item({ id: ulid(901), undoable: false, state: { kind: 'sending' } })];
    const { user, double, dialog } = await showOperations({
      mirror: { connection: unreachable, sync: offline },
      answers: { outbox: { list: () => succeeded(items), undo: done } },
    });
    expect(await dialog.findAllByText('Change 198.51.100.0/24: label “Head office”')).toHaveLength(2);
    expect(dialog.getByText('Made at 13:59. Being sent.')).toBeTruthy();
    const undo = dialog.getAllByRole('button', { name: /^Undo/ });
    expect(undo).toHaveLength(1);
    if (undo[0] !== undefined) await user.click(undo[0]);
    expect(double.requests('outbox.undo')).toEqual([{ id: OPERATION_ID }]);
    items = [];
    act(() => double.emit('outbox', 'changed', {}));
    expect(await dialog.findByText('Everything is with the service.')).toBeTruthy();
  });

  it('are asked for once for all changes that come while they are on their way', async () => {
    const held = deferred<undefined>();
    const { double } = await showOperations({
      mirror: { connection: unreachable, sync: offline },
      answers: {
        outbox: {
          list: async () => {
            await held.promise;
            return succeeded([item()]);
          },
        },
      },
    });
    await waitFor(() => expect(double.requests('outbox.list')).toHaveLength(1));
    act(() => {
      for (let n = 0; n < 50; n += 1) double.emit('outbox', 'changed', {});
    });
    double.answer('outbox', 'list', () => succeeded([]));
    held.resolve(undefined);
    expect(await screen.findByText('Everything is with the service.')).toBeTruthy();
    expect(double.requests('outbox.list')).toHaveLength(2);
  });

  it('say why they cannot be listed, and come when they can', async () => {
    const { double, dialog } = await showOperations({
      mirror: { connection: unreachable, sync: offline },
      answers: { outbox: { list: () => failed({ kind: 'internal', message: 'The disk is full.' }) } },
    });
    expect((await dialog.findByRole('alert')).textContent).toContain('The disk is full.');
    expect(dialog.queryByText('Loading…')).toBeNull();
    double.answer('outbox', 'list', () => succeeded([item()]));
    act(() => double.emit('outbox', 'changed', {}));
    expect(await dialog.findByRole('list', { name: 'Waiting changes' })).toBeTruthy();
    expect(dialog.queryByRole('alert')).toBeNull();
  });

  it('that came second show both sides and what was before, and leave the choice', async () => {
    const { user, double } = renderApp({
      mirror: { sync: { ...quiet, conflicts: 1 } },
      answers: { outbox: { list: () => succeeded([conflict]), resolve: done } },
    });
    expect((await screen.findByRole('alert')).textContent).toContain('One change needs you.');
    await user.click(screen.getByRole('button', { name: 'Show changes' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(await dialog.findByText(/Somebody else was first\.$/)).toBeTruthy();
    const sides = dialog.getAllByRole('definition').map((side) => side.textContent);
    expect(sides.map((text) => /label “([^”]*)”/.exec(text)?.[1])).toEqual([
      'Office',
      'Head office',
      'Zentrale',
    ]);
    await user.click(dialog.getByRole('button', { name: /^Keep mine/ }));
    await user.click(dialog.getByRole('button', { name: /^Take theirs/ }));
    expect(double.requests('outbox.resolve')).toEqual([
      { id: OPERATION_ID, resolution: { choice: 'keep_mine' } },
      { id: OPERATION_ID, resolution: { choice: 'take_theirs' } },
    ]);
  });

  it('that would block somebody ask at once, with the addresses, and leave the choice', async () => {
    const id = makeUlid();
    const { user, double } = renderApp({
      answers: { outbox: { list: () => succeeded([item({ ...wouldBlock, id })]), resolve: done } },
    });
    await screen.findByRole('button', { name: /^Connection:/ });
    const ask = async () => {
      act(() =>
        double.emit('outbox', 'settled', { items: [{ ...wouldBlock.state, id, outcome: 'undecided' }] }),
      );
      return within(
        await screen.findByRole('dialog', { name: '3 addresses that called lately would be blocked' }),
      );
    };
    const dialog = await ask();
    expect(
      await dialog.findByText('Not applied yet: Change 198.51.100.0/24: label “Head office”.'),
    ).toBeTruthy();
    const which = within(dialog.getByRole('list', { name: 'Addresses that would be blocked' }));
    expect(which.getAllByRole('listitem').map((line) => line.textContent)).toEqual([
      '203.0.113.950 calls with the key “Production”, the last 3 min ago',
      'and 2 more addresses',
    ]);
    await user.click(dialog.getByRole('button', { name: 'Apply anyway' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.click((await ask()).getByRole('button', { name: 'Leave it' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await ask();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(double.requests('outbox.resolve')).toEqual([
      { id, resolution: { choice: 'keep_mine' } },
      { id, resolution: { choice: 'take_theirs' } },
    ]);
  });

  it('that would block somebody and were made before wait in the list, with words of their own', async () => {
    const { user, double } = renderApp({
      mirror: { sync: { ...quiet, conflicts: 1 } },
      answers: { outbox: { list: () => succeeded([item(wouldBlock)]), resolve: done } },
    });
    const button = await screen.findByRole('button', { name: 'Show changes' });
    const settled = { ...wouldBlock.state, id: OPERATION_ID, outcome: 'undecided' } as const;
    act(() => double.emit('outbox', 'settled', { items: [settled] }));
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.click(button);
    const dialog = within(await screen.findByRole('dialog'));
    expect(await dialog.findByText(/It would block 3 addresses that were let in lately\./)).toBeTruthy();
    expect(dialog.getByText('203.0.113.9')).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: /^Apply anyway/ }));
    await user.click(dialog.getByRole('button', { name: /^Leave it/ }));
    expect(double.requests('outbox.resolve')).toEqual([
      { id: OPERATION_ID, resolution: { choice: 'keep_mine' } },
      { id: OPERATION_ID, resolution: { choice: 'take_theirs' } },
    ]);
  });

  it('are on one line on every screen, which opens the list by keyboard', async () => {
    const { user, double } = renderApp({ answers: { outbox: { list: () => succeeded([item()]) } } });
    const line = await screen.findByRole('button', { name: /^Connection:/ });
    const shows = async (sync: SyncStatus, connection: Connection = online): Promise<string> => {
      const { version } = useMirror.getState();
      patchMirror(double, { sync, connection });
      await waitFor(() => expect(useMirror.getState().version).toBe(version + 1));
      return `${line.textContent} | ${line.getAttribute('aria-label')}`;
    };
    expect(await shows(quiet)).toBe(
      'Online Synced 14:02 | Connection: Online. Synced 14:02. This computer. No change waits to be sent. Opens the list of waiting changes.',
    );
    expect(await shows({ ...quiet, waiting: 3, pausedBecause: 'offline' }, unreachable)).toBe(
      'Offline since 13:57 3 changes waiting | Connection: Offline since 13:57. 3 changes waiting. This computer. Synced 14:02. Changes are sent as soon as the service answers, also after a restart. Opens the list of waiting changes.',
    );
    expect(await shows({ ...quiet, waiting: 2, conflicts: 1, needsConfirmation: 1 })).toContain(
      'Online 1 conflict · 1 asks again · 2 waiting | Connection: Online. 1 conflict · 1 asks again · 2 waiting. This computer. Synced 14:02.',
    );
    expect(await shows({ ...quiet, waiting: 1, pausedBecause: 'rate_limited' })).toMatch(
      /^Online, rate limited 1 change waiting .*The service asks to wait a moment\./,
    );
    expect(
      await shows({ ...quiet, waiting: 1, pausedBecause: 'service_trouble', message: 'disk full.' }),
    ).toMatch(/^Online, sending fails 1 change waiting .*does not take them: disk full\./);
    expect(
      await shows({
        ...quiet,
        waiting: 1,
        pausedBecause: 'own_trouble',
        message: "This computer's disk is full.",
      }),
    ).toMatch(
      /^Online, sending fails 1 change waiting .*This computer's disk is full\. They are kept, and sent/,
    );
    expect(
      await shows(
        { ...quiet, waiting: 1, pausedBecause: 'signed_out' },
        { ...signedOut, code: 'token_expired' },
      ),
    ).toMatch(/^Access token expired 1 change waiting .*as soon as you are signed in again\./);
    for (const name of ['Log', 'Authorized IPs', 'Protection', 'API keys', 'Settings']) {
      await user.click(screen.getByRole('button', { name }));
      expect(screen.getByRole('button', { name: /^Connection:/ })).toBe(line);
    }
    line.focus();
    await user.keyboard('{Enter}');
    const dialog = within(await screen.findByRole('dialog', { name: /Changes that the service/ }));
    expect(await dialog.findByRole('button', { name: /^Undo: Change 198/ })).toBeTruthy();
  });

  it('that loosen protection and waited are asked about', async () => {
    const asking = item({
      operation: { id: OPERATION_ID, type: 'mode.set', madeAt: minutesAgo(20), mode: 'deactivated' },
      base: null,
      state: {
        kind: 'held',
        code: 'waited_too_long',
        detail: 'It loosens protection and has waited for more than 15 minutes.',
        current: null,
      },
    });
    const { user, double, dialog } = await showOperations({
      mirror: { sync: { ...quiet, needsConfirmation: 1 } },
      answers: { outbox: { list: () => succeeded([asking]), confirm: done } },
    });
    expect(await dialog.findByText('Switch protection to Deactivated')).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: /^Still meant/ }));
    await waitFor(() => expect(double.requests('outbox.confirm')).toEqual([{ id: OPERATION_ID }]));
  });

  it('of somebody else say whose they are, and are adopted or discarded, one or all', async () => {
    const by = { email: 'anna@example.com' };
    let items = [
      item({ by, undoable: false }),
      item({ id: ulid(901), by: { email: null }, undoable: false }),
      item({ id: ulid(902) }),
    ];
    const { user, double, dialog } = await showOperations({
      mirror: { sync: { ...quiet, waiting: 1, others: 2 } },
      answers: { outbox: { list: () => succeeded(items), adopt: done, discard: done } },
    });
    expect(screen.getByText('2 changes of other people wait on this computer.')).toBeTruthy();
    const theirs = within(await dialog.findByRole('list', { name: 'Changes of other people' }));
    expect(theirs.getByText('Made by anna@example.com at 13:59.')).toBeTruthy();
    expect(theirs.getByText('Made by somebody who is not known any more at 13:59.')).toBeTruthy();
    expect(
      within(dialog.getByRole('list', { name: 'Waiting changes' })).getAllByRole('listitem'),
    ).toHaveLength(1);
    const [adopt] = theirs.getAllByRole('button', { name: /^Adopt: Change 198/ });
    if (adopt !== undefined) await user.click(adopt);
    expect(double.requests('outbox.adopt')).toEqual([{ ids: [OPERATION_ID] }]);

    // All at once: what cannot be taken back asks first.
    await user.click(dialog.getByRole('button', { name: 'Discard all 2…' }));
    expect(double.requests('outbox.discard')).toEqual([]);
    expect(dialog.getByText('Discard 2 changes for good?')).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Discard them' }));
    expect(double.requests('outbox.discard')).toEqual([{ ids: [OPERATION_ID, ulid(901)] }]);
    items = items.slice(2);
    act(() => double.emit('outbox', 'changed', {}));
    await waitFor(() => expect(dialog.queryByText(/Made by/)).toBeNull());
  });

  it('say in French what is wrong with them and what can be done', async () => {
    const theirs = item({ id: ulid(901), by: { email: 'anna@example.com' }, undoable: false });
    const { user } = renderApp({
      mirror: { sync: { ...quiet, conflicts: 1, others: 1 } },
      answers: {
        outbox: { list: () => succeeded([conflict, theirs]) },
        desktop: { state: () => succeeded(desktop({ language: 'fr' })) },
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Afficher les modifications' }));
    const dialog = within(await screen.findByRole('dialog', { name: /^Modifications que le service/ }));
    expect(await dialog.findByText(/^Faite à 13:59\. Une autre personne a été plus rapide\.$/)).toBeTruthy();
    expect(dialog.getAllByRole('definition')[2]?.textContent).toMatch(
      /^Autorisée, libellé «\u00a0Zentrale\u00a0»/,
    );
    expect(dialog.getByText('Faite par anna@example.com à 13:59.')).toBeTruthy();
    expect(dialog.getByRole('heading', { name: 'Faites par vous' })).toBeTruthy();
    expect(dialog.getByRole('button', { name: /^Reprendre\u00a0: Modifier 198/ })).toBeTruthy();
    expect(dialog.getByRole('button', { name: 'Fermer' })).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: /^Modifier…/ }));
    const form = within(screen.getByRole('form', { name: /^Une autre modification à la place de/ }));
    expect(form.getByRole('button', { name: 'Envoyer celle-ci à la place' })).toBeTruthy();
  });
});
