/**
 * Writes MMDB files of version 2: https://github.com/maxmind/MaxMind-DB/blob/main/MaxMind-DB-spec.md
 */

/** Numbers are written as uint32, or as double if they do not fit. */
export type MmdbValue =
  string | number | boolean | bigint | readonly MmdbValue[] | { readonly [name: string]: MmdbValue };

/** A side of a node is the index of another node, NO_RECORD, or what `sideOfRecord` returns. */
export const NO_RECORD = -1;

export function sideOfRecord(dataOffset: number): number {
  return -2 - dataOffset;
}

interface MmdbParts {
  /** Both sides of the first node, which is the root, then those of the second, and so on. */
  readonly sides: readonly number[];
  readonly data: DataSection;
  readonly databaseType: string;
  readonly description: string;
  readonly builtAt: Date;
  readonly ipVersion: 4 | 6;
  /** Bits of one side of a node. */
  readonly recordSize: 24 | 28 | 32;
}

const TYPE = {
  pointer: 1,
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
export function mmdbBytes(parts: MmdbParts): Buffer {
  const { sides, data, databaseType, description, builtAt, ipVersion, recordSize } = parts;
  const metadata = encodeMap([
    ['binary_format_major_version', uint(TYPE.uint16, 2)],
    ['binary_format_minor_version', uint(TYPE.uint16, 0)],
    ['build_epoch', uint(TYPE.uint64, Math.floor(builtAt.getTime() / 1000))],
    ['database_type', encode(databaseType)],
    ['description', encode({ en: description })],
    ['ip_version', uint(TYPE.uint16, ipVersion)],
    ['languages', encode(['en'])],
    ['node_count', uint(TYPE.uint32, sides.length / 2)],
    ['record_size', uint(TYPE.uint16, recordSize)],
  ]);
  return Buffer.concat([treeBytes(sides, recordSize), SEPARATOR, data.bytes(), METADATA_MARKER, metadata]);
}

function treeBytes(sides: readonly number[], recordSize: 24 | 28 | 32): Buffer {
  const nodeCount = sides.length / 2;
  const valueOf = (side = NO_RECORD): number => {
    if (side >= 0) return side;
    return side === NO_RECORD ? nodeCount : nodeCount + SEPARATOR.length + sideOfRecord(side);
  };
  const nodeLength = recordSize / 4;
  const bytes = Buffer.alloc(nodeCount * nodeLength);
  for (let node = 0; node < nodeCount; node += 1) {
    const at = node * nodeLength;
    const left = valueOf(sides[2 * node]);
    const right = valueOf(sides[2 * node + 1]);
    if (recordSize === 28) {
      bytes.writeUIntBE(left & 0xff_ffff, at, 3);
      bytes.writeUInt8(((left >>> 24) << 4) | (right >>> 24), at + 3);
      bytes.writeUIntBE(right & 0xff_ffff, at + 4, 3);
    } else {
      bytes.writeUIntBE(left, at, recordSize / 8);
      bytes.writeUIntBE(right, at + recordSize / 8, recordSize / 8);
    }
  }
  return bytes;
}

type EncodeName = (name: string) => Buffer;

/** Names that recur in the records are written once, as in real files: they would be half of the file. */
export class DataSection {
  readonly #parts: Buffer[] = [];
  readonly #names = new Map<string, Buffer>();
  #length = 0;

  /** Returns the offset of the record. */
  add(record: MmdbValue): number {
    return this.#append(encode(record, (name) => this.#pointerTo(name)));
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #pointerTo(name: string): Buffer {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const text = encode(name);
    // Only the shortest pointers are written, which reach this far.
    if (this.#length >= 2 ** 11) return text;
    const offset = this.#append(text);
    const pointer = Buffer.from([(TYPE.pointer << 5) | (offset >> 8), offset & 0xff]);
    this.#names.set(name, pointer);
    return pointer;
  }

  #append(bytes: Buffer): number {
    const offset = this.#length;
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return offset;
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
  throw new Error('nothing of this size is written');
}

function uint(type: number, value: number | bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Number(value) === 0 ? '' : hex.padStart(hex.length + (hex.length % 2), '0');
  return Buffer.concat([control(type, bytes.length / 2), Buffer.from(bytes, 'hex')]);
}

function encodeMap(fields: readonly (readonly [string, Buffer])[], encodeName: EncodeName = encode): Buffer {
  return Buffer.concat([
    control(TYPE.map, fields.length),
    ...fields.flatMap(([name, value]) => [encodeName(name), value]),
  ]);
}

function encode(value: MmdbValue, encodeName?: EncodeName): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'utf8');
    return Buffer.concat([control(TYPE.string, bytes.length), bytes]);
  }
  if (typeof value === 'boolean') return control(TYPE.boolean, value ? 1 : 0);
  if (typeof value === 'bigint') return uint(TYPE.uint64, value);
  if (typeof value === 'number') return encodeNumber(value);
  if (isList(value)) {
    const items = value.map((item) => encode(item, encodeName));
    return Buffer.concat([control(TYPE.array, value.length), ...items]);
  }
  const fields = Object.entries(value).map(([name, field]) => [name, encode(field, encodeName)] as const);
  return encodeMap(fields, encodeName);
}

function encodeNumber(value: number): Buffer {
  if (Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) return uint(TYPE.uint32, value);
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return Buffer.concat([control(TYPE.double, 8), bytes]);
}

/** Array.isArray does not narrow a union with a readonly array. */
function isList(value: MmdbValue): value is readonly MmdbValue[] {
  return Array.isArray(value);
}
