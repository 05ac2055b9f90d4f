import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const BUILT = join(import.meta.dirname, '../../../out/main/service.js');

export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  /** Returns its standard error so far. */
  log(): string;
  /** Ends it cleanly, with its grace; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
}

/** A program that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function launch(env: Readonly<Record<string, string>>, words: readonly string[] = []) {
  if (!existsSync(BUILT)) throw new Error(`${BUILT} is not there; run "npm run build" first`);
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('GATEHOUSE_')),
  );
  const child = spawn(process.execPath, [BUILT, ...words], {
    env: { ...inherited, GATEHOUSE_CHECK_TIMEOUT: '30s', GATEHOUSE_STOP_GRACE: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  // A test run that is interrupted ends the service too.
  const onExit = (): void => void child.kill();
  process.once('exit', onExit);
  child.once('exit', () => process.off('exit', onExit));
  return { child, stderr: () => stderr, exited: once(child, 'exit') as Promise<[number | null]> };
}

/** Starts the built service in a process of its own, as `npm run service` does. */
export async function startServiceProcess(env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  const { child, stderr, exited } = launch(env);
  const firstLine = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const started = await Promise.race([firstLine, exited.then(() => undefined)]);
  if (started === undefined) throw new Error(`the service ended before it listened: ${stderr()}`);
  const { listening } = JSON.parse(started[0]) as { listening: string };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const [code] = await exited;
    return code;
  };
  return {
    url: listening,
    pid: child.pid ?? 0,
    log: stderr,
    stop: () => end('SIGTERM'),
    kill: async () => {
      await end('SIGKILL');
    },
  };
}

/** Runs a command of the built service, as `npm run service -- …` does. */
export async function runService(
  env: Readonly<Record<string, string>>,
  words: readonly string[] = [],
): Promise<Ended> {
  const { child, stderr, exited } = launch(env, words);
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  const [code] = await exited;
  return { code, stdout, stderr: stderr() };
}

/** Starts the service with settings that it has to refuse. */
export function failToStart(env: Readonly<Record<string, string>>): Promise<Ended> {
  return runService(env);
}
