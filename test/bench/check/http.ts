import { join } from 'node:path';
import { hasNginx, startNginx } from '#test/support/service/nginx';
import { heading, median, readable, table, target } from '../figures';
import type { FilledService } from './filled-service';
import { onProcessor, startProgram, type Program } from './program';
import { warmUp, type Load, type LoadFigures } from './wrk';

export interface Pace {
  readonly rounds: number;
  readonly roundSeconds: number;
}

interface Side {
  readonly name: string;
  readonly url: string;
  /** Who answers, for its processor time. */
  readonly program: Program;
}

interface SideFigures extends LoadFigures {
  /** Processor time of the program for a request, in microseconds. */
  readonly processorUs: number;
}

const measure = async (
  load: Load,
  { url, program }: Side,
  pace: Pace,
  pinned: readonly string[],
): Promise<SideFigures> => {
  const before = program.processorMs();
  const figures = await load.send(url, pace.roundSeconds, pinned);
  return { ...figures, processorUs: ((program.processorMs() - before) / figures.requests) * 1e3 };
};

const middle = (rounds: readonly SideFigures[]): SideFigures => ({
  requests: median(rounds.map(({ requests }) => requests)),
  processorUs: median(rounds.map(({ processorUs }) => processorUs)),
  perSecond: median(rounds.map(({ perSecond }) => perSecond)),
  p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
  p99Ms: median(rounds.map(({ p99Ms }) => p99Ms)),
});

/** Loads both sides in turn, after a warm-up, and prints their medians. */
const compare = async (
  load: Load,
  [base, checked]: readonly [Side, Side],
  pace: Pace,
  pinned: readonly string[],
): Promise<{ readonly throughput: number; readonly p99: number }> => {
  const measured = new Map<Side, SideFigures[]>([
    [base, []],
    [checked, []],
  ]);
  for (const side of measured.keys()) await warmUp(load, side.url, pinned);
  for (let round = 0; round < pace.rounds; round += 1) {
    for (const [side, rounds] of measured) rounds.push(await measure(load, side, pace, pinned));
  }
  const [baseFigures, checkedFigures] = [
    middle(measured.get(base) ?? []),
    middle(measured.get(checked) ?? []),
  ];
  const throughput = checkedFigures.perSecond / baseFigures.perSecond;
  const p99 = checkedFigures.p99Ms / baseFigures.p99Ms;
  const processor = baseFigures.processorUs / checkedFigures.processorUs;
  const row = (name: string, { perSecond, processorUs, p50Ms, p99Ms }: SideFigures): string[] => [
    name,
    `${readable(perSecond)}/s`,
    `${processorUs.toFixed(1)} us`,
    `${p50Ms.toFixed(2)} ms`,
    `${p99Ms.toFixed(2)} ms`,
  ];
  table([
    ['', 'requests', 'processor each', 'p50', 'p99'],
    row(base.name, baseFigures),
    row(checked.name, checkedFigures),
    [
      'ratio',
      throughput.toFixed(2),
      processor.toFixed(2),
      (checkedFigures.p50Ms / baseFigures.p50Ms).toFixed(2),
      p99.toFixed(2),
    ],
  ]);
  return { throughput, p99 };
};

/** `/v1/check` against a server that answers 200 to everything: asked directly, and by nginx. */
export const benchHttp = async (
  programs: string,
  filled: FilledService,
  load: Load,
  pace: Pace,
): Promise<void> => {
  const constantProgram = join(programs, 'constant-server.js');
  heading('HTTP, 10,000 ranges, logging on, 32 connections');
  const [serverCore, loadCore] = [onProcessor(0), onProcessor(1)];
  const constant = await startProgram(constantProgram, {}, serverCore);
  const service = await filled.start(serverCore);
  const direct = await compare(
    load,
    [
      { name: 'constant 200', url: `${constant.url}/v1/check`, program: constant },
      { name: '/v1/check', url: `${service.url}/v1/check`, program: service },
    ],
    pace,
    loadCore,
  );
  await Promise.all([constant.stop(), service.stop()]);
  target('requests/s, /v1/check to constant 200', direct.throughput, 0.6, 'at least');
  target('p99, /v1/check to constant 200', direct.p99, 1.5, 'at most');
  await benchNginx(constantProgram, filled, load, pace);
};

const benchNginx = async (
  constantProgram: string,
  filled: FilledService,
  load: Load,
  pace: Pace,
): Promise<void> => {
  heading('The same through nginx, auth_request in front of a proxied API');
  if (!hasNginx()) {
    console.log('  skipped: nginx is not installed');
    return;
  }
  // Nobody is held to a processor here: nginx, who asks and the load share what there is, as on a real machine. One round
  // differs more from the next for that.
  const longPace = { ...pace, rounds: pace.rounds * 2 + 1 };
  const api = await startProgram(constantProgram);
  const constant = await startProgram(constantProgram);
  const service = await filled.start([]);
  const askingConstant = await startNginx(constant.url, api.url);
  const askingService = await startNginx(service.url, api.url);
  try {
    const { throughput } = await compare(
      load,
      [
        { name: 'nginx asking constant 200', url: `${askingConstant.url}/`, program: constant },
        { name: 'nginx asking /v1/check', url: `${askingService.url}/`, program: service },
      ],
      longPace,
      [],
    );
    target('requests/s through nginx', throughput, 0.85, 'at least');
  } finally {
    await Promise.all([askingConstant, askingService, api, constant, service].map((each) => each.stop()));
  }
};
