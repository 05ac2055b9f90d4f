import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Returns the folder with Gatehouse's package.json, with which Electron is started. */
export function projectFolder(): string {
  // Built code lies in out/main, sources in electron/launch; walking up serves both.
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('No package.json above the launcher.');
    folder = parent;
  }
  return folder;
}

/**
 * Returns the folder for files that can be fetched again. The XDG base directory specification says that a relative
 * XDG_CACHE_HOME is ignored.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_CACHE_HOME'];
  return join(
    base !== undefined && isAbsolute(base) ? base : join(environment['HOME'] ?? homedir(), '.cache'),
    'gatehouse',
  );
}
