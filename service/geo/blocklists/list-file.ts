import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { reasonInWords } from '#shared/domain/sentence';
import { quoted } from '#shared/ip/error';
import {
  addressBits,
  addressCount,
  cidrsCovering,
  firstAddress,
  formatAddress,
  formatCidr,
  lastAddress,
  type Cidr,
  type IpAddress,
  type IpFamily,
} from '#shared/ip/index';
import { decodeText } from '../../readers/decode-text';
import type { RangeEntry } from '../../readers/document';
import { entriesOf, readRanges } from '../../readers/read-ranges';
import { fileState, UnusableFileError, type FileSignature } from '../file-state';
import { yieldToEventLoop } from '../../runtime/yield-to-event-loop';
import type { Span, SpanSet } from './span-set';
import { SpanSetBuilder } from './span-set-builder';

/** The largest published lists have a few megabytes. */
const MAX_LIST_BYTES = 64 * 1024 ** 2;

/**
 * The shortest prefix length that an entry may have. A wider entry is a slip or a trap: it would block a good part of the
 * world.
 */
const WIDEST_ENTRY: Readonly<Record<IpFamily, number>> = { 4: 8, 6: 16 };

/** Further bad lines are only counted. */
const DESCRIBED_BAD_LINES = 5;

interface BadLine {
  readonly line: number;
  readonly reason: string;
}

/** The content of a file when it was read. */
export interface ListFile {
  readonly path: string;
  /** The file's name for people. */
  readonly name: string;
  readonly signature: FileSignature;
  readonly sizeBytes: number;
  /** Lines that are neither empty nor comments, usable or not. */
  readonly contentLines: number;
  readonly badLines: number;
  readonly firstBadLines: readonly BadLine[];
  /** The number of entries, without duplicates and entries within others. */
  readonly entries: number;
  readonly memoryBytes: number;
  /** Returns the entry that contains the address, as text. */
  find(address: IpAddress): string | undefined;
}

/**
 * Reads a blocklist without blocking the event loop.
 * @throws UnusableFileError if it is too large or no file; also the errors of the file system.
 */
export async function readListFile(path: string): Promise<ListFile> {
  const { signature, sizeBytes, isFolder } = await fileState(path);
  if (isFolder) throw new UnusableFileError('is a folder, not a file');
  if (sizeBytes > MAX_LIST_BYTES) throw tooLarge();

  const chunks: Buffer[] = [];
  let bytesRead = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    // The file may have grown since `stat`, and a pipe has no size.
    bytesRead += chunk.length;
    if (bytesRead > MAX_LIST_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  const text = await decodeText(Buffer.concat(chunks), MAX_LIST_BYTES);
  if (typeof text === 'object') throw new UnusableFileError(reasonInWords(text.refused));
  const collector = new ListCollector();
  const document = readRanges(text, { nowMs: 0, onlyRanges: true });
  if ('refused' in document) collector.refuse(1, `The file ${reasonInWords(document.refused)}.`);
  else {
    for (const entry of entriesOf(document)) {
      collector.take(entry);
      await yieldToEventLoop();
    }
  }

  const sets = { 4: await collector.spans[4].build(), 6: await collector.spans[6].build() };
  return {
    path,
    name: basename(path),
    signature,
    sizeBytes: bytesRead,
    contentLines: collector.contentLines,
    badLines: collector.badLines,
    firstBadLines: collector.firstBadLines,
    entries: sets[4].count + sets[6].count,
    memoryBytes: sets[4].memoryBytes + sets[6].memoryBytes,
    find: (address) => findEntry(sets, address),
  };
}

function tooLarge(): UnusableFileError {
  return new UnusableFileError(
    `has more than ${MAX_LIST_BYTES / 1024 ** 2} MB, the most that a blocklist may have`,
  );
}

function findEntry(
  sets: Readonly<Record<IpFamily, SpanSet>>,
  { family, value }: IpAddress,
): string | undefined {
  const span = sets[family].find(value);
  return span === undefined ? undefined : spanText(family, span);
}

/** Returns `203.0.113.9`, `203.0.113.0/24`, or `203.0.113.10-203.0.113.20` if the span is no single network. */
function spanText(family: IpFamily, { first, last }: Span): string {
  const from: IpAddress = { family, value: first };
  if (first === last) return formatAddress(from);
  const to: IpAddress = { family, value: last };
  const [cidr, ...more] = cidrsCovering(from, to);
  return cidr !== undefined && more.length === 0
    ? formatCidr(cidr)
    : `${formatAddress(from)}-${formatAddress(to)}`;
}

/** Returns the spans of an entry. The networks of a dash are adjacent, so they are one. */
function spansOf(cidrs: readonly Cidr[]): (Span & { readonly family: IpFamily })[] {
  const spans: (Span & { readonly family: IpFamily })[] = [];
  for (const cidr of cidrs) {
    const [first, last] = [firstAddress(cidr).value, lastAddress(cidr).value];
    const before = spans.at(-1);
    if (before?.family === cidr.family && before.last + 1n === first)
      spans.splice(-1, 1, { ...before, last });
    else spans.push({ family: cidr.family, first, last });
  }
  return spans;
}

function isWiderThanTaken(cidrs: readonly Cidr[]): boolean {
  return ([4, 6] as const).some((family) => {
    const count = cidrs.reduce((sum, cidr) => (cidr.family === family ? sum + addressCount(cidr) : sum), 0n);
    return count > 1n << BigInt(addressBits(family) - WIDEST_ENTRY[family]);
  });
}

/** Collects the entries of a list. */
class ListCollector {
  readonly spans = { 4: new SpanSetBuilder(4), 6: new SpanSetBuilder(6) };
  readonly firstBadLines: BadLine[] = [];
  contentLines = 0;
  badLines = 0;

  take({ line, text, reading }: RangeEntry): void {
    if ('code' in reading) this.refuse(line, reading.detail);
    else if (reading.effect === 'authorize')
      this.refuse(line, `${quoted(text)} authorizes, and a blocklist only denies.`);
    else if (isWiderThanTaken(reading.cidrs)) {
      const widest = WIDEST_ENTRY[reading.cidrs[0]?.family ?? 4];
      this.refuse(
        line,
        `${quoted(text)} is wider than a /${widest} and would block a good part of the world; it is left out.`,
      );
    } else {
      this.contentLines += 1;
      for (const { family, first, last } of spansOf(reading.cidrs)) this.spans[family].add({ first, last });
    }
  }

  refuse(line: number, reason: string): void {
    this.contentLines += 1;
    this.badLines += 1;
    if (this.firstBadLines.length < DESCRIBED_BAD_LINES) this.firstBadLines.push({ line, reason });
  }
}
