import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { MINUTE_MS } from '#shared/durations';
import { capture, type Outcome } from './child-processes.ts';
import { aptLine, missingPackages } from './debian.ts';
import { LaunchProblem } from './launch-problem.ts';
import { TEST_SERVICES } from './packages.ts';

const POLICY = '/usr/sbin/policy-rc.d';
const CLUSTER_SETTING = '/etc/postgresql-common/createcluster.d/gatehouse-setup.conf';
const LIMIT_MS = 20 * MINUTE_MS;

/** Returns those of the Debian packages that are not installed. */
export async function findMissing(packages: readonly string[]): Promise<string[]> {
  const query = await capture('dpkg-query', ['-W', '-f', '${db:Status-Abbrev} ${Package}\\n', ...packages]);
  return missingPackages(packages, query.stdout);
}

/**
 * Installs Debian packages, and refreshes the package lists only if they turn out to be missing or stale. Services among
 * them are neither started nor enabled, because only their programs are needed.
 * @throws LaunchProblem if apt-get fails.
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

/** Disables a service's init script and unit. Without systemd there is no systemctl, and the unit does not matter. */
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
  if (outcome.timedOut) return `it took longer than ${LIMIT_MS / MINUTE_MS} minutes`;
  const complaints = outcome.stderr.split('\n').filter((line) => line.startsWith('E: '));
  return complaints[0]?.slice('E: '.length).replace(/\.$/, '');
}

/**
 * Debian packages start their services unless this policy forbids it. An administrator's own policy stays in force. The
 * script checks that this process is alive, so that a leftover file forbids nothing.
 * https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
 */
function forbidServiceStarts(): () => void {
  if (existsSync(POLICY)) return () => undefined;
  const script = `#!/bin/sh\nkill -0 ${process.pid} 2>/dev/null && exit 101\nexit 0\n`;
  return temporaryFile(POLICY, script, 0o755);
}

/**
 * PostgreSQL's package creates a first database cluster under /var/lib unless this setting forbids it; the tests use
 * temporary folders. The setting is removed afterwards, so that the user's own PostgreSQL gets its cluster later.
 * https://manpages.debian.org/bookworm/postgresql-common/pg_createcluster.1.en.html
 */
function forbidFirstCluster(): () => void {
  return temporaryFile(CLUSTER_SETTING, 'create_main_cluster = false\n', 0o644);
}

/** Writes a file that is removed by the returned function, or when this process ends. */
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
