import { readFile } from 'node:fs/promises';

/** What os-release says about a Linux system, as far as package names depend on it. */
export interface Distribution {
  /** Debian, Ubuntu or one derived from them: packages come with apt-get. */
  readonly hasApt: boolean;
  /** Its libraries were renamed for 64-bit time (libgtk-3-0 became libgtk-3-0t64). */
  readonly time64Names: boolean;
}

/** Packages that were renamed for 64-bit time in Debian 13 and Ubuntu 24.04. */
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

/** Reads the text of an os-release file. https://www.freedesktop.org/software/systemd/man/os-release.html */
export function parseOsRelease(text: string): Distribution {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]+)=(["']?)(.*)\2$/.exec(line.trim());
    if (match?.[1] !== undefined && match[3] !== undefined) fields.set(match[1], match[3]);
  }
  const id = fields.get('ID') ?? '';
  const family = [id, ...(fields.get('ID_LIKE') ?? '').split(' ')];
  const first = FIRST_TIME64[id];
  // A derived system's version number is its own; Debian's testing has none and is newer than 13.
  const version = Number.parseFloat(fields.get('VERSION_ID') ?? 'Infinity');
  return {
    hasApt: family.includes('debian') || family.includes('ubuntu'),
    time64Names: first !== undefined && version >= first,
  };
}

/** The system this runs on; undefined where it does not say. */
export async function currentDistribution(): Promise<Distribution | undefined> {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return parseOsRelease(await readFile(path, 'utf8'));
    } catch {
      // The second place is for systems without the first.
    }
  }
  return undefined;
}

/** A package's name on this distribution. */
export function packageName(name: string, distribution: Distribution): string {
  return distribution.time64Names && RENAMED.has(name) ? `${name}t64` : name;
}

/** The exact line that installs packages, for the person who reads it. */
export function aptLine(packages: readonly string[], isRoot: boolean): string {
  return `${isRoot ? '' : 'sudo '}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** Which of the wanted packages are missing, from the output of `dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n'`. */
export function missingPackages(wanted: readonly string[], dpkgOutput: string): string[] {
  const installed = new Set<string>();
  for (const line of dpkgOutput.split('\n')) {
    const match = /^ii\s+(\S+)$/.exec(line.trim());
    if (match?.[1] !== undefined) installed.add(match[1]);
  }
  return wanted.filter((name) => !installed.has(name));
}
