import { type FileHandle, open, rename, rm } from 'node:fs/promises';

/**
 * Writes a file that appears at `path` as a whole, when `write` is done; after an error, or if `write` resolves with false, what
 * was there stays.
 */
export async function saveFile(path: string, write: (file: FileHandle) => Promise<boolean>): Promise<void> {
  const draft = `${path}.part`;
  // A file that a killed run left is replaced, and a link is not followed.
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', 0o600);
  try {
    const isWhole = await write(file);
    await file.sync();
    await file.close();
    if (isWhole) await rename(draft, path);
  } finally {
    // After an error or a stop the partial file would take room.
    await file.close().catch(() => undefined);
    await rm(draft, { force: true });
  }
}
