import { parseAddress } from '#shared/ip/index';
import { SettingError } from '../config';
import { reservedNetworkOf } from '../enforcement/trust/reserved-networks';
import { UNKNOWN_GEOLOCATION, type Geolocation, type Geolocations } from './geolocation';
import type { ServiceLog } from '../service-log';
import { CloudRegions } from './cloud-regions';
import { conventionalFolders, findConventionalFiles, type GeoRole } from './conventional-files';
import { defaultFile } from './default-file';
import { FILE_POLL_INTERVAL_MS, fileStateIfThere, fileTrouble } from './file-state';
import { openMmdb, type MmdbFile } from './mmdb-file';
import { MmdbSource, type Candidate } from './mmdb-source';
import { createWorkLoop } from '../runtime/work-loop';

/** Country, region and network of addresses, from files that are read again when they change. */
export interface GeoLookup extends Geolocations {
  /** Never throws: unknown values, and all values of text that is no address, are null. */
  lookup(ip: string): Geolocation;
  /**
   * Reads the files and watches them. Files found by convention are optional.
   * @throws SettingError if a file of a setting cannot be read.
   */
  start(): Promise<void>;
  stop(): Promise<void>;
  reload(): Promise<void>;
  /** The files in use, for diagnosis. */
  files(): Readonly<Record<GeoRole, string | null>>;
}

type DefaultFiles = Readonly<Record<GeoRole, string | undefined>>;

export interface GeoLookupOptions {
  /** GATEHOUSE_COUNTRY_MMDB; if undefined, a file found by convention, else the installed default. */
  readonly countryMmdb: string | undefined;
  /** GATEHOUSE_ASN_MMDB; likewise. */
  readonly asnMmdb: string | undefined;
  readonly dataDir: string;
  readonly log: ServiceLog;
  readonly pollIntervalMs?: number;
  /** The folders that are searched; the platform's usual ones by default. */
  readonly folders?: readonly string[];
  /** The last choices; by default the files that come with the service. */
  readonly defaultFiles?: DefaultFiles;
}

const SETTINGS: Readonly<Record<GeoRole, string>> = {
  country: 'GATEHOUSE_COUNTRY_MMDB',
  asn: 'GATEHOUSE_ASN_MMDB',
};

function isReserved(ip: string): boolean {
  const parsed = parseAddress(ip);
  return parsed.ok && reservedNetworkOf(parsed.address) !== undefined;
}

export function createGeoLookup(options: GeoLookupOptions): GeoLookup {
  const { log, countryMmdb, asnMmdb } = options;
  const folders = options.folders ?? conventionalFolders(options.dataDir, process.platform, process.env);
  const defaults: DefaultFiles = options.defaultFiles ?? {
    country: defaultFile('country'),
    asn: defaultFile('asn'),
  };

  const candidatesOf = async (role: GeoRole, setPath: string | undefined): Promise<readonly Candidate[]> => {
    if (setPath !== undefined) return [{ path: setPath, rank: 0, isFixed: false }];
    const found = await findConventionalFiles(role, folders);
    const candidates = found.map((file): Candidate => ({ ...file, isFixed: false }));
    const path = defaults[role];
    if (path === undefined) return candidates;
    return [...candidates, { path, rank: Number.MAX_SAFE_INTEGER, isFixed: true }];
  };

  /** A file with countries and networks serves both roles and is held once. */
  const openOnce = async (path: string): Promise<MmdbFile> => {
    const signature = (await fileStateIfThere(path))?.signature;
    const held = [country.file, asn.file].find((file) => file?.path === path && file.signature === signature);
    return held ?? openMmdb(path);
  };

  const sourceOf = (role: GeoRole, setPath: string | undefined): MmdbSource =>
    new MmdbSource({ role, candidates: () => candidatesOf(role, setPath), open: openOnce, log });
  const country = sourceOf('country', countryMmdb);
  const asn = sourceOf('asn', asnMmdb);
  const clouds = new CloudRegions(folders, log);

  const begin = async (role: GeoRole, source: MmdbSource, setPath: string | undefined): Promise<void> => {
    if (setPath === undefined) {
      await source.refresh();
      if (source.file === undefined) log.write('info', 'geo.no_file', { role });
      return;
    }
    try {
      await source.load(setPath);
    } catch (error) {
      throw new SettingError(SETTINGS[role], `${setPath} ${fileTrouble(error)}`);
    }
  };

  const refresh = async (): Promise<void> => {
    await country.refresh();
    await asn.refresh();
    await clouds.refresh();
  };

  const loop = createWorkLoop({
    pauseMs: options.pollIntervalMs ?? FILE_POLL_INTERVAL_MS,
    work: refresh,
    onError: (error) => log.write('error', 'geo.watch_failed', { error }),
  });

  const isDefault = (file: MmdbFile | undefined): boolean =>
    file !== undefined && (file.path === defaults.country || file.path === defaults.asn);

  const damaged = new WeakSet<MmdbFile>();
  const ask = (file: MmdbFile | undefined, ip: string): Geolocation => {
    // The registries' data assigns a country to private and documentation addresses too, which is meaningless.
    if (file === undefined || (isDefault(file) && isReserved(ip))) return UNKNOWN_GEOLOCATION;
    try {
      return file.lookup(ip);
    } catch (error) {
      if (!damaged.has(file)) log.write('warn', 'geo.file_damaged', { file: file.path, error });
      damaged.add(file);
      return UNKNOWN_GEOLOCATION;
    }
  };

  return {
    lookup: (ip) => {
      const byCountry = ask(country.file, ip);
      const byAsn = asn.file === country.file ? byCountry : ask(asn.file, ip);
      // A file that comes with the service only says what the owner's files do not know.
      const countries = isDefault(country.file) ? [byAsn, byCountry] : [byCountry, byAsn];
      const networks = isDefault(asn.file) ? [byCountry, byAsn] : [byAsn, byCountry];
      // Number and name come from the same file.
      const { region: _, ...network } = networks.find((known) => known.asn !== null) ?? UNKNOWN_GEOLOCATION;
      // So do country and region, but a cloud knows its regions best.
      const place = countries.find((known) => known.country !== null) ?? UNKNOWN_GEOLOCATION;
      const parsed = parseAddress(ip);
      const region = (parsed.ok ? clouds.regionOf(parsed.address) : undefined) ?? place.region;
      return { ...network, country: place.country, ...(region !== undefined && { region }) };
    },
    start: async () => {
      await begin('country', country, countryMmdb);
      await begin('asn', asn, asnMmdb);
      await clouds.refresh();
      loop.start();
    },
    stop: () => loop.stop(),
    reload: () => loop.run(),
    files: () => ({ country: country.file?.path ?? null, asn: asn.file?.path ?? null }),
  };
}
