import { useEffect, useState } from 'react';
import { createSequential } from '#shared/async/sequential';
import { attemptMatches } from '#shared/domain/attempt-filter';
import type { Attempt } from '#shared/domain/entities';
import type { LogFilter } from '#shared/ipc/contract';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { mergeRows } from '../../stores/log-model';

/** The newest rows of the log that a question looks at. */
export interface Attempts {
  readonly rows: readonly Attempt[];
  /** `loading` until they are here; `failed` when they could not be had. */
  readonly status: 'loading' | 'ready' | 'failed';
  /** There are older ones. */
  readonly isMore: boolean;
}

const MOST_ROWS = 200;
const NONE: Attempts = { rows: [], status: 'loading', isMore: false };

/** One question to the log after the other: a screen full of cards must not hold up what a person asks for. */
const inTurn = createSequential();

/** The newest attempts that fit the filter, and those that come; with null nothing is asked. The filter's text counts, not its identity. */
export function useAttempts(filter: LogFilter | null): Attempts {
  const wanted = filter === null ? null : JSON.stringify(filter);
  const [found, setFound] = useState<{ readonly of: string | null; readonly attempts: Attempts }>({
    of: null,
    attempts: NONE,
  });
  useEffect(() => {
    if (wanted === null) return;
    const asked = JSON.parse(wanted) as LogFilter;
    let isOver = false;
    let live: readonly Attempt[] = [];
    const add = (rows: readonly Attempt[]): void =>
      setFound(({ of, attempts }) => {
        const known = of === wanted ? attempts : NONE;
        return { of: wanted, attempts: { ...known, rows: mergeRows(known.rows, rows).slice(0, MOST_ROWS) } };
      });
    const unsubscribe = bridge().events.log.changed(({ items }) => {
      const fitting = items.filter((attempt) => attemptMatches(asked, attempt));
      if (fitting.length === 0) return;
      live = mergeRows(live, fitting).slice(0, MOST_ROWS);
      add(fitting);
    });
    void inTurn(async () => {
      if (isStopped()) return;
      const outcome = await settle(() =>
        bridge().calls.log.page({ filter: asked, cursor: null, limit: MOST_ROWS }),
      );
      if (isStopped()) return;
      setFound({
        of: wanted,
        attempts: outcome.ok
          ? {
              rows: mergeRows(live, outcome.value.items).slice(0, MOST_ROWS),
              status: 'ready',
              isMore: outcome.value.nextCursor !== null,
            }
          : { rows: live, status: 'failed', isMore: false },
      });
    });
    // Behind a function, because a compiler does not see that it may change during an await.
    function isStopped(): boolean {
      return isOver;
    }
    return () => {
      isOver = true;
      unsubscribe();
    };
  }, [wanted]);
  return found.of === wanted ? found.attempts : NONE;
}
