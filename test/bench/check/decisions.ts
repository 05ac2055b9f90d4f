import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ContenderFigures, DecisionFigures, DecisionJob } from './decisions-worker';
import { heading, readable, table, target } from '../figures';
import type { Families } from './workload';

const run = promisify(execFile);

const measure = async (programs: string, job: DecisionJob): Promise<DecisionFigures> => {
  const program = join(programs, 'decisions-worker.js');
  const { stdout } = await run(process.execPath, ['--expose-gc', program, JSON.stringify(job)]);
  return JSON.parse(stdout) as DecisionFigures;
};

const bestPeer = ({ contenders }: DecisionFigures): ContenderFigures | undefined =>
  contenders
    .filter(({ isOurs }) => !isOurs)
    .sort((a, b) => b.perSecond.evenly - a.perSecond.evenly)
    .at(0);

const ours = ({ contenders }: DecisionFigures): ContenderFigures => {
  const [first] = contenders;
  if (first === undefined) throw new Error('nothing was measured');
  return first;
};

const print = (figures: readonly DecisionFigures[]): void => {
  for (const each of figures) {
    const best = bestPeer(each);
    console.log(`\n  ${each.rangeCount.toLocaleString('en')} ranges, ${each.families}`);
    table([
      ['', 'evenly asked', 'as traffic asks', 'to the best peer', 'same answers'],
      ...each.contenders.map(({ name, perSecond, agreement }) => [
        `  ${name}`,
        `${readable(perSecond.evenly)}/s`,
        `${readable(perSecond['as traffic'])}/s`,
        best === undefined ? '' : (perSecond.evenly / best.perSecond.evenly).toFixed(2),
        `${(agreement * 100).toFixed(1)} %`,
      ]),
    ]);
    const { index, ranges } = each.bytesPerRange;
    const { p50, p99, max } = each.editUs;
    const totalMb = (index * each.rangeCount) / 1e6;
    console.log(
      `    memory ${totalMb.toFixed(1)} MB, without the ranges themselves (${ranges.toFixed(0)} bytes ` +
        `each); an edit takes ${p50.toFixed(1)} µs, p99 ${p99.toFixed(1)} µs, longest ${max.toFixed(0)} µs`,
    );
  }
};

const judge = (figures: readonly DecisionFigures[], families: Families): void => {
  const at = (rangeCount: number): DecisionFigures | undefined =>
    figures.find((each) => each.families === families && each.rangeCount === rangeCount);
  const [tenThousand, million] = [at(10_000), at(1_000_000)];
  if (tenThousand !== undefined) {
    const best = bestPeer(tenThousand)?.perSecond.evenly ?? Number.NaN;
    target(
      `${families}: to the best npm matcher, 10,000 ranges`,
      ours(tenThousand).perSecond.evenly / best,
      1,
      'at least',
    );
  }
  if (million === undefined) return;
  target(
    `${families}: microseconds for one at 1,000,000 ranges`,
    1e6 / ours(million).perSecond.evenly,
    10,
    'at most',
  );
};

/** Decisions in process, from the text of an address, against what npm has. */
export const benchDecisions = async (programs: string, isQuick: boolean): Promise<void> => {
  heading('Decisions in process, address as text, by seconds of processor time');
  const sizes = isQuick ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000];
  const pace = isQuick ? { rounds: 5, roundMs: 30 } : { rounds: 9, roundMs: 60 };
  const figures: DecisionFigures[] = [];
  for (const families of ['IPv4', 'IPv4 and IPv6'] as const) {
    for (const rangeCount of sizes) figures.push(await measure(programs, { families, rangeCount, ...pace }));
  }
  print(figures);
  console.log('');
  for (const families of ['IPv4', 'IPv4 and IPv6'] as const) judge(figures, families);
};
