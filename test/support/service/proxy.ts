import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { waitFor } from '../wait-for';

const DEPLOY = join(import.meta.dirname, '../../../resources/deploy');

/** The neighbours of a proxy of the tests, and its configuration. */
export interface ProxyPlan {
  /** The enforcement service, `host:port`. */
  readonly service: string;
  /** The protected API, `host:port`. */
  readonly api: string;
  /** The address that the proxy listens on; `[::]` includes IPv4. */
  readonly host?: '127.0.0.1' | '[::1]' | '[::]';
  /** The range of the load balancers whose X-Forwarded-For is trusted; none by default, as shipped. */
  readonly balancers?: string;
  /** The service's time limit; a few seconds by default, as shipped. */
  readonly serviceTimeoutMs?: number;
  /** The origin of the browser app whose preflight calls pass without a check. */
  readonly appOrigin?: string;
  /** The expression for an Authorization that the API may see; a bearer token by default, as shipped. */
  readonly authorization?: string;
  /** Adds a Unix socket; HAProxy takes options of its `bind`. */
  readonly socket?: { readonly bindOptions?: string };
  /** HAProxy takes TLS with this file of certificate and key, and tells of its clients. */
  readonly tls?: string;
  /** Lines beside the shipped ones: in the `server` of nginx, in the `global` of HAProxy. */
  readonly extraLines?: readonly string[];
  /** Lines in the `http` and in the `location` of nginx; `FOLDER` is replaced by a writable folder. */
  readonly httpLines?: readonly string[];
  readonly locationLines?: readonly string[];
}

export interface TestProxy {
  /** The protected API's URL for clients; on 127.0.0.1 if the proxy takes both families. */
  readonly url: string;
  /** The Unix socket; it exists only if the plan asks for it. */
  readonly socket: string;
  stop(): Promise<void>;
}

/** A reverse proxy that the tests run with the shipped files. */
export interface ProxyKind {
  readonly name: string;
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

/**
 * Returns the shipped file with the example's addresses replaced by this test's.
 * @throws Error if an address is not in the file.
 */
export function shippedFile(path: string, replacements: Readonly<Record<string, string>> = {}): string {
  let text = readFileSync(join(DEPLOY, path), 'utf8');
  for (const [from, to] of Object.entries(replacements)) {
    if (!text.includes(from)) throw new Error(`${path} does not contain "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

export function answers(host: string, port: number): Promise<boolean> {
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
  /** Runs once the program has ended. */
  readonly cleanUp: () => void;
}

/**
 * Starts a proxy and waits until it takes connections.
 * @throws Error with its output, if it ends before that.
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
