import { existsSync, rmSync, writeFileSync } from 'node:fs';

import { capture } from './child-processes.ts';
import type { Outcome } from './child-processes.ts';
import { aptLine, missingPackages } from './debian.ts';
import { LaunchProblem } from './launch-problem.ts';

const POLICY = '/usr/sbin/policy-rc.d';
const LIMIT_MS = 20 * 60 * 1000;

/** Which of these Debian packages are not installed. */
export async function findMissing(packages: readonly string[]): Promise<string[]> {
  const query = await capture('dpkg-query', ['-W', '-f', '${db:Status-Abbrev} ${Package}\\n', ...packages]);
  return missingPackages(packages, query.stdout);
}

/**
 * Installs Debian packages, refreshing the package lists only where they turn out to be missing or stale. Services
 * among them are neither started nor enabled: what is wanted are their programs.
 * @throws LaunchProblem where apt-get fails.
 */
export async function install(packages: readonly string[]): Promise<void> {
  const release = forbidServiceStarts();
  try {
    const first = await aptGet('install', ...packages);
    if (first.code === 0) return;
    const update = await aptGet('update');
    const second = await aptGet('install', ...packages);
    if (second.code === 0) return;
    const reason = lastComplaint(second) ?? lastComplaint(update) ?? 'it did not say why';
    throw new LaunchProblem(`\`${aptLine(packages, true)}\` failed: ${reason}.`);
  } finally {
    release();
    if (packages.includes('nginx')) await capture('update-rc.d', ['nginx', 'disable']);
  }
}

function aptGet(command: 'install' | 'update', ...packages: string[]): Promise<Outcome> {
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=2'];
  const how = command === 'install' ? ['-y', '--no-install-recommends'] : [];
  return capture('apt-get', [...options, command, ...how, ...packages], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1', LC_ALL: 'C' },
    limitMs: LIMIT_MS,
  });
}

function lastComplaint(outcome: Outcome): string | undefined {
  if (outcome.timedOut) return `it took longer than ${LIMIT_MS / 60_000} minutes`;
  const complaints = outcome.stderr.split('\n').filter((line) => line.startsWith('E: '));
  return complaints[0]?.slice('E: '.length).replace(/\.$/, '');
}

/**
 * Debian packages start their services unless this policy forbids it. An administrator's own policy stays in force.
 * The file asks whether this process is still alive, so that one left behind forbids nothing.
 * https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
 */
function forbidServiceStarts(): () => void {
  if (existsSync(POLICY)) return () => undefined;
  const script = `#!/bin/sh\nkill -0 ${process.pid} 2>/dev/null && exit 101\nexit 0\n`;
  writeFileSync(POLICY, script, { mode: 0o755 });
  const remove = (): void => rmSync(POLICY, { force: true });
  process.once('exit', remove);
  return () => {
    process.removeListener('exit', remove);
    remove();
  };
}
