import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';

/** A server in a process of its own. */
export interface Program {
  readonly url: string;
  /** Processor time used so far, in milliseconds: whoever else is busy hardly counts. NaN where the system does not tell. */
  processorMs(): number;
  /** Memory that it holds, in MiB. NaN where the system does not tell. */
  residentMib(): number;
  stop(): Promise<void>;
}

/** Whether a command can be started at all. */
export const hasCommand = (command: string, versionArgument: string): boolean =>
  spawnSync(command, [versionArgument], { stdio: 'ignore' }).error === undefined;

/** The words that hold a command to one processor, where that can be done: server and load then do not take turns on one. */
export const onProcessor = (processor: number): readonly string[] =>
  availableParallelism() > processor && hasCommand('taskset', '--version')
    ? ['taskset', '-c', String(processor)]
    : [];

/** Linux counts in hundredths of a second, whatever the processor (proc(5), /proc/pid/stat, fields 14 and 15). */
const MS_PER_TICK = 10;

/** Processor time that a process has used so far, in milliseconds; NaN for one that is gone. */
export const processorMsOf = (pid: number): number => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, may hold spaces.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return Number.NaN;
  }
};

const KIB_PER_MIB = 1_024;

const residentMibOf = (pid: number): number => {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) / KIB_PER_MIB;
  } catch {
    return Number.NaN;
  }
};

/** Starts a program of Node that prints `{"listening": url}` once it can answer. */
export const startProgram = async (
  script: string,
  env: Readonly<Record<string, string>> = {},
  pinned: readonly string[] = [],
): Promise<Program> => {
  const [command, ...args] = [...pinned, process.execPath, script];
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('GATEHOUSE_')),
  );
  const child = spawn(command, args, { env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  // A benchmark that breaks off takes its servers with it.
  const onExit = (): void => void child.kill();
  process.once('exit', onExit);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const exited = once(child, 'exit');
  const firstLine = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const started = await Promise.race([firstLine, exited.then(() => undefined)]);
  if (started === undefined) throw new Error(`${script} ended before it listened: ${stderr}`);
  return {
    url: (JSON.parse(started[0]) as { listening: string }).listening,
    processorMs: () => processorMsOf(child.pid ?? 0),
    residentMib: () => residentMibOf(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      process.off('exit', onExit);
    },
  };
};
