import { randomUUID } from 'node:crypto';
import { SECOND_MS } from '#shared/durations';
import { createWorkLoop } from '../runtime/work-loop';
import type { RefreshOutcome } from './refresh-outcome';
import { refreshSource, type RefreshOptions } from './refresh-source';
import { LEASE_MS, type ClaimedSource } from './write-ranges';

/** The longest sleep, after which sources of other processes are noticed. */
const LONGEST_SLEEP_MS = 30 * SECOND_MS;
/** The clock is read this often while a source waits for its time, because it may be set forward. */
const LOOK_MS = SECOND_MS;
/** The pause after the database failed. */
const TROUBLE_PAUSE_MS = 10 * SECOND_MS;
/** Sources that are read at the same time, so that a server that stalls does not hold up the others. */
const LANES = 4;

interface RefresherOptions extends RefreshOptions {
  /** True if no other process can read the sources of the same database. */
  readonly isAlone: boolean;
  readonly onRefreshed: (outcome: RefreshOutcome) => void;
}

/** Reads sources when they are due. Of several processes on a database one reads each. */
export interface Refresher {
  /** Looks at once for sources that are due. */
  wake(): void;
  start(): Promise<void>;
  /** Breaks off what is being fetched. */
  stop(): Promise<void>;
}

export function createRefresher(options: RefresherOptions): Refresher {
  const { context, log, isAlone, onRefreshed } = options;
  const { writer, storage, clock } = context;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let dueAt = -Infinity;
  /** True if something may be due that the last look did not find. */
  let isWoken = true;
  let lookedAt = -Infinity;

  const claim = async (): Promise<ClaimedSource | undefined> => {
    const lease = randomUUID();
    const row = await writer.write(({ tx, now }) => tx.sources.claim(now, lease, LEASE_MS));
    return row && { ...row, lease };
  };

  const refresh = async (source: ClaimedSource): Promise<void> => {
    try {
      const outcome = await refreshSource(options, source, stopping.signal);
      if (outcome !== 'taken_over') onRefreshed(outcome);
    } catch (error) {
      fail(error);
    }
  };

  /** Begins to read what is due, and does not wait for it. */
  const beginDue = async (): Promise<void> => {
    while (running.size < LANES && !stopping.signal.aborted) {
      const next = await storage.read.sources.nextDueAt();
      dueAt = next ?? Infinity;
      if (dueAt > clock.now()) return;
      const source = await claim();
      if (source === undefined) return;
      const reading = refresh(source).finally(() => {
        running.delete(reading);
        wake();
      });
      running.add(reading);
    }
  };

  const wake = (): void => {
    isWoken = true;
    loop.wake(0);
  };

  const fail = (error: unknown): void => {
    log.write('error', 'sources.failed', { error });
  };

  const sleep = (): void => {
    if (dueAt < Infinity) loop.wake(LOOK_MS);
    else if (!isAlone) loop.wake(LONGEST_SLEEP_MS);
  };

  const loop = createWorkLoop({
    work: async () => {
      const now = clock.now();
      const isTimeToLook = !isAlone && now - lookedAt >= LONGEST_SLEEP_MS;
      if (isWoken || now >= dueAt || isTimeToLook || now < lookedAt) {
        // A read that ends from now on may have come too late for this look.
        isWoken = false;
        lookedAt = now;
        await beginDue();
      }
      sleep();
    },
    onError: (error) => {
      fail(error);
      isWoken = true;
      loop.wake(TROUBLE_PAUSE_MS);
    },
  });

  return {
    wake,
    start: async () => {
      if (isAlone) await writer.write(({ tx, now }) => tx.sources.endLeases(now));
      loop.start();
      loop.wake(0);
    },
    stop: async () => {
      stopping.abort();
      await loop.stop();
      await Promise.all(running);
    },
  };
}
