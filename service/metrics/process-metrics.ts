import { readdirSync } from 'node:fs';
import { constants, performance, PerformanceObserver } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Node's performance entry for a garbage collection. */
interface GcEntry {
  readonly duration: number;
  readonly detail?: { readonly kind?: number };
}

const GC_BUCKETS_SECONDS = [0.001, 0.01, 0.1, 1];

const GC_KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

/** Each function returns the current value in the unit of its name. */
const COUNTERS = {
  process_cpu_user_seconds_total: ['User CPU time.', () => process.cpuUsage().user / 1e6],
  process_cpu_system_seconds_total: ['System CPU time.', () => process.cpuUsage().system / 1e6],
  nodejs_eventloop_active_seconds_total: [
    'Time in which the event loop did something.',
    () => performance.eventLoopUtilization().active / 1e3,
  ],
} as const;
const GAUGES = {
  process_start_time_seconds: [
    'When the process started, since the epoch.',
    () => performance.timeOrigin / 1e3,
  ],
  process_resident_memory_bytes: ['Resident memory.', () => process.memoryUsage.rss()],
  process_open_fds: ['Open file descriptors, where the system tells.', openFiles],
  nodejs_heap_size_total_bytes: ['Heap.', () => process.memoryUsage().heapTotal],
  nodejs_heap_size_used_bytes: ['Used heap.', () => process.memoryUsage().heapUsed],
  nodejs_external_memory_bytes: ['Memory outside the heap.', () => process.memoryUsage().external],
} as const;

/**
 * Registers metrics of the process under the names that dashboards for Node.js know. They are read on request;
 * prom-client's own set measures the lag of the event loop with a timer that keeps waking the process.
 */
export function registerProcessMetrics(register: Registry): void {
  const registers = [register];
  for (const [name, [help, value]] of Object.entries(COUNTERS)) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }
  for (const [name, [help, value]] of Object.entries(GAUGES)) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
  const gcSeconds = new Histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'Pauses by garbage collection, by kind.',
    labelNames: ['kind'],
    buckets: GC_BUCKETS_SECONDS,
    registers,
  });
  new PerformanceObserver((list) => {
    for (const { duration, detail } of list.getEntries() as readonly GcEntry[]) {
      gcSeconds.observe({ kind: GC_KINDS[detail?.kind ?? 0] ?? 'other' }, duration / 1e3);
    }
  }).observe({ entryTypes: ['gc'] });
}

function openFiles(): number {
  try {
    // The listing itself opens one more file.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return Number.NaN;
  }
}
