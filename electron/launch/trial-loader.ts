import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Loads the app folder of the command line, as Electron's own default app does. It is a module with a top-level await,
 * because Electron delays `ready` until its entry module is done: the app must register its protocols and paths before.
 */
const LOADER = `import { app } from 'electron';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
const folder = given === undefined ? undefined : resolve(given);
if (folder === undefined || !existsSync(join(folder, 'package.json'))) {
  console.error('This runtime needs the folder of an app as its first argument.');
  process.exit(1);
}
try {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  process.defaultApp = true;
  app.setName(manifest.productName ?? manifest.name);
  if (manifest.version) app.setVersion(manifest.version);
  app.setDesktopName(manifest.desktopName ?? manifest.name + '.desktop');
  app.setAppPath(folder);
  await import(pathToFileURL(join(folder, manifest.main ?? 'index.js')).href);
} catch (error) {
  console.error('The app could not be loaded:', error);
  process.exit(1);
}
`;

/** Writes the loader into an unpacked runtime. */
export async function writeLoader(runtimeFolder: string): Promise<void> {
  const folder = join(runtimeFolder, 'resources', 'app');
  await mkdir(folder, { recursive: true });
  const manifest = { name: 'trial-runtime-loader', main: 'loader.mjs' };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest)}\n`);
  await writeFile(join(folder, 'loader.mjs'), LOADER);
}
