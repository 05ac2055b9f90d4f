import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file as a whole, with these rights, so that a crash leaves the old one or the new one. Its folder has to be there. */
export function replaceFile(path: string, text: string, mode: number): void {
  const draft = `${path}.new`;
  try {
    const file = openNew(draft, mode);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    // A full disk would keep what did not fit, and be a little fuller.
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Opens a new file for writing. What a run that was killed left goes, with its mode; a link there is not followed. */
export function openNew(path: string, mode: number): number {
  rmSync(path, { force: true });
  return openSync(path, 'wx', mode);
}
