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

const EDITS_PER_SECOND = 100;
/**
 * So many edits, among checks and quicker than later, until their code is compiled: each step of that takes some milliseconds of
 * the service's processor, which is not what edits cost.
 */
const WARM_UP = { seconds: 12, editsPerSecond: 400 } as const;

/** By which edits begin before the load and end after it: starting their program would take the load's processor. */
const LEAD_SECONDS = 1;

export interface EditorJob {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** At most so many; no more than one is under way at a time. */
  readonly perSecond: number;
  readonly seconds: number;
}

export interface EditorFigures {
  readonly perSecond: number;
  /** How long an edit took to be acknowledged, in milliseconds. */
  readonly p99Ms: number;
}

/** What edits do to checks: the same load without and with 100 edits a second, in turn. */
export const benchEdits = async (
  programs: string,
  filled: FilledService,
  load: Load,
  pace: Pace,
): Promise<void> => {
  heading('Edits at 100,000 ranges, under load');
  const service = await filled.start(onProcessor(0));
  const [url, loadCore] = [`${service.url}/v1/check`, onProcessor(1)];
  const send = (seconds: number): Promise<LoadFigures> => load.send(url, seconds, loadCore);
  const edit = async (seconds: number, perSecond = EDITS_PER_SECOND): Promise<EditorFigures> => {
    const job: EditorJob = { url: service.url, headers: OWNER, perSecond, seconds };
    const [command, ...args] = [
      ...loadCore,
      process.execPath,
      join(programs, 'editor.js'),
      JSON.stringify(job),
    ];
    const { stdout } = await run(command, args);
    return JSON.parse(stdout) as EditorFigures;
  };
  const still: LoadFigures[] = [];
  const edited: LoadFigures[] = [];
  const editors: EditorFigures[] = [];
  try {
    await warmUp(load, url, loadCore);
    await Promise.all([edit(WARM_UP.seconds, WARM_UP.editsPerSecond), send(WARM_UP.seconds)]);
    for (let round = 0; round < pace.rounds; round += 1) {
      still.push(await send(pace.roundSeconds));
      const [editor, figures] = await Promise.all([
        edit(pace.roundSeconds + 2 * LEAD_SECONDS),
        wait(LEAD_SECONDS * 1e3).then(() => send(pace.roundSeconds)),
      ]);
      edited.push(figures);
      editors.push(editor);
    }
  } finally {
    await service.stop();
  }
  const p99 = (rounds: readonly LoadFigures[]): number => median(rounds.map(({ p99Ms }) => p99Ms));
  const rate = (rounds: readonly LoadFigures[]): string =>
    median(rounds.map(({ perSecond }) => perSecond)).toFixed(0);
  table([
    ['', 'checks', 'p99'],
    ['no edits', `${rate(still)}/s`, `${p99(still).toFixed(2)} ms`],
    ['100 edits/s', `${rate(edited)}/s`, `${p99(edited).toFixed(2)} ms`],
    ['ratio', '', (p99(edited) / p99(still)).toFixed(2)],
  ]);
  const reached = median(editors.map(({ perSecond }) => perSecond));
  const acknowledged = median(editors.map(({ p99Ms }) => p99Ms));
  console.log(
    `  ${reached.toFixed(0)} edits/s were made, acknowledged within ${acknowledged.toFixed(1)} ms (p99)`,
  );
  target('p99 of checks during edits to without', p99(edited) / p99(still), 2, 'at most');
};
