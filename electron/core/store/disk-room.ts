import { closeSync, fsyncSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openNew } from '../replace-file';

const PROBE = '.room';
/** SQLite's shared memory and the first pages of its write-ahead logs. */
const START_BYTES = 512 * 1_024;
const CHUNK = Buffer.alloc(64 * 1_024, 1);

/**
 * Returns true if the folder's disk takes this many bytes more. They are written and deleted, because the free space that a file
 * system reports ignores quotas and failing disks.
 */
export function hasRoom(folder: string, bytes: number): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < bytes) return false;
    probe(folder, bytes);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error of the disk if it does not take as much as a start needs. */
export function assertWritable(folder: string): void {
  probe(folder, START_BYTES);
}

function probe(folder: string, bytes: number): void {
  const path = join(folder, PROBE);
  const file = openNew(path, 0o600);
  try {
    for (let left = bytes; left > 0;) left -= writeSync(file, CHUNK, 0, Math.min(left, CHUNK.length));
    fsyncSync(file);
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
}
