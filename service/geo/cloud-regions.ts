import { readFile } from 'node:fs/promises';
import { cidrOf, formatCidr, type Cidr, type IpAddress, type IpFamily } from '#shared/ip/index';
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

/** The regions of networks, looked up by the longest prefix. */
class RegionTable {
  readonly #regions = new Map<string, string>();
  /** The prefix lengths in use, the longest first. */
  readonly #lengths: Readonly<Record<IpFamily, number[]>> = { 4: [], 6: [] };

  get size(): number {
    return this.#regions.size;
  }

  add(cidr: Cidr, region: string): void {
    this.#regions.set(formatCidr(cidr), region);
    const lengths = this.#lengths[cidr.family];
    if (lengths.includes(cidr.prefixLength)) return;
    lengths.push(cidr.prefixLength);
    lengths.sort((a, b) => b - a);
  }

  find(address: IpAddress): string | undefined {
    for (const length of this.#lengths[address.family]) {
      const region = this.#regions.get(formatCidr(cidrOf(address, length)));
      if (region !== undefined) return region;
    }
    return undefined;
  }
}

/** @throws UnusableFileError if the file is no list with regions; also the errors of the file system. */
async function readCloudList(path: string, sizeBytes: number): Promise<RegionTable> {
  if (sizeBytes > MAX_LIST_BYTES) throw new UnusableFileError('is larger than any list of a cloud');
  const document = readRanges(await readFile(path, 'utf8'), { nowMs: 0, onlyRanges: true });
  if ('refused' in document) throw new UnusableFileError(document.refused);
  const table = new RegionTable();
  for (const { reading } of entriesOf(document)) {
    await yieldToEventLoop();
    if (isProblem(reading)) continue;
    const region = reading.attributes?.['region'] ?? reading.attributes?.['scope'];
    if (region === undefined || EVERYWHERE.test(region)) continue;
    for (const cidr of reading.cidrs) table.add(cidr, region);
  }
  if (table.size === 0) throw new UnusableFileError('names no region of a cloud');
  return table;
}

interface CloudList {
  readonly signature: FileSignature;
  readonly table: RegionTable;
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

  regionOf(address: IpAddress): string | undefined {
    for (const { table } of this.#lists.values()) {
      const region = table.find(address);
      if (region !== undefined) return region;
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
      const table = await readCloudList(path, state.sizeBytes);
      this.#log.write('info', 'geo.regions_loaded', { file: path, networks: table.size });
      return { signature, table };
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
