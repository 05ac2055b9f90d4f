import { promisify, TextDecoder } from 'node:util';
import { gunzip } from 'node:zlib';
import { yieldToEventLoop } from '../runtime/yield-to-event-loop';
import type { Refused } from './document';

const unpack = promisify(gunzip);
/** Decoded at once, while calls wait. A multiple of four, so that base64 can be cut there. */
const PIECE_LENGTH = 256 * 1024;
/** Enough of a text to tell UTF-16 without a byte order mark. */
const PROBED_BYTES = 1_000;

/** Returns the encoding of UTF-16 text, which has a byte order mark or many zeros beside its characters. */
function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  const probed = Math.min(bytes.length, PROBED_BYTES);
  for (let index = 0; index < probed; index += 1) {
    if (bytes[index] === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (even + odd < probed / 4) return undefined;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

async function decodeWith(decoder: TextDecoder, bytes: Uint8Array): Promise<string> {
  let text = '';
  for (let start = 0; start < bytes.length; start += PIECE_LENGTH) {
    text += decoder.decode(bytes.subarray(start, start + PIECE_LENGTH), { stream: true });
    await yieldToEventLoop();
  }
  return text + decoder.decode();
}

/** Spreadsheets on Windows still write CSV in the system's encoding. */
async function decodeBytes(bytes: Uint8Array): Promise<string> {
  const utf16 = utf16Of(bytes);
  if (utf16 !== undefined) return decodeWith(new TextDecoder(utf16), bytes);
  try {
    return await decodeWith(new TextDecoder('utf-8', { fatal: true }), bytes);
  } catch {
    return decodeWith(new TextDecoder('windows-1252'), bytes);
  }
}

export async function decodeBase64(text: string): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(Buffer.byteLength(text, 'base64'));
  let length = 0;
  for (let start = 0; start < text.length; start += PIECE_LENGTH) {
    length += bytes.write(text.slice(start, start + PIECE_LENGTH), length, 'base64');
    await yieldToEventLoop();
  }
  return bytes.subarray(0, length);
}

/**
 * Returns the text of a file in UTF-8, UTF-16 or Windows-1252, packed by gzip or not.
 * @param maxBytes the most that an unpacked file may have.
 */
export async function decodeText(bytes: Uint8Array, maxBytes: number): Promise<string | Refused> {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const tooLarge: Refused = {
    refused: { reason: 'tooLarge', megabytes: Math.floor(maxBytes / 1024 ** 2) },
  };
  if (!isPacked) return bytes.length > maxBytes ? tooLarge : decodeBytes(bytes);
  try {
    return await decodeBytes(await unpack(bytes, { maxOutputLength: maxBytes }));
  } catch (error) {
    const isTooLarge = error instanceof RangeError && 'code' in error;
    return isTooLarge ? tooLarge : { refused: { reason: 'badGzip' } };
  }
}
