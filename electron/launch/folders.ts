import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder with Gatehouse's package.json: the app folder that Electron is started with. */
export function projectFolder(): string {
  // Built code lies in out/main, sources in electron/launch: walking up serves both.
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('No package.json above the launcher.');
    folder = parent;
  }
  return folder;
}

/**
 * Where things are kept that can be fetched again.
 * The XDG base directory specification says that a relative XDG_CACHE_HOME is invalid and to be ignored.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_CACHE_HOME'];
  return join(
    base !== undefined && isAbsolute(base) ? base : join(environment['HOME'] ?? homedir(), '.cache'),
    'gatehouse',
  );
}
