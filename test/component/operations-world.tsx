import { screen, within } from '@testing-library/react';
import type { ListedOperation } from '#shared/ipc/outbox';
import { KEY_ID, minutesAgo, OPERATION_ID, range } from './builders';
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

/** The same, which the service has not applied because it would block somebody. */
export const wouldBlock = {
  state: {
    kind: 'conflicted',
    code: 'would_block',
    detail: 'It would block addresses that were let in lately.',
    current: office,
    impact: {
      addresses: 3,
      keys: 1,
      calls: 52,
      examples: [
        {
          ip: '203.0.113.9',
          keyId: KEY_ID,
          keyName: 'Production',
          count: 50,
          lastAt: minutesAgo(3),
          before: { verdict: 'allowed', reason: 'authorized' },
          after: { verdict: 'blocked', reason: 'unknown' },
        },
      ],
    },
  },
  attempts: 1,
  undoable: false,
} as const satisfies Partial<ListedOperation>;

/** Renders the window and opens its list of changes. */
export async function showOperations(scene: Scene) {
  const rendered = renderApp(scene);
  await rendered.user.click(await screen.findByRole('button', { name: 'Show changes' }));
  return { ...rendered, dialog: within(await screen.findByRole('dialog')) };
}
