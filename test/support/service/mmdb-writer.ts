import { writeFileSync } from 'node:fs';
import { parseRangeText, type Cidr } from '#shared/ip/index';

/**
 * Writes MMDB files of version 2, so that tests read real ones:
 * https://github.com/maxmind/MaxMind-DB/blob/main/MaxMind-DB-spec.md
 */

/** Numbers are written as uint32, or as double if they do not fit. */
export type MmdbValue =
  string | number | boolean | bigint | readonly MmdbValue[] | { readonly [name: string]: MmdbValue };

export interface MmdbContent {
  /** Records by network; a longer prefix wins. */
  readonly records: Readonly<Record<string, MmdbValue>>;
  readonly databaseType?: string;
  readonly ipVersion?: 4 | 6;
  /** Bits of one side of a node. */
  readonly recordSize?: 24 | 28 | 32;
  readonly builtAt?: Date;
}

const TYPE = {
  string: 2,
  double: 3,
  uint16: 5,
  uint32: 6,
  map: 7,
  uint64: 9,
  array: 11,
  boolean: 14,
} as const;
const LAST_SHORT_TYPE = 7;
const SEPARATOR = Buffer.alloc(16);
const METADATA_MARKER = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);

/** Returns the bytes of a whole file. */
export function mmdbBytes(content: MmdbContent): Buffer {
  const { records, databaseType = 'Test', ipVersion = 6, recordSize = 24, builtAt = new Date(0) } = content;
  const tree = new Tree(ipVersion);
  const data = new DataSection();
  const networks = Object.entries(records).map(([text, record]) => ({ cidr: cidrOfText(text), record }));
  networks.sort((a, b) => a.cidr.prefixLength - b.cidr.prefixLength);
  for (const { cidr, record } of networks) tree.set(cidr, data.add(record));
  const metadata = encodeMap([
    ['binary_format_major_version', uint(TYPE.uint16, 2n)],
    ['binary_format_minor_version', uint(TYPE.uint16, 0n)],
    ['build_epoch', uint(TYPE.uint64, BigInt(Math.floor(builtAt.getTime() / 1000)))],
    ['database_type', encode(databaseType)],
    ['description', encode({ en: 'Made by a test' })],
    ['ip_version', uint(TYPE.uint16, BigInt(ipVersion))],
    ['languages', encode(['en'])],
    ['node_count', uint(TYPE.uint32, BigInt(tree.nodes.length))],
    ['record_size', uint(TYPE.uint16, BigInt(recordSize))],
  ]);
  return Buffer.concat([tree.bytes(recordSize), SEPARATOR, data.bytes(), METADATA_MARKER, metadata]);
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

/** A side of a node: another node, an offset in the data section, or nothing. */
type Side = { readonly node: number } | { readonly data: number } | null;

class Tree {
  readonly nodes: [Side, Side][] = [[null, null]];
  readonly #ipVersion: 4 | 6;

  constructor(ipVersion: 4 | 6) {
    this.#ipVersion = ipVersion;
  }

  /** Networks have to be set with ascending prefix lengths. */
  set(cidr: Cidr, dataOffset: number): void {
    if (this.#ipVersion === 4 && cidr.family === 6) throw new Error('an IPv4 tree takes no IPv6 network');
    const bits = this.#ipVersion === 4 ? 32 : 128;
    // IPv4 is the low end of an IPv6 tree.
    const length = cidr.family === 4 ? cidr.prefixLength + bits - 32 : cidr.prefixLength;
    let node = 0;
    for (let depth = 0; depth < length; depth += 1) {
      const bit = Number((cidr.base >> BigInt(bits - 1 - depth)) & 1n);
      const current = this.nodes[node];
      if (current === undefined) throw new Error('the tree is broken');
      if (depth === length - 1) {
        current[bit] = { data: dataOffset };
        return;
      }
      const side = current[bit] ?? null;
      if (side !== null && 'node' in side) node = side.node;
      else {
        // The record of the wider network holds for both halves.
        node = this.nodes.push([side, side]) - 1;
        current[bit] = { node };
      }
    }
    throw new Error('a record for every address has no place in the tree');
  }

  bytes(recordSize: 24 | 28 | 32): Buffer {
    const count = this.nodes.length;
    const value = (side: Side): number => {
      if (side === null) return count;
      return 'node' in side ? side.node : count + SEPARATOR.length + side.data;
    };
    return Buffer.concat(this.nodes.map(([left, right]) => nodeBytes(value(left), value(right), recordSize)));
  }
}

function nodeBytes(left: number, right: number, recordSize: 24 | 28 | 32): Buffer {
  const bytes = Buffer.alloc(recordSize / 4);
  if (recordSize === 28) {
    bytes.writeUIntBE(left & 0xff_ffff, 0, 3);
    bytes.writeUInt8(((left >>> 24) << 4) | (right >>> 24), 3);
    bytes.writeUIntBE(right & 0xff_ffff, 4, 3);
  } else {
    bytes.writeUIntBE(left, 0, recordSize / 8);
    bytes.writeUIntBE(right, recordSize / 8, recordSize / 8);
  }
  return bytes;
}

/** Equal records are written once, as in real files. */
class DataSection {
  readonly #parts: Buffer[] = [];
  readonly #offsets = new Map<string, number>();
  #length = 0;

  add(record: MmdbValue): number {
    const bytes = encode(record);
    const key = bytes.toString('base64');
    const known = this.#offsets.get(key);
    if (known !== undefined) return known;
    const offset = this.#length;
    this.#offsets.set(key, offset);
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return offset;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function control(type: number, size: number): Buffer {
  const [low, extra] = sizeBytes(size);
  return type <= LAST_SHORT_TYPE
    ? Buffer.from([(type << 5) | low, ...extra])
    : Buffer.from([low, type - LAST_SHORT_TYPE, ...extra]);
}

function sizeBytes(size: number): readonly [number, readonly number[]] {
  if (size < 29) return [size, []];
  if (size < 285) return [29, [size - 29]];
  if (size < 65_821) return [30, [(size - 285) >> 8, (size - 285) & 0xff]];
  throw new Error('a test needs no value of this size');
}

function uint(type: number, value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes =
    value === 0n ? Buffer.alloc(0) : Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([control(type, bytes.length), bytes]);
}

function encodeMap(fields: readonly (readonly [string, Buffer])[]): Buffer {
  return Buffer.concat([
    control(TYPE.map, fields.length),
    ...fields.flatMap(([name, value]) => [encode(name), value]),
  ]);
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'utf8');
    return Buffer.concat([control(TYPE.string, bytes.length), bytes]);
  }
  if (typeof value === 'boolean') return control(TYPE.boolean, value ? 1 : 0);
  if (typeof value === 'bigint') return uint(TYPE.uint64, value);
  if (typeof value === 'number') return encodeNumber(value);
  if (isList(value)) return Buffer.concat([control(TYPE.array, value.length), ...value.map(encode)]);
  return encodeMap(Object.entries(value).map(([name, field]) => [name, encode(field)]));
}

function encodeNumber(value: number): Buffer {
  if (Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) return uint(TYPE.uint32, BigInt(value));
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return Buffer.concat([control(TYPE.double, 8), bytes]);
}

/** Array.isArray does not narrow a union with a readonly array. */
function isList(value: MmdbValue): value is readonly MmdbValue[] {
  return Array.isArray(value);
}
