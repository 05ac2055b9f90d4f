import { stat } from 'node:fs/promises';

/**
 * How often files are looked at, unless told otherwise. They are looked at, and the system's file events are not used: those are
 * lost on network file systems and container mounts, and differ by system when a file is replaced by renaming. Each look wakes
 * a thread for every file, and what is looked at is published daily at most.
 */
export const FILE_POLL_INTERVAL_MS = 60_000;

/** A file cannot be used; the message is a sentence that follows the file's name, such as "does not exist". */
export class UnusableFileError extends Error {}

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist: a part of its path is no folder',
  EACCES: 'may not be read by the user that the service runs as',
  EPERM: 'may not be read by the user that the service runs as',
  EISDIR: 'is a folder, not a file',
};

/** What is wrong with a file, as a sentence that follows its name. */
export function fileTrouble(error: unknown): string {
  if (!(error instanceof Error)) return `cannot be read (${String(error)})`;
  if (error instanceof UnusableFileError) return error.message;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return SENTENCES[code] ?? `cannot be read (${error.message})`;
}

/** What changes whenever a file is written to or replaced. */
export type FileSignature = string;

export interface FileState {
  readonly signature: FileSignature;
  /** What changes when the file is written to, but not always when another one takes its place. */
  readonly lastWrite: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
}

/**
 * The state of a file or folder behind any symbolic links.
 *
 * The change time and the inode are in the signature because tools that replace a file by renaming often keep its
 * modification time, and the new file may have the same size.
 * @throws what `stat` throws, also when there is no such file.
 */
export async function fileState(path: string): Promise<FileState> {
  const stats = await stat(path);
  const lastWrite = [stats.size, stats.mtimeMs, stats.ctimeMs].join(':');
  return {
    signature: `${stats.ino}:${lastWrite}`,
    lastWrite,
    isFolder: stats.isDirectory(),
    sizeBytes: stats.size,
  };
}

/** The same, or undefined when there is no such file or it may not be looked at. */
export async function fileStateIfThere(path: string): Promise<FileState | undefined> {
  try {
    return await fileState(path);
  } catch {
    return undefined;
  }
}
