import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The country of an address, or the network that announces it. */
export type GeoRole = 'country' | 'asn';

export interface FoundFile {
  readonly path: string;
  /** A lower rank is preferred; files of one rank are versions of each other. */
  readonly rank: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A month or day at the end of the name, as DB-IP writes it. */
const DATED = String.raw`(?:-(\d{4}-\d{2}(?:-\d{2})?))?`;

function named(...names: readonly string[]): RegExp {
  return new RegExp(String.raw`^(?:${names.join('|')})${DATED}\.mmdb$`, 'i');
}

/**
 * The usual names, the better data first: MaxMind's paid files, its free ones, IPinfo's, DB-IP's, ip-location-db's. Files
 * for one family alone (`…-ipv4.mmdb`) are ignored, because half of the addresses would silently be unknown.
 */
const NAMES: Readonly<Record<GeoRole, readonly RegExp[]>> = {
  country: [
    named('GeoIP2-Enterprise', 'GeoIP2-Precision-Enterprise'),
    named('GeoIP2-City(?:-[a-z-]+)?'),
    named('GeoIP2-Country'),
    // An updater fetches both by default, and the cities have the regions.
    named('GeoLite2-City'),
    named('GeoLite2-Country'),
    named('ipinfo[_-]lite'),
    named('(?:ipinfo[_-])?country[_-]asn'),
    named('(?:ipinfo[_-])?country', '(?:ipinfo[_-])?ip[_-]country'),
    named('(?:ipinfo[_-])?standard[_-]location', 'ipinfo[_-](?:city|location)'),
    named('dbip-country', 'dbip-country-lite'),
    named('dbip-city', 'dbip-city-lite', 'dbip-location(?:-isp)?', 'dbip-full'),
    named('geolite2-geo-whois-asn-country', 'dbip-geo-whois-asn-country'),
    named('geo-whois-asn-country', 'geo-asn-country', 'asn-country', 'iptoasn-country'),
  ],
  asn: [
    named('GeoIP2-ISP'),
    named('GeoIP2-Enterprise', 'GeoIP2-Precision-Enterprise'),
    named('GeoIP2-ASN'),
    named('GeoLite2-ASN'),
    named('ipinfo[_-]lite'),
    named('(?:ipinfo[_-])?country[_-]asn'),
    named('(?:ipinfo[_-])?(?:standard[_-]|ip[_-])?asn'),
    named('dbip-asn', 'dbip-asn-lite'),
    named('dbip-isp', 'dbip-location-isp', 'dbip-full'),
    named('routeviews-asn', 'iptoasn-asn', 'origin-asn', 'iplocate-asn'),
  ],
};

/** Returns the usual folders: the service's own first, then those of the system's updaters, packages last. */
export function conventionalFolders(
  dataDir: string,
  platform: NodeJS.Platform,
  env: Environment,
): readonly string[] {
  return [join(dataDir, 'geo'), dataDir, ...systemFolders(platform, env)];
}

function systemFolders(platform: NodeJS.Platform, env: Environment): readonly string[] {
  switch (platform) {
    case 'win32':
      // MaxMind's updater writes there: https://github.com/maxmind/geoipupdate
      return [
        join(
          env['ProgramData'] ?? env['PROGRAMDATA'] ?? String.raw`C:\ProgramData`,
          'MaxMind',
          'GeoIPUpdate',
          'GeoIP',
        ),
      ];
    case 'darwin':
      return [
        '/opt/homebrew/var/GeoIP',
        '/usr/local/var/GeoIP',
        '/usr/local/share/GeoIP',
        '/opt/homebrew/share/GeoIP',
        '/usr/share/GeoIP',
      ];
    default:
      return ['/usr/local/share/GeoIP', '/usr/local/var/GeoIP', '/var/lib/GeoIP', '/usr/share/GeoIP'];
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // Most of these folders do not exist on most machines.
    return [];
  }
}

/** The names under which AWS, Google, Azure and Oracle publish the lists of their networks. */
const CLOUD_LISTS: readonly RegExp[] = [
  /^ip-ranges\.json$/i,
  /^cloud\.json$/i,
  /^ServiceTags_Public(?:_\d+)?\.json$/i,
  /^public_ip_ranges\.json$/i,
];

/** Returns one list of each cloud: of the first folder that has one, the newest by its name. */
export async function findCloudLists(folders: readonly string[]): Promise<readonly string[]> {
  const names = await Promise.all(
    folders.map(async (folder) => (await namesIn(folder)).map((name) => ({ folder, name }))),
  );
  return CLOUD_LISTS.flatMap((pattern) => {
    const found = names.map((files) => files.filter(({ name }) => pattern.test(name)));
    const [newest] = found.flatMap((files) => files.sort((a, b) => compareTexts(b.name, a.name)).slice(0, 1));
    return newest === undefined ? [] : [join(newest.folder, newest.name)];
  });
}

/** Returns the files with a usual name in these folders, the preferred one first; of dated ones the newest first. */
export async function findConventionalFiles(
  role: GeoRole,
  folders: readonly string[],
): Promise<readonly FoundFile[]> {
  const found: (FoundFile & { readonly date: string })[] = [];
  for (const [folderIndex, folder] of folders.entries()) {
    for (const name of await namesIn(folder)) {
      const nameIndex = NAMES[role].findIndex((pattern) => pattern.test(name));
      const date = NAMES[role][nameIndex]?.exec(name)?.[1] ?? '';
      const rank = folderIndex * NAMES[role].length + nameIndex;
      if (nameIndex >= 0) found.push({ path: join(folder, name), rank, date });
    }
  }
  return found
    .sort((a, b) => a.rank - b.rank || compareTexts(b.date, a.date) || compareTexts(a.path, b.path))
    .map(({ path, rank }) => ({ path, rank }));
}

/** The order must not depend on the machine's language, as with `localeCompare`. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
