import { screen, within } from '@testing-library/react';
import type { ListedOperation } from '#shared/ipc/outbox';
import { minutesAgo, OPERATION_ID, range } from './builders';
import { renderApp, type Scene } from './render-app';

/** An operation of this computer as main lists it, and the list of such operations in the window. */

export const office = range();

/** Another label for the office, which waits to be sent. */
export const item = (change: Partial<ListedOperation> = {}): ListedOperation => ({
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
  by: null,
  since: minutesAgo(3),
  attempts: 0,
  lastError: null,
  undoable: true,
  ...change,
});

/** The same, after somebody else has changed the label. */
export const conflict = item({
  state: {
    kind: 'conflicted',
    code: 'stale',
    detail: 'The range was changed by somebody else.',
    current: { ...office, label: 'Zentrale', version: 2 },
  },
  attempts: 1,
  undoable: false,
});

/** Renders the window and opens its list of changes. */
export async function showOperations(scene: Scene) {
  const rendered = renderApp(scene);
  await rendered.user.click(await screen.findByRole('button', { name: 'Show changes' }));
  return { ...rendered, dialog: within(await screen.findByRole('dialog')) };
}
