import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir, removeTempDir } from './temp-dir';

const run = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

/** A disk of its own, as large as `size` says; false where none may be mounted. */
export const mountDisk = (folder: string, size: string): boolean =>
  process.platform === 'linux' && run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);

export const unmountDisk = (folder: string): boolean => run('umount', '-l', folder);

/** Lets nobody write to it any more, or again. */
export const setReadOnly = (folder: string, isReadOnly: boolean): boolean =>
  run('mount', '-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, folder);

const FILLER = 'filler';

/** Takes all the room that is left, but for so many bytes. */
export function fillDisk(folder: string, leftBytes = 0): void {
  const file = openSync(join(folder, FILLER), 'a');
  const block = Buffer.alloc(4096, 1);
  try {
    const { bavail, bsize } = statfsSync(folder);
    for (let room = bavail * bsize; leftBytes === 0 || room > leftBytes; room -= block.length) {
      writeSync(file, block);
    }
  } catch {
    // Full: that is what was wanted.
  } finally {
    fsyncSync(file);
    closeSync(file);
  }
}

export const makeRoom = (folder: string): void => rmSync(join(folder, FILLER));

/** Whether this test run may have disks of its own. */
export const mayMount = ((): boolean => {
  const folder = makeTempDir('mount');
  const may = mountDisk(folder, '1m') && unmountDisk(folder);
  removeTempDir(folder);
  return may;
})();
if (!mayMount) console.log('SKIPPED: a full disk, because no file system may be mounted here');
