import { open, type Reader, type Response } from 'maxmind';
import { formatAddress, parseAddress } from '#shared/ip/index';
import { UNKNOWN_GEOLOCATION, type Geolocation } from './geolocation';
import { fileState, UnusableFileError, type FileSignature } from './file-state';
import { geolocationOfRecord } from './mmdb-record';

/** One MMDB file in memory, independent of later changes to the file. */
export interface MmdbFile {
  readonly path: string;
  readonly signature: FileSignature;
  /** The file's own name for itself, such as `GeoLite2-Country`. */
  readonly databaseType: string;
  readonly builtAt: Date;
  /**
   * Returns {@link UNKNOWN_GEOLOCATION} for text that is no address.
   * @throws Error if the file is damaged at that record.
   */
  lookup(ip: string): Geolocation;
}

/** Decoded records that are cached for each file. */
const CACHED_RECORDS = 10_000;

/** Files are held in memory; the largest ones for sale have some 600 MB. */
const MAX_SIZE_BYTES = 1024 ** 3;

/** Spread over the tree, so that a truncated file is detected at once. */
const PROBES = [
  ...Array.from({ length: 28 }, (_, index) => `${index * 8 + 1}.${index}.8.8`),
  '2001:4860:4860::8888',
  '2400:cb00::1',
  '2600::1',
  '2800::1',
  '2a00::1',
  '2c0f::1',
];

/**
 * Reads and checks a whole MMDB file.
 * @throws UnusableFileError if it is no such file, is damaged, or was written to meanwhile; also the errors of the file
 * system.
 */
export async function openMmdb(path: string): Promise<MmdbFile> {
  const before = await fileState(path);
  if (before.sizeBytes > MAX_SIZE_BYTES) {
    throw new UnusableFileError(`has more than ${MAX_SIZE_BYTES / 1024 ** 2} MiB`);
  }
  const reader = await readerOf(path);
  const { metadata } = reader;
  if (metadata.searchTreeSize >= before.sizeBytes) {
    throw new UnusableFileError('is damaged: it is shorter than it says itself');
  }
  // The signature would not do: inside an app's archive Electron invents another inode for each `stat`.
  if ((await fileState(path)).lastWrite !== before.lastWrite) {
    throw new UnusableFileError('is being written at this moment');
  }
  const file: MmdbFile = {
    path,
    signature: before.signature,
    databaseType: metadata.databaseType,
    builtAt: metadata.buildEpoch,
    lookup: (ip) => lookup(reader, ip),
  };
  try {
    for (const probe of PROBES) file.lookup(probe);
  } catch (error) {
    throw new UnusableFileError(`is damaged (${error instanceof Error ? error.message : String(error)})`);
  }
  return file;
}

async function readerOf(path: string): Promise<Reader<Response>> {
  let reader: Reader<Response>;
  try {
    reader = await open(path, { cache: { max: CACHED_RECORDS } });
  } catch (error) {
    // The file system's own errors have a `syscall`; the others come from the reader.
    if (error instanceof Error && 'syscall' in error) throw error;
    throw new UnusableFileError(
      `is no MMDB file, or only a part of one (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  const { binaryFormatMajorVersion, ipVersion, nodeCount } = reader.metadata;
  if (binaryFormatMajorVersion !== 2 || !(ipVersion === 4 || ipVersion === 6) || !(nodeCount > 0)) {
    throw new UnusableFileError('is no MMDB file of version 2');
  }
  return reader;
}

function lookup(reader: Reader<Response>, ip: string): Geolocation {
  const parsed = parseAddress(ip);
  if (!parsed.ok) return UNKNOWN_GEOLOCATION;
  const { address } = parsed;
  // The reader would walk an IPv4 tree with the first bits of the IPv6 address and return another address's record.
  if (address.family === 6 && reader.metadata.ipVersion === 4) return UNKNOWN_GEOLOCATION;
  return geolocationOfRecord(reader.get(formatAddress(address)));
}
