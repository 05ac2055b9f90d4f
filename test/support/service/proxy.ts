import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { waitFor } from '../wait-for';

const DEPLOY = join(import.meta.dirname, '../../../resources/deploy');

/** What a proxy of the tests stands between. */
export interface ProxyPlan {
  /** Where the enforcement service listens, `host:port`. */
  readonly service: string;
  /** Where the protected API listens, `host:port`. */
  readonly api: string;
  /** What the proxy listens on: `[::]` takes IPv4 as well. */
  readonly host?: '127.0.0.1' | '[::1]' | '[::]';
  /** The range of the load balancers in front, whose X-Forwarded-For is believed; none, as shipped, where it is absent. */
  readonly balancers?: string;
  /** How long the service may take for its answer; a few seconds, as shipped, where it is absent. */
  readonly serviceTimeoutMs?: number;
  /** The origin of the browser app whose calls are let in without a check where they ask in advance. */
  readonly appOrigin?: string;
  /** The expression for an Authorization that the API may see; a bearer token, as shipped, where it is absent. */
  readonly authorization?: string;
  /** Makes it listen on a Unix socket as well; HAProxy takes options of its `bind`. */
  readonly socket?: { readonly bindOptions?: string };
  /** Lines beside the shipped ones: in the `server` of nginx, in the `global` of HAProxy. */
  readonly extraLines?: readonly string[];
  /** Lines in the `http` and in the `location` of nginx; `FOLDER` is one that it may write to. */
  readonly httpLines?: readonly string[];
  readonly locationLines?: readonly string[];
}

export interface TestProxy {
  /** The protected API as its clients see it; on 127.0.0.1 where the proxy takes both families. */
  readonly url: string;
  /** The Unix socket that it listens on; it is there only if the plan asks for it. */
  readonly socket: string;
  stop(): Promise<void>;
}

/** A reverse proxy that the tests run with the shipped files. */
export interface ProxyKind {
  readonly name: string;
  /** Whether this machine has the program. */
  isInstalled(): boolean;
  start(plan: ProxyPlan): Promise<TestProxy>;
  /** The status that callers get while the service is away. */
  readonly unavailableStatus: number;
}

export function isProgram(program: string, versionFlag: string): boolean {
  return spawnSync(program, [versionFlag], { stdio: 'ignore' }).status === 0;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** The shipped file with the example's addresses replaced by this test's. Each replacement has to hit. */
export function shippedFile(path: string, replacements: Readonly<Record<string, string>> = {}): string {
  let text = readFileSync(join(DEPLOY, path), 'utf8');
  for (const [from, to] of Object.entries(replacements)) {
    if (!text.includes(from)) throw new Error(`${path} does not contain "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

export interface ProxyCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly host: NonNullable<ProxyPlan['host']>;
  readonly port: number;
  readonly socket?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is done once it has ended. */
  readonly cleanUp: () => void;
}

/**
 * Starts a proxy and waits until it takes connections.
 * @throws Error with what it wrote, where it ends before that.
 */
export async function startProxyProgram(command: ProxyCommand): Promise<TestProxy> {
  const { program, args, host, port, socket = '', env, cleanUp } = command;
  const output: string[] = [];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  }
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const reachable = host === '[::1]' ? '::1' : '127.0.0.1';
  await waitFor(`${program} to listen`, () => {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${output.join('')}`);
    return answers(reachable, port);
  });
  return {
    url: `http://${host === '[::1]' ? host : reachable}:${port}`,
    socket,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      cleanUp();
    },
  };
}
