import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { capture } from './child-processes.ts';
import type { Outcome } from './child-processes.ts';
import { aptLine, missingPackages } from './debian.ts';
import { LaunchProblem } from './launch-problem.ts';
import { TEST_SERVICES } from './packages.ts';

const POLICY = '/usr/sbin/policy-rc.d';
const CLUSTER_SETTING = '/etc/postgresql-common/createcluster.d/gatehouse-setup.conf';
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
  const installed = TEST_SERVICES.filter((service) => packages.includes(service));
  const releases = [
    forbidServiceStarts(),
    ...(installed.includes('postgresql') ? [forbidFirstCluster()] : []),
  ];
  try {
    const first = await aptGet('install', ...packages);
    if (first.code === 0) return;
    const update = await aptGet('update');
    const second = await aptGet('install', ...packages);
    if (second.code === 0) return;
    const reason = lastComplaint(second) ?? lastComplaint(update) ?? 'it did not say why';
    throw new LaunchProblem(`\`${aptLine(packages, true)}\` failed: ${reason}.`);
  } finally {
    for (const release of releases) release();
    for (const service of installed) await disable(service);
  }
}

/**
 * Keeps a service from starting with the system: its init script, where it has one, and its unit. Without systemd
 * there is no systemctl, and what the unit says does not matter.
 */
async function disable(service: string): Promise<void> {
  await capture('update-rc.d', [service, 'disable']);
  await capture('systemctl', ['--root=/', '--quiet', 'disable', `${service}.service`]);
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
  return temporaryFile(POLICY, script, 0o755);
}

/**
 * PostgreSQL's package makes a first database cluster under /var/lib unless it is told not to; the tests make their own
 * in temporary folders. The setting goes with the set-up, so that a PostgreSQL of the user's own is made as usual later.
 * https://manpages.debian.org/bookworm/postgresql-common/pg_createcluster.1.en.html
 */
function forbidFirstCluster(): () => void {
  return temporaryFile(CLUSTER_SETTING, 'create_main_cluster = false\n', 0o644);
}

/** Writes a file that is gone when what is answered is called, or when this process ends. */
function temporaryFile(path: string, content: string, mode: number): () => void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode });
  const remove = (): void => rmSync(path, { force: true });
  process.once('exit', remove);
  return () => {
    process.removeListener('exit', remove);
    remove();
  };
}
