import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

import { SECOND_MS } from '#shared/durations';
import { startHelper, stopChild } from './child-processes.ts';
import { LaunchProblem } from './launch-problem.ts';

const READY_LIMIT_MS = 20 * SECOND_MS;

export interface Service {
  /** `:5` for a display, `unix:path=…` for a bus. */
  readonly address: string;
  readonly process: ChildProcess;
  readonly stop: () => Promise<void>;
}

interface DisplayOptions {
  readonly screen?: string;
  /** The server keeps its screen in this folder, as a file in X window dump format. */
  readonly framebufferFolder?: string;
}

/** Starts a virtual X display. The server picks a free number. */
export async function startVirtualDisplay({
  screen = '1600x1000x24',
  framebufferFolder,
}: DisplayOptions = {}): Promise<Service> {
  const dump = framebufferFolder === undefined ? [] : ['-fbdir', framebufferFolder];
  const args = ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp', '-noreset', ...dump];
  const child = startHelper('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const number = await firstLine(child, child.stdio[3] as Readable, 'The virtual display (Xvfb)');
  return { address: `:${number}`, process: child, stop: () => stopChild(child) };
}

/**
 * Starts a D-Bus session bus.
 * @param configuration a configuration file; the system's own for sessions by default.
 */
export async function startSessionBus(configuration?: string): Promise<Service> {
  const which = configuration === undefined ? '--session' : `--config-file=${configuration}`;
  const args = [which, '--nofork', '--nopidfile', '--print-address=3'];
  const child = startHelper('dbus-daemon', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const address = await firstLine(child, child.stdio[3] as Readable, 'The D-Bus session (dbus-daemon)');
  return { address, process: child, stop: () => stopChild(child) };
}

/** Resolves with the line by which a helper reports that it is ready. */
function firstLine(child: ChildProcess, stream: Readable, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    let complaint = '';
    const fail = (reason: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new LaunchProblem(`${name} did not start: ${reason}.`));
    };
    const timer = setTimeout(
      () => fail(`it did not answer within ${READY_LIMIT_MS / SECOND_MS} s`),
      READY_LIMIT_MS,
    );
    // The stream flows for the helper's whole life, because a full pipe would stop it.
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      if (complaint.length < 2_000) complaint += chunk;
    });
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      const end = said.indexOf('\n');
      if (end === -1) return;
      clearTimeout(timer);
      resolve(said.slice(0, end).trim());
    });
    child.once('error', (error) => fail(error.message));
    child.once('close', () => fail(complaint.trim().split('\n').at(-1) ?? 'it ended at once'));
  });
}
