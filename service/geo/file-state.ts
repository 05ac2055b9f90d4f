import { stat } from 'node:fs/promises';
import { MINUTE_MS } from '#shared/durations';

/**
 * Files are polled, because file events are lost on network file systems and container mounts, and differ by system when a
 * file is replaced by renaming. Their publishers update them daily at most.
 */
export const FILE_POLL_INTERVAL_MS = MINUTE_MS;

/** A file cannot be used; the message is a clause that follows the file's name, such as "does not exist". */
export class UnusableFileError extends Error {}

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist: a part of its path is no folder',
  EACCES: 'may not be read by the user that the service runs as',
  EPERM: 'may not be read by the user that the service runs as',
  EISDIR: 'is a folder, not a file',
};

/** Returns the clause that follows the name of an unusable file. */
export function fileTrouble(error: unknown): string {
  if (!(error instanceof Error)) return `cannot be read (${String(error)})`;
  if (error instanceof UnusableFileError) return error.message;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return SENTENCES[code] ?? `cannot be read (${error.message})`;
}

/** Changes whenever a file is written to or replaced. */
export type FileSignature = string;

interface FileState {
  readonly signature: FileSignature;
  /** Changes when the file is written to, but not always when another one replaces it. */
  readonly lastWrite: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
}

/**
 * Returns the state of a file or folder behind any symbolic links. The change time and the inode are in the signature
 * because tools that replace a file by renaming often keep its modification time, and the new file may have the same size.
 * @throws the errors of `stat`.
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

/** Returns undefined if the file does not exist or may not be read. */
export async function fileStateIfThere(path: string): Promise<FileState | undefined> {
  try {
    return await fileState(path);
  } catch {
    return undefined;
  }
}
