import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Replaces a file as a whole, so that a crash leaves the old one or the new one. Its folder must exist. */
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
    // On a full disk the partial file would take room.
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Opens a new file for writing. A killed run's file and its mode are replaced, and a link is not followed. */
export function openNew(path: string, mode: number): number {
  rmSync(path, { force: true });
  return openSync(path, 'wx', mode);
}
