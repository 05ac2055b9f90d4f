import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { OutboxItem, SyncStatus } from '#shared/ipc/contract';
import { succeeded } from '#shared/ipc/failure';
import { embedded, minutesAgo, OPERATION_ID, quiet, range, ulid } from './builders';
import { nextVersion, renderApp } from './render-app';

const office = range();
const unreachable = {
  kind: 'unreachable',
  service: embedded,
  since: minutesAgo(5),
  message: 'Nothing answers.',
} as const;
const offline: SyncStatus = { ...quiet, waiting: 3, pausedBecause: 'offline', message: 'Nothing answers.' };

const item = (change: Partial<OutboxItem> = {}): OutboxItem => ({
  id: OPERATION_ID,
  operation: {
    id: OPERATION_ID,
    type: 'range.update',
    madeAt: minutesAgo(3),
    rangeId: office.id,
    baseVersion: 1,
    changes: { label: 'Head office' },
  },
  base: office,
  mine: { ...office, label: 'Head office', version: 2 },
  state: { kind: 'waiting', behind: null },
  since: minutesAgo(3),
  attempts: 0,
  lastError: null,
  undoable: true,
  ...change,
});
const conflict = item({
  state: {
    kind: 'parked',
    reason: 'conflict',
    code: 'stale',
    detail: 'The range was changed by somebody else.',
    current: { ...office, label: 'Zentrale', version: 2 },
  },
  attempts: 1,
  undoable: false,
});
const list = (items: OutboxItem[]) => ({ outbox: { list: () => succeeded(items) } });
const done = () => succeeded(undefined);

describe('edits that the service does not have yet', () => {
  it('are counted while nothing moves, and not while they go their way', async () => {
    const { double } = renderApp({ mirror: { connection: unreachable, sync: offline } });
    expect(await screen.findByText('3 edits wait to be sent.')).toBeTruthy();
    act(() => double.emit('mirror', 'patch', { version: nextVersion(), sync: { ...quiet, waiting: 1 } }));
    expect(screen.queryByText(/wait.? to be sent/)).toBeNull();
  });

  it('are listed, and taken back one by one', async () => {
    let items = [item(), item({ id: ulid(901), undoable: false, state: { kind: 'sending' } })];
    const { user, double } = renderApp({
      mirror: { connection: unreachable, sync: offline },
      answers: { outbox: { list: () => succeeded(items), undo: done } },
    });
    await user.click(await screen.findByRole('button', { name: 'Show edits' }));
    const dialog = within(await screen.findByRole('dialog'));
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

  it('that came second show both sides and what was before, and leave the choice', async () => {
    const { user, double } = renderApp({
      mirror: { sync: { ...quiet, conflicts: 1 } },
      answers: { outbox: { ...list([conflict]).outbox, resolve: done } },
    });
    expect((await screen.findByRole('alert')).textContent).toContain('One edit needs you.');
    await user.click(screen.getByRole('button', { name: 'Show edits' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(await dialog.findByText(/Somebody else was first/)).toBeTruthy();
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

  it('that loosen protection and waited are asked about', async () => {
    const asking = item({
      operation: { id: OPERATION_ID, type: 'mode.set', madeAt: minutesAgo(20), mode: 'deactivated' },
      base: null,
      state: {
        kind: 'parked',
        reason: 'needs_confirmation',
        code: 'waited_too_long',
        detail: 'It loosens protection and has waited for more than 15 minutes.',
        current: null,
      },
    });
    const { user, double } = renderApp({
      mirror: { sync: { ...quiet, needsConfirmation: 1 } },
      answers: { outbox: { ...list([asking]).outbox, confirm: done } },
    });
    await user.click(await screen.findByRole('button', { name: 'Show edits' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(await dialog.findByText('Switch protection to Deactivated')).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: /^Still meant/ }));
    await waitFor(() => expect(double.requests('outbox.confirm')).toEqual([{ id: OPERATION_ID }]));
  });
});
