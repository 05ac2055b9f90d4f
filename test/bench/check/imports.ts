import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { heading, median, table, target } from '../figures';
import { OWNER, type FilledService } from './filled-service';
import type { Pace } from './http';
import { onProcessor } from './program';
import { warmUp, type Load, type LoadFigures } from './wrk';

const run = promisify(execFile);

const LINES = 100_000;
const LARGEST_P99_MS = 25;
/** By which imports begin before the load: making their text would take the load's processor. */
const LEAD_SECONDS = 1;

export interface ImporterJob {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
  readonly lines: number;
  /** Which text comes first; the next ones follow. */
  readonly first: number;
  /** Whole imports, one after the other, until so long has passed. */
  readonly seconds: number;
}

export interface ImporterFigures {
  /** How long each took to be answered, in milliseconds. */
  readonly times: readonly number[];
}

/** What imports of 100,000 lines and previews of them take, and what they do to checks: the same load without and with them, in turn. */
export const benchImports = async (
  programs: string,
  filled: FilledService,
  load: Load,
  pace: Pace,
): Promise<void> => {
  heading(`Imports of ${LINES.toLocaleString('en')} lines at 100,000 ranges`);
  const service = await filled.start(onProcessor(0));
  const [url, loadCore] = [`${service.url}/v1/check`, onProcessor(1)];
  let texts = 0;
  const importing = async (dryRun: boolean, seconds: number): Promise<readonly number[]> => {
    const job: ImporterJob = {
      url: service.url,
      headers: OWNER,
      dryRun,
      lines: LINES,
      first: texts,
      seconds,
    };
    const { stdout } = await run(loadCore[0] ?? process.execPath, [
      ...(loadCore.length > 0 ? [...loadCore.slice(1), process.execPath] : []),
      join(programs, 'importer.js'),
      JSON.stringify(job),
    ]);
    const { times } = JSON.parse(stdout) as ImporterFigures;
    texts += times.length;
    return times;
  };
  const kinds = [true, false].map((dryRun) => ({
    dryRun,
    quiet: [] as LoadFigures[],
    meanwhile: [] as LoadFigures[],
    alone: [] as number[],
    underLoad: [] as number[],
  }));
  try {
    await warmUp(load, url, loadCore);
    for (let round = 0; round < pace.rounds; round += 1) {
      for (const { dryRun, quiet, meanwhile, alone, underLoad } of kinds) {
        alone.push(...(await importing(dryRun, 0)));
        quiet.push(await load.send(url, pace.roundSeconds, loadCore));
        const [times, figures] = await Promise.all([
          importing(dryRun, pace.roundSeconds + LEAD_SECONDS),
          wait(LEAD_SECONDS * 1e3).then(() => load.send(url, pace.roundSeconds, loadCore)),
        ]);
        underLoad.push(...times);
        meanwhile.push(figures);
      }
    }
  } finally {
    await service.stop();
  }
  const p99 = (rounds: readonly LoadFigures[]): number => median(rounds.map(({ p99Ms }) => p99Ms));
  const rate = (rounds: readonly LoadFigures[]): number => median(rounds.map(({ perSecond }) => perSecond));
  const seconds = (times: readonly number[]): string => `${(median(times) / 1e3).toFixed(2)} s`;
  table([
    ['', 'alone', 'under load', 'checks quiet', 'p99', 'checks meanwhile', 'p99'],
    ...kinds.map(({ dryRun, quiet, meanwhile, alone, underLoad }) => [
      dryRun ? 'preview, first page' : 'import',
      seconds(alone),
      seconds(underLoad),
      `${rate(quiet).toFixed(0)}/s`,
      `${p99(quiet).toFixed(2)} ms`,
      `${rate(meanwhile).toFixed(0)}/s`,
      `${p99(meanwhile).toFixed(2)} ms`,
    ]),
  ]);
  for (const { dryRun, quiet, meanwhile, alone } of kinds) {
    const what = dryRun ? 'preview' : 'import';
    target(`${what}, seconds alone`, median(alone) / 1e3, dryRun ? 2 : 5, 'at most');
    target(`p99 of checks during ${what} to without`, p99(meanwhile) / p99(quiet), 2, 'at most');
    target(`p99 of checks during ${what}, ms`, p99(meanwhile), LARGEST_P99_MS, 'at most');
  }
};
