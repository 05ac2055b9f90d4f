import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type QueuedOperation, queuedOperationSchema } from '../outbox/queued-operation';
import { openNew } from '../replace-file';

const noteSchema = z.union([
  /** A new operation, or one whose content or state has changed. */
  z.strictObject({ put: queuedOperationSchema }),
  /** Operations that are about to be sent. From here on the service may have them. */
  z.strictObject({ sent: z.array(z.string()) }),
  /** Operations that were acknowledged or taken back. */
  z.strictObject({ drop: z.array(z.string()) }),
]);
export type JournalNote = z.infer<typeof noteSchema>;

export interface JournalReading {
  /** The operations that were neither acknowledged nor taken back, in order. */
  readonly live: readonly QueuedOperation[];
  readonly dropped: ReadonlySet<string>;
  /** The number of unreadable lines. An unfinished last line does not count, because its writer got no answer. */
  readonly damagedLines: number;
}

/** The file in which operations are written before anything else, until the service has acknowledged them. */
export interface OutboxJournal {
  /**
   * Returns once the notes are on disk.
   *
   * @throws Error of the disk, with none of the notes written.
   */
  append(notes: readonly JournalNote[]): void;
  /** Replaces the journal by these operations. */
  rewrite(operations: Iterable<QueuedOperation>): void;
  readonly length: number;
  close(): void;
}

const CHECKSUM_LENGTH = 16;

function lineOf(note: JournalNote): string {
  const text = JSON.stringify(note);
  return `${checksum(text)} ${text}\n`;
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, CHECKSUM_LENGTH);
}

/** Reads a journal. Each line carries its own checksum, so that damage loses only the lines that it hits. */
export function readJournal(path: string): JournalReading {
  const live = new Map<string, QueuedOperation>();
  const dropped = new Set<string>();
  let damagedLines = 0;
  if (!existsSync(path)) return { live: [], dropped, damagedLines };
  const lines = readFileSync(path, 'utf8').split('\n');
  // The last element is empty, or a line whose writing was cut short.
  lines.pop();
  for (const line of lines) {
    const note = readLine(line);
    if (note === undefined) damagedLines += 1;
    else if ('put' in note) {
      live.set(note.put.operation.id, note.put);
      dropped.delete(note.put.operation.id);
    } else if ('sent' in note) {
      for (const id of note.sent) {
        const queued = live.get(id);
        if (queued !== undefined) live.set(id, { ...queued, attempts: queued.attempts + 1 });
      }
    } else {
      for (const id of note.drop) {
        live.delete(id);
        dropped.add(id);
      }
    }
  }
  return { live: [...live.values()].sort((a, b) => a.position - b.position), dropped, damagedLines };
}

function readLine(line: string): JournalNote | undefined {
  const text = line.slice(CHECKSUM_LENGTH + 1);
  if (line.slice(0, CHECKSUM_LENGTH) !== checksum(text)) return undefined;
  try {
    return noteSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * The journal as a file beside the database. Lines are only appended, and each is on disk before its writer goes on. It can be
 * read without SQLite, and a power cut loses nothing of it.
 */
export class FileOutboxJournal implements OutboxJournal {
  readonly #path: string;
  #file: number;
  #bytes = 0;
  #length = 0;

  /** Starts the file anew with these operations; the caller has read the old one into them. */
  constructor(path: string, operations: Iterable<QueuedOperation>) {
    this.#path = path;
    this.#file = -1;
    try {
      this.rewrite(operations);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get length(): number {
    return this.#length;
  }

  append(notes: readonly JournalNote[]): void {
    if (notes.length === 0) return;
    const bytes = Buffer.from(notes.map(lineOf).join(''));
    try {
      writeAll(this.#file, bytes, this.#bytes);
      fsyncSync(this.#file);
    } catch (error) {
      // A full disk may have taken a part of the line, which must not be joined to the next one.
      ftruncateSync(this.#file, this.#bytes);
      throw error;
    }
    this.#bytes += bytes.length;
    this.#length += notes.length;
  }

  rewrite(operations: Iterable<QueuedOperation>): void {
    const lines = [...operations].map((put) => lineOf({ put }));
    const bytes = Buffer.from(lines.join(''));
    const draft = `${this.#path}.new`;
    const file = openNew(draft, 0o600);
    try {
      writeAll(file, bytes, 0);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    // Windows cannot rename over an open file.
    this.close();
    try {
      renameSync(draft, this.#path);
      this.#bytes = bytes.length;
      this.#length = lines.length;
      syncFolder(dirname(this.#path));
    } finally {
      this.#file = openSync(this.#path, 'r+');
    }
  }

  close(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }
}

function writeAll(file: number, bytes: Buffer, at: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(file, bytes, written, bytes.length - written, at + written);
  }
}

/** Puts a rename on disk as well. */
function syncFolder(path: string): void {
  // Windows cannot open a folder, and writes names down by itself.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
