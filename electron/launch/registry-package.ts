import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { MINUTE_MS } from '#shared/durations';
import { capture } from './child-processes.ts';
import { summarise } from './failure-summary.ts';
import { LaunchProblem } from './launch-problem.ts';

const FETCH_LIMIT_MS = 15 * MINUTE_MS;

/**
 * Fetches a package's tarball with npm, because npm has the registry, proxy and certificate settings. Returns its path
 * below `folder`.
 * @throws LaunchProblem if npm fails.
 */
export async function fetchTarball(
  name: string,
  version: string,
  folder: string,
  configuredIn: string,
): Promise<string> {
  const outcome = await capture(
    'npm',
    ['pack', `${name}@${version}`, '--pack-destination', folder, '--ignore-scripts', '--loglevel=error'],
    { cwd: configuredIn, limitMs: FETCH_LIMIT_MS },
  );
  const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (outcome.code === 0 && tarball !== undefined) return join(folder, tarball);
  const reason = outcome.timedOut
    ? `it took longer than ${FETCH_LIMIT_MS / MINUTE_MS} minutes`
    : summariseNpm(outcome.stderr);
  throw new LaunchProblem(`npm could not fetch ${name}@${version}: ${reason}.`);
}

/** Returns npm's own account of a failure, without its codes and the path of its log. */
export function summariseNpm(stderr: string): string {
  const told = stderr
    .split('\n')
    .map((line) => /^npm (?:error|ERR!) (.*)$/.exec(line.trim())?.[1] ?? '')
    .filter((line) => line !== '' && !/^(code|errno|syscall|A complete log) /.test(line));
  return summarise(told[0] ?? stderr);
}
