import { useEffect, useRef, useState } from 'react';
import { createSequential } from '#shared/async/sequential';
import { attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import type { LogFilter } from '#shared/ipc/log';
import { bridge } from '../../../bridge/bridge';
import { settle } from '../../../bridge/call';
import { mergeRows } from '../../../stores/feed-model';
import { useMirror } from '../../../stores/mirror';

/** The newest rows of the log for a review. */
export interface Attempts {
  readonly rows: readonly Attempt[];
  readonly status: 'loading' | 'ready' | 'failed';
  /** True if the log has older rows. */
  readonly isMore: boolean;
}

const MOST_ROWS = 200;
const NONE: Attempts = { rows: [], status: 'loading', isMore: false };

/** Runs the log requests one at a time, so that going through the list does not delay what a person asks for. */
const inTurn = createSequential();

type Listener = (rows: readonly Attempt[]) => void;
const listeners = new Set<Listener>();
let unsubscribe: (() => void) | null = null;

/** Shares one subscription among all parts of the window, because each subscription copies every row across the bridge. */
function listen(listener: Listener): () => void {
  listeners.add(listener);
  unsubscribe ??= bridge().events.log.changed(({ items }) => listeners.forEach((each) => each(items)));
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    unsubscribe?.();
    unsubscribe = null;
  };
}

/**
 * Loads the newest matching attempts and follows new ones; null loads nothing. A failed load is repeated when the
 * connection changes. Filters are compared by content.
 */
export function useAttempts(filter: LogFilter | null): Attempts {
  const wanted = filter === null ? null : JSON.stringify(filter);
  const isOnline = useMirror(({ connection }) => connection.kind === 'online');
  const [found, setFound] = useState<{ readonly of: string | null; readonly attempts: Attempts }>({
    of: null,
    attempts: NONE,
  });
  const loaded = useRef<string | null>(null);
  useEffect(() => {
    if (loaded.current !== wanted) loaded.current = null;
    if (wanted === null) return;
    const asked = JSON.parse(wanted) as LogFilter;
    let isOver = false;
    const change = (how: (known: Attempts) => Attempts): void =>
      setFound(({ of, attempts }) => ({ of: wanted, attempts: how(of === wanted ? attempts : NONE) }));
    const stopListening = listen((items) => {
      const fitting = items.filter((attempt) => attemptMatches(asked, attempt));
      if (fitting.length > 0) change((known) => withRows(known, fitting));
    });
    const load = async (): Promise<void> => {
      if (isStopped()) return;
      const outcome = await settle(() =>
        bridge().calls.log.page({ filter: asked, cursor: null, limit: MOST_ROWS }),
      );
      if (isStopped()) return;
      if (!outcome.ok) {
        change((known) => ({ ...known, status: 'failed' }));
        return;
      }
      loaded.current = wanted;
      const { items, nextCursor } = outcome.value;
      change((known) => withRows({ ...known, status: 'ready', isMore: nextCursor !== null }, items));
    };
    if (loaded.current === null) void inTurn(load);
    // A function, because the compiler does not see that the variable may change during an await.
    function isStopped(): boolean {
      return isOver;
    }
    return () => {
      isOver = true;
      stopListening();
    };
  }, [wanted, isOnline]);
  return found.of === wanted ? found.attempts : NONE;
}

function withRows(known: Attempts, incoming: readonly Attempt[]): Attempts {
  const rows = mergeRows(known.rows, incoming);
  return {
    ...known,
    rows: rows.slice(0, MOST_ROWS),
    isMore: known.isMore || rows.length > MOST_ROWS,
  };
}
