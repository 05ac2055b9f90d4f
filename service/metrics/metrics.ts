import { Counter, Gauge, Registry } from 'prom-client';
import type { Verdict } from '#shared/domain/entities';
import { Histogram } from './histogram';
import { registerProcessMetrics } from './process-metrics';

/** Figures that are looked up when somebody asks for them. */
export interface MetricSources {
  /** Lengths of the queues by name: what waits for the disk, for its turn, or to be sent. */
  queueLengths(): Promise<Readonly<Record<string, number>>>;
  /** Long polls that wait for changes. */
  waitingReaders(): number;
  /** Ranges in memory, over all accounts. */
  ranges(): number;
  /** Calls with a fault of a trusted proxy, by fault. */
  proxyFaults(): ReadonlyMap<string, number>;
}

export interface Metrics {
  /** Counts one answer of the data plane; `reason` is a reason of the table, or why no verdict was given. */
  readonly checked: (verdict: Verdict, reason: string, seconds: number) => void;
  /** Counts a write whose changes reached the feed's readers, with the time from when it was asked for until then. */
  readonly published: (seconds: number) => void;
  readonly contentType: string;
  /** Everything in the text format of Prometheus. */
  readonly text: () => Promise<string>;
}

/** From a tenth of a millisecond, which a repeat takes, to the seconds of a disk in trouble. */
const CHECK_BUCKETS_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5,
];
const FEED_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** The service's own registry, so that several services in one process do not add up. */
export const createMetrics = (sources: MetricSources): Metrics => {
  const register = new Registry();
  const registers = [register];
  registerProcessMetrics(register);

  // Counted in a plain map and handed over when asked: labels cost the library more than the whole verdict.
  const counts = new Map<string, { verdict: Verdict; reason: string; count: number }>();
  new Counter({
    name: 'gatehouse_checks_total',
    help: 'Answers of the data plane by verdict and reason.',
    labelNames: ['verdict', 'reason'],
    registers,
    collect() {
      this.reset();
      for (const { verdict, reason, count } of counts.values()) this.inc({ verdict, reason }, count);
    },
  });
  const checkSeconds = new Histogram(
    'gatehouse_check_duration_seconds',
    'Time from the request to the answer of the data plane.',
    CHECK_BUCKETS_SECONDS,
  );
  const feedSeconds = new Histogram(
    'gatehouse_feed_lag_seconds',
    "Time from when a write is asked for until the change feed's readers are told.",
    FEED_BUCKETS_SECONDS,
  );
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
      const entry = counts.get(reason);
      if (entry === undefined) counts.set(reason, { verdict, reason, count: 1 });
      else entry.count += 1;
      checkSeconds.observe(seconds);
    },
    published: (seconds) => feedSeconds.observe(seconds),
    contentType: register.contentType,
    text: async () => `${await register.metrics()}\n${checkSeconds.text()}\n${feedSeconds.text()}`,
  };
};
