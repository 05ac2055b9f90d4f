import type { Cidr } from '#shared/ip/index';
import type { Geolocations } from '../../geo/geolocation';
import type { ServiceLog } from '../../service-log';
import type { Writer } from '../../storage/writer';
import type { AttemptFacts } from '../../gate/call-log';
import {
  addFirstSeen,
  addNetworkRow,
  type FirstSeenOutcome,
  type GrantRules,
  type NewRow,
} from './first-seen';
import { FirstSeenRows, type OnReviewOpened } from './first-seen-rows';

/** A row of the log that is to be written. */
interface FirstSeen extends NewRow {
  readonly facts: AttemptFacts;
  /** The network that the row stands for in a flood (docs/behaviour.md 1.9.3). */
  readonly network: Cidr | undefined;
  /** True once its call has been answered and logged otherwise, so that nothing is to be written. */
  readonly isGivenUp: () => boolean;
  /** Called after the commit. */
  readonly onWritten: (outcome: FirstSeenOutcome) => void;
}

interface Waiting extends FirstSeen {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface FirstSeenQueueOptions extends GrantRules {
  readonly onReviewOpened: OnReviewOpened;
  readonly geolocations: Geolocations;
  readonly writer: Writer;
  readonly log: ServiceLog;
}

/** Bounds the time that one transaction holds the event loop. */
const MAX_ROWS = 200;

/** The queue of new rows. Their calls are answered once they are on disk; rows that arrive together share one transaction. */
export class FirstSeenQueue {
  readonly #options: FirstSeenQueueOptions;
  readonly #waiting: Waiting[] = [];
  #isCommitScheduled = false;

  constructor(options: FirstSeenQueueOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** Resolves when the row is on disk and `onWritten` was called. */
  write(row: FirstSeen): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...row, resolve, reject });
      this.#scheduleCommit();
    });
  }

  #scheduleCommit(): void {
    if (this.#isCommitScheduled) return;
    this.#isCommitScheduled = true;
    setImmediate(() => void this.#commit());
  }

  #take(): readonly Waiting[] {
    const taken = this.#waiting.splice(0, MAX_ROWS);
    this.#isCommitScheduled = false;
    if (this.#waiting.length > 0) this.#scheduleCommit();
    return taken;
  }

  async #commit(): Promise<void> {
    const { geolocations, onReviewOpened, writer, log } = this.#options;
    let batch: readonly Waiting[] | undefined;
    try {
      await writer.write(async (write) => {
        // The batch is taken only once the write has its turn, so that rows that arrive meanwhile share it.
        batch = this.#take();
        const rows = new FirstSeenRows(write);
        for (const { facts, network, isGivenUp, onWritten, ...row } of batch) {
          if (isGivenUp()) {
            write.afterCommit(() => onWritten({ kind: 'overtaken' }));
            continue;
          }
          const outcome =
            network === undefined
              ? await addFirstSeen(write, facts, geolocations.lookup(facts.ip), row, rows, this.#options)
              : await addNetworkRow(write, facts, network, row, rows);
          write.afterCommit(() => onWritten(outcome));
        }
        await rows.countCalls();
        write.beforeCommit(() => rows.insert(onReviewOpened));
      });
      for (const { resolve } of batch ?? []) resolve();
    } catch (error) {
      log.write('error', 'log.write_failed', { error });
      for (const { reject } of batch ?? this.#take()) reject(error);
    }
  }
}
