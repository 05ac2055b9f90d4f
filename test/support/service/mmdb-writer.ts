import { writeFileSync } from 'node:fs';
import { DataSection, NO_RECORD, mmdbBytes as bytesOfParts, sideOfRecord, type MmdbValue } from '#build/mmdb';
import { parseRangeText, type Cidr } from '#shared/ip/index';

export type { MmdbValue } from '#build/mmdb';

export interface MmdbContent {
  /** Records by network; a longer prefix wins. */
  readonly records: Readonly<Record<string, MmdbValue>>;
  readonly databaseType?: string;
  readonly ipVersion?: 4 | 6;
  /** Bits of one side of a node. */
  readonly recordSize?: 24 | 28 | 32;
  readonly builtAt?: Date;
}

/** Returns the bytes of a whole file. */
export function mmdbBytes(content: MmdbContent): Buffer {
  const { records, databaseType = 'Test', ipVersion = 6, recordSize = 24, builtAt = new Date(0) } = content;
  const tree = new Tree(ipVersion);
  const data = new DataSection();
  const networks = Object.entries(records).map(([text, record]) => ({ cidr: cidrOfText(text), record }));
  networks.sort((a, b) => a.cidr.prefixLength - b.cidr.prefixLength);
  for (const { cidr, record } of networks) tree.set(cidr, sideOfRecord(data.add(record)));
  const description = 'Made by a test';
  return bytesOfParts({ sides: tree.sides, data, databaseType, description, builtAt, ipVersion, recordSize });
}

/** Writes a file. It is synchronous, so a reader sees all of it. */
export function writeMmdb(path: string, content: MmdbContent): void {
  writeFileSync(path, mmdbBytes(content));
}

function cidrOfText(text: string): Cidr {
  const parsed = parseRangeText(text, { allowWide: true });
  const cidr = parsed.ok ? parsed.cidrs[0] : undefined;
  if (cidr === undefined) throw new Error(`not a network: ${text}`);
  return cidr;
}

class Tree {
  readonly sides: number[] = [NO_RECORD, NO_RECORD];
  readonly #ipVersion: 4 | 6;

  constructor(ipVersion: 4 | 6) {
    this.#ipVersion = ipVersion;
  }

  /** Networks have to be set with ascending prefix lengths. */
  set(cidr: Cidr, record: number): void {
    if (this.#ipVersion === 4 && cidr.family === 6) throw new Error('an IPv4 tree takes no IPv6 network');
    const bits = this.#ipVersion === 4 ? 32 : 128;
    // IPv4 is the low end of an IPv6 tree.
    const length = cidr.family === 4 ? cidr.prefixLength + bits - 32 : cidr.prefixLength;
    let node = 0;
    for (let depth = 0; depth < length; depth += 1) {
      const at = 2 * node + Number((cidr.base >> BigInt(bits - 1 - depth)) & 1n);
      const side = this.sides[at] ?? NO_RECORD;
      if (depth === length - 1) {
        this.sides[at] = record;
        return;
      }
      if (side >= 0) node = side;
      else {
        // The record of the wider network holds for both halves.
        node = this.sides.push(side, side) / 2 - 1;
        this.sides[at] = node;
      }
    }
    throw new Error('a record for every address has no place in the tree');
  }
}
