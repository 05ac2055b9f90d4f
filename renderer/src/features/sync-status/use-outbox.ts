import { useEffect, useState } from 'react';
import type { OutboxItem } from '#shared/ipc/outbox';
import type { Failure } from '#shared/ipc/failure';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';

interface Outbox {
  /** Null before the first answer. */
  readonly items: readonly OutboxItem[] | null;
  /** Why the list could not be had the last time. */
  readonly failure: Failure | null;
}

/**
 * The list as main has it. Asked for again with each change, but once for all changes that come while an answer is on
 * its way: ten thousand edits that are sent must not each bring the list of the others.
 */
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
    // Behind functions, because a compiler does not see that they may change during an await.
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
