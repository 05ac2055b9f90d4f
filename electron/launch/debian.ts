import { readFile } from 'node:fs/promises';

/** The facts of os-release that package names depend on. */
export interface Distribution {
  /** Debian, Ubuntu or a derivative. */
  readonly hasApt: boolean;
  /** Libraries have their names of the 64-bit time transition (libgtk-3-0t64 for libgtk-3-0). */
  readonly time64Names: boolean;
}

/** Debian 13 and Ubuntu 24.04 renamed these for 64-bit time. */
const RENAMED = new Set([
  'libasound2',
  'libatk-bridge2.0-0',
  'libatk1.0-0',
  'libatspi2.0-0',
  'libcups2',
  'libglib2.0-0',
  'libgtk-3-0',
]);

const FIRST_TIME64: Readonly<Record<string, number>> = { debian: 13, ubuntu: 24.04 };

/** Parses an os-release file. https://www.freedesktop.org/software/systemd/man/os-release.html */
export function parseOsRelease(text: string): Distribution {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]+)=(["']?)(.*)\2$/.exec(line.trim());
    if (match?.[1] !== undefined && match[3] !== undefined) fields.set(match[1], match[3]);
  }
  const id = fields.get('ID') ?? '';
  const family = [id, ...(fields.get('ID_LIKE') ?? '').split(' ')];
  const first = FIRST_TIME64[id];
  // A derivative has version numbers of its own; Debian testing has none and is newer than 13.
  const version = Number.parseFloat(fields.get('VERSION_ID') ?? 'Infinity');
  return {
    hasApt: family.includes('debian') || family.includes('ubuntu'),
    time64Names: first !== undefined && version >= first,
  };
}

/** Returns undefined if the system does not say. */
export async function currentDistribution(): Promise<Distribution | undefined> {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return parseOsRelease(await readFile(path, 'utf8'));
    } catch {
      // Some systems have only the second file.
    }
  }
  return undefined;
}

export function packageName(name: string, distribution: Distribution): string {
  return distribution.time64Names && RENAMED.has(name) ? `${name}t64` : name;
}

/** Returns the exact command that installs packages, for a person. */
export function aptLine(packages: readonly string[], isRoot: boolean): string {
  return `${isRoot ? '' : 'sudo '}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** Returns the missing packages, from the output of `dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n'`. */
export function missingPackages(wanted: readonly string[], dpkgOutput: string): string[] {
  const installed = new Set<string>();
  for (const line of dpkgOutput.split('\n')) {
    const match = /^ii\s+(\S+)$/.exec(line.trim());
    if (match?.[1] !== undefined) installed.add(match[1]);
  }
  return wanted.filter((name) => !installed.has(name));
}
