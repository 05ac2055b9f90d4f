import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir, removeTempDir } from './temp-dir';

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

function mount(folder: string, size: string): boolean {
  return process.platform === 'linux' && run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);
}

function unmount(folder: string): boolean {
  return run('umount', '-l', folder);
}

/** A disk for a test, which can be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes all the room that is left, but for so many bytes. */
  fill(leftBytes?: number): void;
  /** Releases the room that `fill` took. */
  free(): void;
  /** Makes the disk read-only, or writable again. */
  setReadOnly(isReadOnly: boolean): void;
  remove(): void;
}

/** True if this process may mount a file system. */
export const mayMount = ((): boolean => {
  const folder = makeTempDir('mount');
  const may = mount(folder, '1m') && unmount(folder);
  removeTempDir(folder);
  return may;
})();
if (!mayMount) console.log('SKIPPED: a full disk, because no file system may be mounted here');

/** Mounts a disk of the given size, for example `6m`. */
export function mountSmallDisk(size: string): SmallDisk {
  const folder = makeTempDir('disk');
  if (!mount(folder, size)) throw new Error(`no file system of ${size} could be mounted at ${folder}`);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: (leftBytes = 0) => fillFile(filler, roomIn(folder) - leftBytes, leftBytes === 0),
    free: () => rmSync(filler),
    setReadOnly: (isReadOnly) => {
      const access = isReadOnly ? 'ro' : 'rw';
      if (!run('mount', '-o', `remount,${access}`, folder))
        throw new Error(`${folder} could not be made ${access}`);
    },
    remove: () => {
      unmount(folder);
      removeTempDir(folder);
    },
  };
}

function roomIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Writes so many bytes; `isToTheEnd` goes on until nothing fits. */
function fillFile(path: string, bytes: number, isToTheEnd: boolean): void {
  const file = openSync(path, 'a');
  const block = Buffer.alloc(4096, 1);
  try {
    for (let room = bytes; isToTheEnd || room > 0; room -= block.length) writeSync(file, block);
  } catch {
    // The disk is full, which is the purpose.
  } finally {
    fsyncSync(file);
    closeSync(file);
  }
}
