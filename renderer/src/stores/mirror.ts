import { create } from 'zustand';
import { bridge, meanAccount } from '../bridge/bridge';
import { settle } from '../bridge/call';
import type { Failure } from '#shared/ipc/failure';
import { forgetShownAccount } from './another-account';
import { accountKeyOf, type Mirror } from './mirror-model';
import { startMirrorSync } from './mirror-sync';

interface MirrorState extends Mirror {
  /** `loading` until the first snapshot; `failed` if main did not give one (it is retried). */
  readonly status: 'loading' | 'ready' | 'failed';
  readonly failure: Failure | null;
}

/** Components only read it; only {@link startMirror} writes it. */
export const useMirror = create<MirrorState>(() => ({
  status: 'loading',
  failure: null,
  version: -1,
  shownId: '',
  connection: { kind: 'none' },
  lastSyncAt: null,
  sync: { waiting: 0, conflicts: 0, needsConfirmation: 0, others: 0, pausedBecause: null, message: null },
  clockOffsetMs: 0,
  account: null,
  ranges: new Map(),
  reviews: new Map(),
  keys: new Map(),
  sources: new Map(),
}));

/** Follows main until the returned function is called. */
export function startMirror(): () => void {
  return startMirrorSync(
    {
      snapshot: () => settle(() => bridge().calls.mirror.snapshot()),
      onPatch: (listener) => bridge().events.mirror.patch(listener),
    },
    {
      current: () => (useMirror.getState().status === 'ready' ? useMirror.getState() : null),
      replace: (mirror) => {
        const before = useMirror.getState();
        if (before.account !== null && accountKeyOf(before) !== accountKeyOf(mirror)) forgetShownAccount();
        meanAccount(mirror.shownId);
        useMirror.setState({ ...mirror, status: 'ready', failure: null });
      },
      fail: (failure) => {
        // Data that are shown already stay, because they are still the last known state.
        if (useMirror.getState().status !== 'ready') useMirror.setState({ status: 'failed', failure });
      },
    },
  );
}
