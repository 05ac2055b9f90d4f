import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { existsSync } from 'node:fs';

const STOP_GRACE_MS = 3_000;
const SETPRIV = '/usr/bin/setpriv';

const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface HelperOptions {
  readonly stdio: StdioOptions;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Starts a helper (a virtual display, a bus) that never outlives this process. It leads a session of its own, so that
 * Ctrl-C in the terminal ends the app before its display. On Linux the kernel ends it if this process is killed.
 */
export function startHelper(command: string, args: readonly string[], options: HelperOptions): ChildProcess {
  const tied = process.platform === 'linux' && existsSync(SETPRIV);
  const [file, ...rest] = tied
    ? [SETPRIV, '--pdeathsig', 'TERM', '--', command, ...args]
    : [command, ...args];
  const child = spawn(file, rest, { ...options, detached: true });
  return track(child);
}

/** Ends a child process when this one exits. */
export function track<T extends ChildProcess>(child: T): T {
  running.add(child);
  child.once('close', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/** Resolves when a child process has ended; rejects if it could not be started. */
export function ended(child: ChildProcess): Promise<Ending> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Sends SIGTERM, and SIGKILL after the grace. */
export async function stopChild(child: ChildProcess, graceMs = STOP_GRACE_MS): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = ended(child);
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
}

export interface Outcome extends Ending {
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

interface CaptureOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly limitMs?: number;
}

/**
 * Runs a command to its end and returns its output. A command that cannot be started has code 127, as in a shell, with the
 * reason in `stderr`; one that takes longer than `limitMs` is killed.
 */
export function capture(
  command: string,
  args: readonly string[],
  { env, cwd, limitMs }: CaptureOptions = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = track(
      spawn(command, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(env === undefined ? {} : { env }),
        ...(cwd === undefined ? {} : { cwd }),
        ...(limitMs === undefined ? {} : { timeout: limitMs, killSignal: 'SIGKILL' }),
      }),
    );
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    const finish = (ending: Ending, failure?: Error): void =>
      resolve({
        ...ending,
        // Only the time limit kills it.
        timedOut: child.killed,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: failure === undefined ? Buffer.concat(stderr).toString('utf8') : failure.message,
      });
    child.once('error', (error) => finish({ code: 127, signal: null }, error));
    child.once('close', (code, signal) => finish({ code, signal }));
  });
}
