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

/** Returns the folder for files that can be fetched again. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return ownFolder(environment, 'XDG_CACHE_HOME', '.cache');
}

/** Returns Gatehouse's folder in a base directory. The XDG specification says that a relative path is ignored. */
export function ownFolder(environment: NodeJS.ProcessEnv, variable: string, usual: string): string {
  const named = environment[variable] ?? '';
  const base = isAbsolute(named) ? named : join(environment['HOME'] ?? homedir(), usual);
  return join(base, 'gatehouse');
}
