import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir, removeTempDir } from '../temp-dir';

const run = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

const mount = (folder: string, size: string): boolean =>
  process.platform === 'linux' && run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);

/** A disk of a test's own, which can be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves no byte free. */
  fill(): void;
  /** Gives back what `fill` took. */
  free(): void;
  remove(): void;
}

/** Whether a file system may be mounted here. */
export const mayMount = ((): boolean => {
  const folder = makeTempDir('mount');
  const may = mount(folder, '1m') && run('umount', folder);
  removeTempDir(folder);
  return may;
})();
if (!mayMount) console.log('SKIPPED: a full disk, because no file system may be mounted here');

/** Mounts a disk that is as large as `size` says, for example `6m`. */
export const mountSmallDisk = (size: string): SmallDisk => {
  const folder = makeTempDir('disk');
  if (!mount(folder, size)) throw new Error(`no file system of ${size} could be mounted at ${folder}`);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => {
      const file = openSync(filler, 'w');
      try {
        for (const block of [Buffer.alloc(4096, 1), Buffer.alloc(1, 1)]) {
          try {
            for (;;) writeSync(file, block);
          } catch {
            // Full: that is what was wanted.
          }
        }
      } finally {
        fsyncSync(file);
        closeSync(file);
      }
    },
    free: () => rmSync(filler),
    remove: () => {
      run('umount', '-l', folder);
      removeTempDir(folder);
    },
  };
};
