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
  /** A new edit, or one whose content or fate has changed. */
  z.strictObject({ put: queuedOperationSchema }),
  /** They are about to be sent: from here on the service may have them. */
  z.strictObject({ sent: z.array(z.string()) }),
  /** They are acknowledged, or were taken back. */
  z.strictObject({ drop: z.array(z.string()) }),
]);
export type JournalNote = z.infer<typeof noteSchema>;

export interface JournalReading {
  /** What has not been acknowledged or taken back, in its order. */
  readonly live: readonly QueuedOperation[];
  readonly dropped: ReadonlySet<string>;
  /** Lines that cannot be read; an unfinished last one, whose writer got no answer, is not counted. */
  readonly damagedLines: number;
}

/** Where the edits that the service has not acknowledged are written down first. */
export interface OutboxJournal {
  /** Returns once the notes are on the disk, or throws and has written none of them. */
  append(notes: readonly JournalNote[]): void;
  /** Puts the journal back to these edits and nothing else. */
  rewrite(entries: Iterable<QueuedOperation>): void;
  /** How many notes there are. */
  readonly length: number;
  close(): void;
}

const CHECKSUM_LENGTH = 16;

const lineOf = (note: JournalNote): string => {
  const text = JSON.stringify(note);
  return `${checksum(text)} ${text}\n`;
};

const checksum = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, CHECKSUM_LENGTH);

/**
 * Reads a journal. Each line stands for itself and carries its checksum, so that damage takes away the lines that it hits
 * and no others.
 */
export function readJournal(path: string): JournalReading {
  const live = new Map<string, QueuedOperation>();
  const dropped = new Set<string>();
  let damagedLines = 0;
  if (!existsSync(path)) return { live: [], dropped, damagedLines };
  const lines = readFileSync(path, 'utf8').split('\n');
  // Empty after a complete last line; else a line whose writing was cut short.
  lines.pop();
  for (const line of lines) {
    const note = readLine(line);
    if (note === undefined) damagedLines += 1;
    else if ('put' in note) {
      live.set(note.put.operation.id, note.put);
      dropped.delete(note.put.operation.id);
    } else if ('sent' in note) {
      for (const id of note.sent) {
        const entry = live.get(id);
        if (entry !== undefined) live.set(id, { ...entry, attempts: entry.attempts + 1 });
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
 * The journal in a file beside the database: lines that are only ever appended, each on the disk before its writer goes
 * on. It needs no page of SQLite to be readable, and a power cut takes nothing of it back.
 */
export class FileOutboxJournal implements OutboxJournal {
  readonly #path: string;
  #file: number;
  #bytes = 0;
  #length = 0;

  /** Starts the file afresh with these edits; what was read before is in them. */
  constructor(path: string, entries: Iterable<QueuedOperation>) {
    this.#path = path;
    this.#file = -1;
    try {
      this.rewrite(entries);
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
      // A full disk may have taken a part of it. What follows must not be glued to that.
      ftruncateSync(this.#file, this.#bytes);
      throw error;
    }
    this.#bytes += bytes.length;
    this.#length += notes.length;
  }

  rewrite(entries: Iterable<QueuedOperation>): void {
    const lines = [...entries].map((put) => lineOf({ put }));
    const bytes = Buffer.from(lines.join(''));
    const draft = `${this.#path}.new`;
    const file = openNew(draft, 0o600);
    try {
      writeAll(file, bytes, 0);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    // Windows renames nothing over a file that is open.
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

/** Puts a rename on the disk as well. */
function syncFolder(path: string): void {
  // Windows opens no folder, and writes names down by itself.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
