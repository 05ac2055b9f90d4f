import { capture } from './child-processes.ts';
import { aptLine, type Distribution, packageName } from './debian.ts';

/** The Debian package of each shared library that Electron needs. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  'libX11-xcb.so.1': 'libx11-xcb1',
  'libX11.so.6': 'libx11-6',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXcursor.so.1': 'libxcursor1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXi.so.6': 'libxi6',
  'libXrandr.so.2': 'libxrandr2',
  'libXrender.so.1': 'libxrender1',
  'libXss.so.1': 'libxss1',
  'libXtst.so.6': 'libxtst6',
  'libasound.so.2': 'libasound2',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcairo.so.2': 'libcairo2',
  'libcups.so.2': 'libcups2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libdrm.so.2': 'libdrm2',
  'libexpat.so.1': 'libexpat1',
  'libgbm.so.1': 'libgbm1',
  'libgcc_s.so.1': 'libgcc-s1',
  'libgdk-3.so.0': 'libgtk-3-0',
  'libgio-2.0.so.0': 'libglib2.0-0',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libgtk-3.so.0': 'libgtk-3-0',
  'libnotify.so.4': 'libnotify4',
  'libnspr4.so': 'libnspr4',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libpangocairo-1.0.so.0': 'libpangocairo-1.0-0',
  'libsecret-1.so.0': 'libsecret-1-0',
  'libsmime3.so': 'libnss3',
  'libssl3.so': 'libnss3',
  'libudev.so.1': 'libudev1',
  'libuuid.so.1': 'libuuid1',
  'libxcb.so.1': 'libxcb1',
  'libxkbcommon.so.0': 'libxkbcommon0',
};

/** Electron opens these at run time; without them it starts, and silently shows no notification. */
const OPENED_LATER = ['libnotify.so.4'];

/** Returns the shared libraries that `ldd` did not find. */
export function missingFromLdd(output: string): string[] {
  const missing = new Set<string>();
  for (const line of output.split('\n')) {
    const match = /^\s*(\S+) => not found\s*$/.exec(line);
    if (match?.[1] !== undefined) missing.add(match[1]);
  }
  return [...missing];
}

/** Returns the sorted Debian packages of these libraries, and the libraries whose package is unknown. */
export function packagesFor(
  libraries: readonly string[],
  distribution: Distribution,
): { packages: string[]; unknown: string[] } {
  const packages = new Set<string>();
  const unknown: string[] = [];
  for (const library of libraries) {
    const name = PACKAGE_OF[library];
    if (name === undefined) unknown.push(library);
    else packages.add(packageName(name, distribution));
  }
  return { packages: [...packages].sort(), unknown };
}

/** Returns a sentence that names the missing libraries and the remedy. */
export function describeMissing(
  libraries: readonly string[],
  distribution: Distribution | undefined,
  isRoot: boolean,
): string {
  const noun = libraries.length === 1 ? 'the shared library' : 'the shared libraries';
  const lead = `Electron needs ${noun} ${libraries.join(', ')}, which this system lacks`;
  if (distribution?.hasApt !== true) {
    return `${lead}: install what holds ${libraries.length === 1 ? 'it' : 'them'} with your system's package manager.`;
  }
  const { packages, unknown } = packagesFor(libraries, distribution);
  const rest = unknown.length === 0 ? '' : `, and the packages that hold ${unknown.join(', ')}`;
  if (packages.length === 0) return `${lead}: install the packages that hold ${unknown.join(', ')}.`;
  return `${lead}: ${aptLine(packages, isRoot)}${rest}`;
}

/** Returns the linked libraries that this system lacks; none if `ldd` fails. */
export async function missingLibraries(executable: string): Promise<string[]> {
  return missingFromLdd((await capture('ldd', [executable])).stdout);
}

/** Returns the run-time libraries that this system lacks; none if the linker's cache cannot be read. */
export async function missingOptionalLibraries(): Promise<string[]> {
  const listing = await capture('/sbin/ldconfig', ['-p']);
  if (listing.code !== 0) return [];
  return OPENED_LATER.filter((library) => !listing.stdout.includes(`\t${library} `));
}
