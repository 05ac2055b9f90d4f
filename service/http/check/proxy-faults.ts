import type { Sentence } from '#shared/domain/sentence';
import { MINUTE_MS } from '#shared/durations';
import type { Clock } from '../../runtime/clock';
import type { ServiceLog } from '../../service-log';

/**
 * The faults of trusted proxies: they name no caller, so that the proxy's own address is evaluated; or their chain cannot
 * be read, and the call is refused.
 */
type ProxyFault = 'caller_is_proxy' | 'chain_unreadable';

/** A fault is reported for this long after it was last seen (docs/behaviour.md 7.5). */
const TOLD_FOR_MS = 15 * MINUTE_MS;
/** A fault that goes on is logged again after this long. */
const LOGGED_EVERY_MS = MINUTE_MS;

interface Seen {
  calls: number;
  lastAt: number;
  loggedAt: number;
  sentence: Sentence;
}

/** Remembers the faults of trusted proxies, and reports them in the log and through `why`. */
export class ProxyFaults {
  readonly #clock: Clock;
  readonly #log: ServiceLog;
  readonly #seen = new Map<ProxyFault, Seen>();

  readonly #onNews: () => void;

  /** `onNews` is called when `why` changes. */
  constructor(clock: Clock, log: ServiceLog, onNews: () => void = () => undefined) {
    this.#clock = clock;
    this.#log = log;
    this.#onNews = onNews;
  }

  /** Notes one faulty call, with a sentence for the administrator. */
  note(fault: ProxyFault, sentence: Sentence): void {
    const now = this.#clock.now();
    const seen = this.#seen.get(fault) ?? { calls: 0, lastAt: -Infinity, loggedAt: -Infinity, sentence };
    this.#seen.set(fault, seen);
    const isNew = now - seen.lastAt >= TOLD_FOR_MS;
    seen.calls += 1;
    seen.lastAt = now;
    if (!isNew && Math.abs(now - seen.loggedAt) < LOGGED_EVERY_MS) return;
    seen.loggedAt = now;
    // The sentence changes at most once per log entry. Two proxies at fault would otherwise be news to every console with
    // each call.
    const isNews = isNew || sentence.english !== seen.sentence.english;
    seen.sentence = sentence;
    if (isNews) this.#onNews();
    this.#log.write('warn', `proxy.${fault}`, { detail: sentence.english, calls: seen.calls });
  }

  counts(): ReadonlyMap<ProxyFault, number> {
    return new Map([...this.#seen].map(([fault, { calls }]) => [fault, calls]));
  }

  /** Returns the sentences for recent faults. */
  why(): readonly Sentence[] {
    const now = this.#clock.now();
    const recent = [...this.#seen.values()].filter(({ lastAt }) => now - lastAt < TOLD_FOR_MS);
    return recent.map(({ sentence }) => sentence);
  }
}
