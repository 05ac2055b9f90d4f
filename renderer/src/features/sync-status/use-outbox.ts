import { useEffect, useState } from 'react';
import type { ListedOperation } from '#shared/ipc/outbox';
import type { Failure } from '#shared/ipc/failure';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';

interface Outbox {
  /** Null before the first response. */
  readonly items: readonly ListedOperation[] | null;
  readonly failure: Failure | null;
}

/** Keeps the outbox as main has it. Changes during a request share one reload, because a long queue causes many. */
export function useOutbox(): Outbox {
  const [outbox, setOutbox] = useState<Outbox>({ items: null, failure: null });
  useEffect(() => {
    let stopped = false;
    let loading = false;
    let changed = false;
    const load = async (): Promise<void> => {
      changed = true;
      if (loading) return;
      loading = true;
      while (isWanted()) {
        changed = false;
        const outcome = await settle(() => bridge().calls.outbox.list());
        if (isStopped()) return;
        setOutbox(({ items }) =>
          outcome.ok ? { items: outcome.value, failure: null } : { items, failure: outcome.failure },
        );
      }
      loading = false;
    };
    // Functions, because the compiler does not see that the variables may change during an await.
    const isStopped = (): boolean => stopped;
    const isWanted = (): boolean => changed;

    const unsubscribe = bridge().events.outbox.changed(() => void load());
    void load();
    return () => {
      stopped = true;
      unsubscribe();
    };
  }, []);
  return outbox;
}
