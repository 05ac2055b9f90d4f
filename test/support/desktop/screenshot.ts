import { readFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';

/** Positions of 32-bit words in the header of an X window dump. https://en.wikipedia.org/wiki/Xwd */
const WORD = {
  headerSize: 0,
  width: 4,
  height: 5,
  byteOrder: 7,
  bitsPerPixel: 11,
  bytesPerLine: 12,
  colours: 19,
} as const;
const COLOUR_BYTES = 12;
const LEAST_SIGNIFICANT_FIRST = 0;

/** Converts Xvfb's X window dump to a PNG, so that no program has to be installed for that. */
export async function screenToPng(dumpPath: string): Promise<Buffer> {
  const dump = await readFile(dumpPath);
  const word = (position: number): number => dump.readUInt32BE(position * 4);
  if (word(WORD.bitsPerPixel) !== 32 || word(WORD.byteOrder) !== LEAST_SIGNIFICANT_FIRST) {
    throw new Error('Only screens of 24 bits of colour on little-endian machines can be read.');
  }
  const width = word(WORD.width);
  const height = word(WORD.height);
  const bytesPerLine = word(WORD.bytesPerLine);
  const pixels = word(WORD.headerSize) + word(WORD.colours) * COLOUR_BYTES;

  // A PNG line starts with the number of its filter: none.
  const lines = Buffer.alloc(height * (1 + width * 3));
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    to += 1;
    for (let x = 0; x < width; x += 1) {
      const from = pixels + y * bytesPerLine + x * 4;
      lines[to] = dump[from + 2] ?? 0;
      lines[to + 1] = dump[from + 1] ?? 0;
      lines[to + 2] = dump[from] ?? 0;
      to += 3;
    }
  }
  return encodePng(width, height, lines);
}

function encodePng(width: number, height: number, lines: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits for each of red, green and blue; no compression but deflate, no interlacing.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines, { level: 6 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
