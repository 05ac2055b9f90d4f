import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { MINUTE_MS } from '#shared/durations';
import { ended, track } from './child-processes.ts';
import { summariseFetchFailure } from './failure-summary.ts';

const FETCH_LIMIT_MS = 10 * MINUTE_MS;

/** Electron's own binary, in its npm package. */
export interface OfficialRuntime {
  readonly executable: string;
  readonly version: string;
}

export type FetchResult =
  | { readonly kind: 'fetched'; readonly runtime: OfficialRuntime }
  | { readonly kind: 'failed'; readonly reason: string }
  /** An interrupted attempt might have succeeded. */
  | { readonly kind: 'interrupted' };

function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
}

/** Returns the version of the installed electron package. */
export function officialVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
  return (manifest as { version: string }).version;
}

/** Returns the binary if it is there, by the rules of the electron package's install.js. */
export function findOfficial(): OfficialRuntime | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const folder = override ?? join(packageFolder(), 'dist');
  try {
    const version = readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
    if (override === undefined && version !== officialVersion()) return undefined;
    const inside =
      override === undefined
        ? readFileSync(join(packageFolder(), 'path.txt'), 'utf8')
        : executableName(process.platform);
    const executable = join(folder, inside);
    return existsSync(executable) ? { executable, version } : undefined;
  } catch {
    return undefined;
  }
}

function executableName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/** Runs the electron package's install script. A refused connection ends it at once, a silent one at the time limit. */
export async function fetchOfficial(): Promise<FetchResult> {
  const child = track(
    spawn(process.execPath, ['-e', TELL_CAUSES, join(packageFolder(), 'install.js')], {
      // Its progress bar is for the terminal.
      stdio: ['ignore', 'inherit', 'pipe'],
      env: { ...process.env, ...proxySettings(process.env) },
      timeout: FETCH_LIMIT_MS,
      killSignal: 'SIGKILL',
    }),
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const { code, signal } = await ended(child);

  // Only the time limit kills it from here.
  if (child.killed)
    return { kind: 'failed', reason: `it took longer than ${FETCH_LIMIT_MS / MINUTE_MS} minutes` };
  if (signal !== null) return { kind: 'interrupted' };
  if (code !== 0) return { kind: 'failed', reason: summariseFetchFailure(stderr, process.version) };
  const runtime = findOfficial();
  return runtime === undefined
    ? { kind: 'failed', reason: 'its install script left no binary behind' }
    : { kind: 'fetched', runtime };
}

/** `fetch` reports only "fetch failed"; the reason is in `cause`, which the install script does not print. */
const TELL_CAUSES = `
const plainFetch = globalThis.fetch;
globalThis.fetch = (...request) => plainFetch(...request).catch((error) => {
  const cause = error.cause?.errors?.[0] ?? error.cause;
  throw cause ? new Error(cause.message || cause.code || String(cause)) : error;
});
require(process.argv[1]);
`;

/** Electron's downloader uses the environment's proxy only if both of these are set. */
function proxySettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
  const hasProxy = names.some((name) => environment[name] !== undefined && environment[name] !== '');
  return hasProxy ? { ELECTRON_GET_USE_PROXY: 'true', NODE_USE_ENV_PROXY: '1' } : {};
}
