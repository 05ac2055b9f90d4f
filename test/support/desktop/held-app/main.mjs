/**
 * Loads the app in GATEHOUSE_TEST_APP_FOLDER as Electron itself would, but delays `ready` until Playwright has attached.
 * Otherwise a window that begins to load while Playwright attaches to it is sometimes never reported, and the launch hangs.
 * Playwright does the same by `-r`, but not for a given executable.
 */
import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.env.GATEHOUSE_TEST_APP_FOLDER;
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version);
app.setAppPath(folder);
process.argv = process.argv.map((argument) => (argument === import.meta.dirname ? folder : argument));

const ready = app.whenReady();
const emit = app.emit.bind(app);
let readyArguments = [];
let isReady = false;
let release;
const released = new Promise((resolve) => (release = resolve));
app.emit = (event, ...parameters) => {
  if (event !== 'ready') return emit(event, ...parameters);
  readyArguments = parameters;
  return app.listenerCount('ready') > 0;
};
app.isReady = () => isReady;
app.whenReady = () => released;
/** Playwright calls this name once it has attached. */
globalThis.__playwright_run = async () => {
  await ready;
  isReady = true;
  release();
  emit('ready', ...readyArguments);
};

await import(pathToFileURL(join(folder, manifest.main)).href);
