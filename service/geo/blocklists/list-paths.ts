import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileState, fileStateIfThere, UnusableFileError } from '../file-state';

/** An address is looked up in one list after the other, so their number is bounded. */
export const MAX_LISTS = 500;

/** What downloads and editors leave beside the files that are meant. */
const LEFTOVER = /^\.|~$|\.(?:tmp|temp|part|partial|crdownload|swp|bak|old|orig|lock|md5|sha256)$/i;

/**
 * The files of a setting's entry: itself, or those right in the folder, by name. Folders within it are not entered:
 * collections keep whole countries there.
 * @throws UnusableFileError or what the file system throws, when it does not exist or may not be read.
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
