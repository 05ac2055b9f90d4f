import { act, render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { MirrorSnapshot } from '#shared/ipc/mirror';
import type { Settled } from '#shared/ipc/outbox';
import type { EventPayload } from '#shared/ipc/derive';
import { succeeded } from '#shared/ipc/failure';
import { App } from '../../renderer/src/app';
import { useMirror } from '../../renderer/src/stores/mirror';
import { useUi } from '../../renderer/src/stores/ui';
import { type Answers, BridgeDouble } from '../support/bridge-double';
import {
  accountList,
  bootstrap,
  desktop,
  network,
  notifications,
  NOW,
  OPERATION_ID,
  snapshot,
} from './builders';

export interface Scene {
  /** The console opens where it opens by itself, and not on Pending, which most tests are about. */
  readonly isUnled?: boolean;
  readonly mirror?: Partial<MirrorSnapshot>;
  readonly answers?: Answers;
  /** The approval window on this review of the shown account, in place of the console. */
  readonly approval?: string;
  /** The approval window as a link opens it whose account nobody knows. */
  readonly link?: string;
}

const done = () => succeeded(undefined);

/** Renders a whole window over a bridge double, at a fixed time, and waits for nothing. */
export function renderApp({ isUnled = false, mirror = {}, answers = {}, approval, link }: Scene = {}) {
  const double = new BridgeDouble({
    ...answers,
    app: {
      bootstrap: () => succeeded(bootstrap()),
      copyText: done,
      dismissNotice: done,
      showScreen: done,
      closeWindow: done,
      openApproval: done,
      ...answers.app,
    },
    accounts: { list: () => succeeded(accountList()), show: done, ...answers.accounts },
    welcome: { get: () => succeeded(null), dismiss: done, ...answers.welcome },
    mirror: { snapshot: () => succeeded(snapshot(mirror)), ...answers.mirror },
    audit: { page: () => succeeded({ items: [], nextCursor: null }), ...answers.audit },
    log: {
      page: () => succeeded({ items: [], nextCursor: null }),
      count: () => succeeded({ rows: 0, completeFrom: null }),
      groups: () => succeeded({ groups: [], isMore: false, completeFrom: null }),
      timeline: () =>
        succeeded({ from: NOW.toISOString(), bucketSeconds: 60, buckets: [], completeFrom: null }),
      blockedLately: () =>
        succeeded({ callers: [], isMore: false, from: NOW.toISOString(), completeFrom: null }),
      kept: () => succeeded({ limit: 200_000, rows: 0 }),
      views: () => succeeded([]),
      ...answers.log,
    },
    notifications: { state: () => succeeded(notifications()), ...answers.notifications },
    network: { state: () => succeeded(network()), ...answers.network },
    desktop: { state: () => succeeded(desktop()), ...answers.desktop },
  });
  Object.defineProperty(window, 'gatehouse', { configurable: true, value: double.bridge });
  const asked =
    approval === undefined
      ? link !== undefined && { reviewId: link, accountId: null }
      : { reviewId: approval, accountId: snapshot(mirror).shownId };
  const isOpen = isUnled || useUi.getState().screen !== 'overview';
  const kind = asked
    ? ({ kind: 'approval', review: asked } as const)
    : ({ kind: 'console', place: isOpen ? null : 'pending' } as const);
  const view = render(<App kind={kind} now={() => NOW.getTime()} />);
  return { double, view, user: userEvent.setup() };
}

/** Main tells the window what has changed in the mirror. */
export function patchMirror(
  double: BridgeDouble,
  change: Omit<EventPayload<'mirror', 'patch'>, 'version'>,
): void {
  const version = useMirror.getState().version + 1;
  act(() => double.emit('mirror', 'patch', { version, ...change }));
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Main tells the window what became of the operation {@link OPERATION_ID}. */
export const settle = (double: BridgeDouble, ending: WithoutId<Settled>): void =>
  act(() => double.emit('outbox', 'settled', { items: [{ id: OPERATION_ID, ...ending }] }));

/** A promise that a test settles when it wants to. */
export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
}
