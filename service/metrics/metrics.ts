import {
  Counter,
  Gauge,
  Histogram,
  Registry,
  type MetricObjectWithValues,
  type MetricValue,
} from 'prom-client';
import { SECOND_MS } from '#shared/durations';
import type { Verdict } from '#shared/domain/entities';
import { registerProcessMetrics } from './process-metrics';

/** Figures that are read when somebody asks for the metrics. */
interface MetricSources {
  /** Lengths of the queues by name: rows before the disk, writes before their turn, messages before they are sent. */
  queueLengths(): Promise<Readonly<Record<string, number>>>;
  /** Number of long polls that wait for changes. */
  waitingReaders(): number;
  /** Number of ranges in memory, over all accounts. */
  ranges(): number;
  /** Number of sources by status. */
  sources(): Promise<ReadonlyMap<string, number>>;
  /** Milliseconds since the policy in memory was last confirmed against a shared database. */
  policyAgeMs(): number;
  /** True unless the database is known to be in trouble. */
  isDatabaseAvailable(): boolean;
  /** By how many milliseconds the shared database's clock is ahead. */
  clockOffsetMs(): number;
  /** Number of calls with a fault of a trusted proxy, by fault. */
  proxyFaults(): ReadonlyMap<string, number>;
}

export interface Metrics {
  /** Counts one answer of the data plane. `reason` is that of the verdict, or the reason why there is none. */
  readonly checked: (verdict: Verdict, reason: string, seconds: number) => void;
  /** Counts a verdict on a call with this key. */
  readonly checkedKey: (keyId: string, verdict: Verdict) => void;
  /** Counts a write, with the seconds from its request until the feed's readers were told. */
  readonly published: (seconds: number) => void;
  /** Counts a refresh of a source by its outcome. */
  readonly refreshed: (outcome: string) => void;
  readonly contentType: string;
  /** Returns all metrics in the text format of Prometheus. */
  readonly text: () => Promise<string>;
  /** Returns all metrics. */
  readonly families: () => Promise<readonly MetricObjectWithValues<MetricValue<string>>[]>;
}

/** The scale reaches from a repeat in memory to a disk in trouble. */
const CHECK_BUCKETS_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5,
];
const FEED_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** Keys with figures of their own, because each costs whoever stores the metrics. */
const MAX_KEYS = 100;

/** Creates the metrics in a registry of their own, so that several services in one process do not add up. */
export function createMetrics(sources: MetricSources): Metrics {
  const register = new Registry();
  const registers = [register];
  registerProcessMetrics(register);

  const checks = new Counter({
    name: 'gatehouse_checks_total',
    help: 'Answers of the data plane by verdict and reason.',
    labelNames: ['verdict', 'reason'],
    registers,
  });
  const keyChecks = new Counter({
    name: 'gatehouse_key_checks_total',
    help: `Verdicts by key, for the first ${MAX_KEYS} keys that call; the others count together.`,
    labelNames: ['key', 'verdict'],
    registers,
  });
  const countedKeys = new Set<string>();
  const checkSeconds = new Histogram({
    name: 'gatehouse_check_duration_seconds',
    help: 'Time from the request to the answer of the data plane.',
    buckets: CHECK_BUCKETS_SECONDS,
    registers,
  });
  const feedSeconds = new Histogram({
    name: 'gatehouse_feed_lag_seconds',
    help: "Time from when a write is asked for until the change feed's readers are told.",
    buckets: FEED_BUCKETS_SECONDS,
    registers,
  });
  new Gauge({
    name: 'gatehouse_queue_length',
    help: 'What waits, by queue.',
    labelNames: ['queue'],
    registers,
    async collect() {
      for (const [queue, length] of Object.entries(await sources.queueLengths())) this.set({ queue }, length);
    },
  });
  new Gauge({
    name: 'gatehouse_feed_readers',
    help: 'Long polls that wait for a change.',
    registers,
    collect() {
      this.set(sources.waitingReaders());
    },
  });
  new Gauge({
    name: 'gatehouse_ranges',
    help: 'Ranges in memory.',
    registers,
    collect() {
      this.set(sources.ranges());
    },
  });

  new Gauge({
    name: 'gatehouse_sources',
    help: 'Sources of ranges by status.',
    labelNames: ['status'],
    registers,
    async collect() {
      this.reset();
      for (const [status, count] of await sources.sources()) this.set({ status }, count);
    },
  });
  const refreshes = new Counter({
    name: 'gatehouse_source_refreshes_total',
    help: 'Refreshes of sources by outcome.',
    labelNames: ['outcome'],
    registers,
  });

  new Gauge({
    name: 'gatehouse_database_available',
    help: '1, or 0 while the database is in trouble.',
    registers,
    collect() {
      this.set(sources.isDatabaseAvailable() ? 1 : 0);
    },
  });
  new Gauge({
    name: 'gatehouse_policy_age_seconds',
    help: 'Time since the policy in memory was last confirmed against the shared database.',
    registers,
    collect() {
      this.set(sources.policyAgeMs() / SECOND_MS);
    },
  });
  new Gauge({
    name: 'gatehouse_clock_offset_seconds',
    help: "By how much the shared database's clock, by which the service goes, is ahead of this computer's.",
    registers,
    collect() {
      this.set(sources.clockOffsetMs() / SECOND_MS);
    },
  });
  new Counter({
    name: 'gatehouse_proxy_faults_total',
    help: 'Calls from trusted proxies that name no caller, or whose chain of addresses cannot be read.',
    labelNames: ['fault'],
    registers,
    collect() {
      this.reset();
      for (const [fault, count] of sources.proxyFaults()) this.inc({ fault }, count);
    },
  });

  return {
    checked: (verdict, reason, seconds) => {
      checks.inc({ verdict, reason });
      checkSeconds.observe(seconds);
    },
    checkedKey: (keyId, verdict) => {
      if (countedKeys.size < MAX_KEYS) countedKeys.add(keyId);
      keyChecks.inc({ key: countedKeys.has(keyId) ? keyId : 'other', verdict });
    },
    refreshed: (outcome) => refreshes.inc({ outcome }),
    published: (seconds) => feedSeconds.observe(seconds),
    contentType: register.contentType,
    text: () => register.metrics(),
    families: () => register.getMetricsAsJSON(),
  };
}
