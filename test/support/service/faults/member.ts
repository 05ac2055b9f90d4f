import { setTimeout as sleep } from 'node:timers/promises';
import { createSequential } from '#shared/async/sequential';
import { startServiceProcess, type ServiceProcess } from '../service-process';
import { startTcpProxy, type TcpProxy } from '../tcp-proxy';
import { httpCall, type Answer, type CallOptions } from '../test-service';

export const TOKEN = 'fault-schedules-token-0123';
/** Longer than any call may take. One that takes longer goes to a process that stands still. */
const PATIENCE_MS = 4_000;
const TRY_AGAIN_MS = 200;
/** For this long after its database is back, a process may decide by what it had before. */
const GRACE_MS = 10_000;

/** A process of the service. Those that share a database are each behind a connection of its own, which can be disturbed. */
export class Member {
  /** Its way to a shared database. */
  readonly line: TcpProxy | undefined;
  readonly #env: Readonly<Record<string, string>>;
  /** Two faults of one process come one after the other. */
  readonly inTurn = createSequential();
  #process: ServiceProcess | undefined;
  #awaySince: number | undefined;
  #awayUntil = -Infinity;

  private constructor(dataDir: string, line?: TcpProxy, databaseUrl?: string) {
    this.line = line;
    this.#env = {
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_OWNER_TOKEN: TOKEN,
      GATEHOUSE_CHECK_TIMEOUT: '1s',
      GATEHOUSE_IMPACT_WINDOW: 'off',
      ...(databaseUrl !== undefined && { GATEHOUSE_DATABASE_URL: databaseUrl }),
    };
  }

  /** Starts a process with an SQLite database in its data folder. */
  static async alone(dataDir: string): Promise<Member> {
    const member = new Member(dataDir);
    await member.start();
    return member;
  }

  /** Starts a process on a shared database. */
  static async sharing(databaseUrl: string, dataDir: string): Promise<Member> {
    const url = new URL(databaseUrl);
    const line = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.port = String(line.port);
    const member = new Member(dataDir, line, url.href);
    await member.start();
    return member;
  }

  get process(): ServiceProcess | undefined {
    return this.#process;
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  /** Goes on trying, because the database may be away. */
  async start(): Promise<void> {
    for (;;) {
      try {
        this.#process = await startServiceProcess(this.#env);
        return;
      } catch (error) {
        if (!/GATEHOUSE_DATABASE_URL|GATEHOUSE_DATA_DIR/.test(String(error))) throw error;
        await sleep(TRY_AGAIN_MS);
      }
    }
  }

  async end(how: 'kill' | 'stop'): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    await ending?.[how]();
  }

  /** Notes that the process loses its database, until the returned function is called. */
  loseDatabase(): () => void {
    const since = performance.now();
    this.#awaySince = Math.min(since, this.#awaySince ?? since);
    return () => {
      this.#awayUntil = performance.now() + GRACE_MS;
      this.#awaySince = undefined;
    };
  }

  /** True if the process may have decided by a policy of before. */
  mayBeBehind(from: number): boolean {
    return this.#awaySince !== undefined || from < this.#awayUntil;
  }

  /** Resolves with undefined if there was no answer. */
  async call(path: string, options: CallOptions = {}): Promise<Answer | undefined> {
    const { url } = this.#process ?? {};
    if (url === undefined) return undefined;
    try {
      return await httpCall(`${url}${path}`, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch {
      return undefined;
    }
  }

  api(path: string, options: CallOptions = {}): Promise<Answer | undefined> {
    return this.call(path, { ...options, headers: { authorization: `Bearer ${TOKEN}` } });
  }

  /** True if it is ready, and has delivered what it decided alone. */
  async isSettled(): Promise<boolean> {
    const ready = (await this.call('/readyz'))?.json as { status?: string } | undefined;
    if (ready?.status !== 'ready') return false;
    const { text = '' } = (await this.call('/metrics')) ?? {};
    return ['spool', 'repeats', 'first_sights'].every((queue) =>
      text.includes(`gatehouse_queue_length{queue="${queue}"} 0`),
    );
  }

  async remove(): Promise<void> {
    await this.end('kill');
    await this.line?.close();
  }
}
