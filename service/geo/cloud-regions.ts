import { readFile } from 'node:fs/promises';
import { reasonInWords } from '#shared/domain/sentence';
import type { IpAddress } from '#shared/ip/index';
import { PrefixTables } from '../enforcement/prefix-tables';
import { entriesOf, readRanges } from '../readers/read-ranges';
import { isProblem } from '../readers/document';
import { yieldToEventLoop } from '../runtime/yield-to-event-loop';
import type { ServiceLog } from '../service-log';
import { findCloudLists } from './conventional-files';
import { fileStateIfThere, fileTrouble, UnusableFileError, type FileSignature } from './file-state';

/** Azure's, the largest, has 5 MB. */
const MAX_LIST_BYTES = 16 * 1024 ** 2;

/** AWS and Google name so what belongs to no region. */
const EVERYWHERE = /^global$/i;

/** @throws UnusableFileError if the file is no list with regions; also the errors of the file system. */
async function readCloudList(path: string, sizeBytes: number): Promise<PrefixTables<string>> {
  if (sizeBytes > MAX_LIST_BYTES) throw new UnusableFileError('is larger than any list of a cloud');
  const document = readRanges(await readFile(path, 'utf8'), { nowMs: 0, onlyRanges: true });
  if ('refused' in document) throw new UnusableFileError(reasonInWords(document.refused));
  const regions = new PrefixTables<string>();
  for (const { reading } of entriesOf(document)) {
    await yieldToEventLoop();
    if (isProblem(reading)) continue;
    const region = reading.attributes?.['region'] ?? reading.attributes?.['scope'];
    if (region === undefined || EVERYWHERE.test(region)) continue;
    for (const cidr of reading.cidrs) regions.set(cidr, region);
  }
  if (regions.size === 0) throw new UnusableFileError('names no region of a cloud');
  return regions;
}

interface CloudList {
  readonly signature: FileSignature;
  readonly regions: PrefixTables<string>;
}

/** The regions of clouds, from the lists that they publish, where somebody keeps these beside the other data files. */
export class CloudRegions {
  readonly #folders: readonly string[];
  readonly #log: ServiceLog;
  #lists: ReadonlyMap<string, CloudList> = new Map();
  /** The signatures of refused files, so that each is read and reported once. */
  readonly #refused = new Map<string, FileSignature>();

  constructor(folders: readonly string[], log: ServiceLog) {
    this.#folders = folders;
    this.#log = log;
  }

  /** Returns the region of the smallest network around the address in the first list that has one. */
  regionOf({ family, value }: IpAddress): string | undefined {
    for (const { regions } of this.#lists.values()) {
      for (const table of regions.longestFirst(family)) {
        const region = table.get(value);
        if (region !== undefined) return region;
      }
    }
    return undefined;
  }

  /** Reads what is new. A list that cannot be read any more stays as it was; one whose file is gone goes. */
  async refresh(): Promise<void> {
    const lists = new Map<string, CloudList>();
    for (const path of await findCloudLists(this.#folders)) {
      const list = await this.#read(path);
      if (list !== undefined) lists.set(path, list);
    }
    this.#lists = lists;
  }

  async #read(path: string): Promise<CloudList | undefined> {
    const held = this.#lists.get(path);
    const state = await fileStateIfThere(path);
    if (state === undefined) return undefined;
    const { signature } = state;
    if (signature === held?.signature || signature === this.#refused.get(path)) return held;
    try {
      const regions = await readCloudList(path, state.sizeBytes);
      this.#log.write('info', 'geo.regions_loaded', { file: path, networks: regions.size });
      return { signature, regions };
    } catch (error) {
      this.#refused.set(path, signature);
      this.#log.write('warn', 'geo.regions_unusable', {
        file: path,
        reason: `${path} ${fileTrouble(error)}`,
      });
      return held;
    }
  }
}
