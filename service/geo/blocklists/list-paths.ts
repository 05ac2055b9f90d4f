import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileState, fileStateIfThere, UnusableFileError } from '../file-state';

/** Every lookup walks through all lists, so their number is bounded. */
const MAX_LISTS = 500;

/** Leftovers of downloads and editors. */
const LEFTOVER = /^\.|~$|\.(?:tmp|temp|part|partial|crdownload|swp|bak|old|orig|lock|md5|sha256)$/i;

/**
 * Returns the files of an entry of the setting: itself, or those directly in the folder, by name. Subfolders are ignored,
 * because collections keep whole countries there.
 * @throws UnusableFileError, or an error of the file system, if it does not exist or may not be read.
 */
export async function listPathsOf(entry: string): Promise<readonly string[]> {
  if (!(await fileState(entry)).isFolder) return [entry];
  const paths: string[] = [];
  for (const name of (await readdir(entry)).sort()) {
    const path = join(entry, name);
    const isList = !LEFTOVER.test(name) && (await fileStateIfThere(path))?.isFolder === false;
    if (isList) paths.push(path);
  }
  if (paths.length > MAX_LISTS) {
    throw new UnusableFileError(`has ${paths.length} files, more than the ${MAX_LISTS} lists that are taken`);
  }
  return paths;
}
