import { RangeMatcher } from '#service/enforcement/matcher';
import { createContenders, type Contender } from './contenders';
import { median, percentile } from '../figures';
import { askingOrder, createAddresses, createRanges, type Families, type Workload } from './workload';

/**
 * One size of list in a process of its own, built as the service is built: prints one JSON line. Rounds of all
 * contenders take turns, so that a slow moment of the machine meets everyone.
 */

const ADDRESSES = 65_536;
const EDITS = 5_000;
const ORDERS = ['evenly', 'as traffic'] as const;

export interface DecisionJob {
  readonly families: Families;
  readonly rangeCount: number;
  readonly rounds: number;
  readonly roundMs: number;
}

export interface ContenderFigures {
  readonly name: string;
  readonly isOurs: boolean;
  /** Share of the addresses for which it gives the same answer as ours. */
  readonly agreement: number;
  /** Lookups a second, by the order of asking. */
  readonly perSecond: Readonly<Record<(typeof ORDERS)[number], number>>;
}

export interface DecisionFigures extends DecisionJob {
  readonly contenders: readonly ContenderFigures[];
  /** Of the matcher, and of the ranges themselves. */
  readonly bytesPerRange: { readonly index: number; readonly ranges: number };
  readonly editUs: { readonly p50: number; readonly p99: number; readonly max: number };
}

const collectGarbage = (): void => {
  if (globalThis.gc === undefined) throw new Error('start this with --expose-gc');
  globalThis.gc();
};

/** Processor time of this process, in milliseconds: whoever else is busy on the machine does not count. */
const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};

/** Lookups a second of processor time, over a round of at least `roundMs`; begins at the place of the order where the last one ended. */
const createTimer = (workload: Workload, order: Uint32Array, roundMs: number) => {
  let place = 0;
  let found = 0;
  return (contender: Contender): number => {
    let chunk = 4;
    let lookups = 0;
    const startedAt = processorMs();
    for (;;) {
      for (let i = 0; i < chunk; i += 1) {
        const address = workload.addresses[order[place] as number] as string;
        if (contender.contains(address)) found += 1;
        place = place + 1 === order.length ? 0 : place + 1;
      }
      lookups += chunk;
      const elapsedMs = processorMs() - startedAt;
      // `found` is looked at, or the compiler might find that nobody needs the answers.
      if (elapsedMs >= roundMs && found >= 0) return (lookups / elapsedMs) * 1e3;
      const eighth = ((lookups / Math.max(elapsedMs, 0.05)) * roundMs) / 8;
      chunk = Math.min(16_384, chunk * 2, Math.ceil(eighth) + 1);
    }
  };
};

const measureContenders = (contenders: readonly Contender[], workload: Workload, job: DecisionJob) => {
  const rates = contenders.map(() => ({ evenly: [] as number[], 'as traffic': [] as number[] }));
  for (const kind of ORDERS) {
    const time = createTimer(workload, askingOrder(kind, ADDRESSES), job.roundMs);
    // The first round is for the compiler and does not count.
    for (let round = 0; round <= job.rounds; round += 1) {
      contenders.forEach((contender, place) => {
        const rate = time(contender);
        if (round > 0) rates[place]?.[kind].push(rate);
      });
    }
  }
  const sample = workload.addresses.slice(0, 2_000);
  const [ours] = contenders;
  return contenders.map((contender, place): ContenderFigures => ({
    name: contender.name,
    isOurs: contender.isOurs,
    agreement: sample.filter((ip) => contender.contains(ip) === ours?.contains(ip)).length / sample.length,
    perSecond: {
      evenly: median(rates[place]?.evenly ?? []),
      'as traffic': median(rates[place]?.['as traffic'] ?? []),
    },
  }));
};

/** Takes a range out and puts it back, thousands of times; one edit in microseconds. */
const measureEdits = (matcher: RangeMatcher, workload: Workload): DecisionFigures['editUs'] => {
  const times: number[] = [];
  for (let edit = 0; edit < EDITS; edit += 1) {
    const range = workload.ranges[(edit * 7919) % workload.ranges.length];
    if (range === undefined) throw new Error('there are no ranges');
    for (const work of [() => matcher.delete(range.id), () => matcher.set(range)]) {
      const startedAt = performance.now();
      work();
      times.push((performance.now() - startedAt) * 1e3);
    }
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), max: Math.max(...times) };
};

const run = (job: DecisionJob): DecisionFigures => {
  collectGarbage();
  const emptyHeap = process.memoryUsage().heapUsed;
  const ranges = createRanges(job.rangeCount, job.families);
  collectGarbage();
  const rangesHeap = process.memoryUsage().heapUsed;
  const matcher = new RangeMatcher();
  for (const range of ranges) matcher.set(range);
  collectGarbage();
  const filledHeap = process.memoryUsage().heapUsed;
  const workload = { ranges, addresses: createAddresses(ranges, ADDRESSES, job.families) };
  const contenders = createContenders(workload, job.families, matcher);
  return {
    ...job,
    contenders: measureContenders(contenders, workload, job),
    bytesPerRange: {
      index: (filledHeap - rangesHeap) / job.rangeCount,
      ranges: (rangesHeap - emptyHeap) / job.rangeCount,
    },
    editUs: measureEdits(matcher, workload),
  };
};

const [job] = process.argv.slice(2);
if (job === undefined) throw new Error('this takes a job as JSON');
console.log(JSON.stringify(run(JSON.parse(job) as DecisionJob)));
