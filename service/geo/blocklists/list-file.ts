import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { formatAddress, formatCidr, cidrsCovering, type IpAddress, type IpFamily } from '#shared/ip/index';
import { fileState, UnusableFileError, type FileSignature } from '../file-state';
import { yieldToEventLoop } from '../../runtime/yield-to-event-loop';
import { readListLine } from './list-line';
import type { Span, SpanSet } from './span-set';
import { SpanSetBuilder } from './span-set-builder';

/** The largest published lists have a few megabytes. */
const MAX_LIST_BYTES = 64 * 1024 ** 2;

/** No format has longer lines, and a file without line ends must not be collected in memory. */
const MAX_LINE_LENGTH = 4_096;

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

  const collector = new ListCollector();
  const decoder = new TextDecoder();
  let bytesRead = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    // The file may have grown since `stat`, and a pipe has no size.
    bytesRead += chunk.length;
    if (bytesRead > MAX_LIST_BYTES) throw tooLarge();
    collector.take(decoder.decode(chunk, { stream: true }));
    await yieldToEventLoop();
  }
  collector.end(decoder.decode());

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

/** Splits text into lines and collects their entries. */
class ListCollector {
  readonly spans = { 4: new SpanSetBuilder(4), 6: new SpanSetBuilder(6) };
  readonly firstBadLines: BadLine[] = [];
  contentLines = 0;
  badLines = 0;
  #line = 0;
  #rest = '';
  #isRestTooLong = false;

  take(text: string): void {
    const lines = text.split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) this.#endLine(line);
    this.#keep(last);
  }

  end(text: string): void {
    this.take(text);
    if (this.#rest !== '' || this.#isRestTooLong) this.#endLine('');
  }

  #keep(text: string): void {
    if (this.#rest.length + text.length > MAX_LINE_LENGTH) {
      this.#isRestTooLong = true;
      this.#rest = '';
    } else if (!this.#isRestTooLong) {
      this.#rest += text;
    }
  }

  #endLine(text: string): void {
    this.#keep(text);
    const [line, isTooLong] = [this.#rest, this.#isRestTooLong];
    this.#rest = '';
    this.#isRestTooLong = false;
    this.#line += 1;
    if (isTooLong) this.#bad(`The line has more than ${MAX_LINE_LENGTH} characters.`);
    else this.#read(line);
  }

  #read(line: string): void {
    const result = readListLine(line, this.contentLines === 0);
    switch (result.kind) {
      case 'nothing':
        return;
      case 'bad':
        this.#bad(result.reason);
        return;
      case 'span':
        this.contentLines += 1;
        this.spans[result.family].add(result.span);
    }
  }

  #bad(reason: string): void {
    this.contentLines += 1;
    this.badLines += 1;
    if (this.firstBadLines.length < DESCRIBED_BAD_LINES)
      this.firstBadLines.push({ line: this.#line, reason });
  }
}
