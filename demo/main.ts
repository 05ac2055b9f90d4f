import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeHistory } from './history';
import { playLiveTraffic } from './live';

/**
 * `npm run demo`: the console with a service of its own, a month of history in it, and live traffic. The console is started
 * as `npm start` does, on a data folder of its own, which is removed at the end.
 */

const USAGE = `Usage: npm run demo -- [options]

  --data=DIR  keep the console's data in this empty folder; \`npm start -- --user-data-dir=DIR\` opens it again
  --seed=TEXT another month with other addresses
  --setup     as of npm start: on Debian and Ubuntu as root, install what is missing, and start a display
  --help      show this text
`;

const ASK_AGAIN_MS = 100;
const MOST_ATTEMPTS_TO_REMOVE = 10;

process.umask(0o077);

function readArguments() {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      seed: { type: 'string', default: 'gatehouse' },
      setup: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const response = await fetch(`${url}/readyz`, { signal }).catch(() => undefined);
    if (response?.ok === true) return true;
    await sleep(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

let launcher: ChildProcess | undefined;

/** Signals reach the console through its launcher, which knows when one comes twice. Before that they end the demo. */
function forwardSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (launcher === undefined) process.exit(128 + constants.signals[signal]);
      launcher.kill(signal);
    });
  }
}

/** Resolves with the console's exit code when it has ended. */
async function runConsole(folder: string, listen: string, isSetup: boolean): Promise<number> {
  const program = join(import.meta.dirname, 'launch.js');
  const args = [program, `--user-data-dir=${folder}`, ...(isSetup ? ['--setup'] : [])];
  // A person's own settings could send the sample's e-mails.
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('GATEHOUSE_'));
  const env = { ...Object.fromEntries(others), GATEHOUSE_EMBEDDED_LISTEN: listen };
  launcher = spawn(process.execPath, args, { stdio: 'inherit', env });
  const [code] = (await once(launcher, 'exit')) as [number | null];
  return code ?? 1;
}

async function show(folder: string, seed: string, isSetup: boolean): Promise<number> {
  say('Making a month of history…');
  const { token, secrets } = await makeHistory({
    dataDir: join(folder, 'service'),
    seed,
    startsAt: Date.now(),
  });
  const listen = `127.0.0.1:${await freePort()}`;
  const url = `http://${listen}`;
  const ending = new AbortController();
  const ended = runConsole(folder, listen, isSetup).finally(() => ending.abort());
  say(`The console opens with its own service at ${url}. The owner's access token is ${token}`);
  if (await answers(url, ending.signal)) {
    say('Sample traffic calls it from now on; in half a minute a key leaks. Ctrl+C ends everything.');
    await playLiveTraffic({ url, secrets, seed, signal: ending.signal });
  }
  return ended;
}

async function main(): Promise<number> {
  forwardSignals();
  const { data, seed, setup, help } = readArguments();
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (data === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-demo-'));
    process.on('exit', () =>
      rmSync(folder, { recursive: true, force: true, maxRetries: MOST_ATTEMPTS_TO_REMOVE }),
    );
    return show(folder, seed, setup);
  }
  const folder = resolve(data);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    process.stderr.write(`${folder} is not empty. The demo begins in an empty folder.\n`);
    return 1;
  }
  mkdirSync(folder, { recursive: true });
  return show(folder, seed, setup);
}

process.exit(
  await main().catch((error: unknown) => {
    process.stderr.write(
      `The demo cannot go on: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  }),
);
