import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

const FILE_TYPE = 0o170000;
const REGULAR_FILE = 0o100000;
const EXECUTABLE = 0o111;

/**
 * Unpacks a zip archive and keeps the executable bits.
 * @param pathOf returns a file's path below `folder`, or undefined to leave it out.
 * @throws Error if the archive is damaged, or holds anything but plain files and folders (a link could lead outside
 * `folder`; yauzl itself refuses such names).
 */
export async function unzip(
  archive: string,
  folder: string,
  pathOf: (name: string) => string | undefined,
): Promise<void> {
  const zip = await openPromise(archive, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    const destination = pathOf(entry.fileName);
    if (destination === undefined) continue;

    const mode = entry.externalFileAttributes >>> 16;
    if (mode !== 0 && (mode & FILE_TYPE) !== REGULAR_FILE) {
      throw new Error(`${entry.fileName} is not a plain file.`);
    }
    const path = join(folder, destination);
    await mkdir(dirname(path), { recursive: true });
    await pipeline(
      await zip.openReadStreamPromise(entry),
      createWriteStream(path, { mode: (mode & EXECUTABLE) === 0 ? 0o644 : 0o755 }),
    );
  }
}
