import { Agent as HttpAgent, type ClientRequestArgs, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { AuthorityFileError, type NetworkAccess } from '../network/network';
import { type Proxy, proxyName } from '../network/proxy';
import { messageOf } from '../text';

/** A failed connection that neither the service nor the network caused. */
export type RouteTrouble =
  /** `code` is an error code of Node, or the status with which the proxy refused. */
  | { readonly kind: 'proxy'; readonly proxy: string; readonly namedBy: string; readonly code: string }
  /** A setting is wrong; the sentence names it. */
  | { readonly kind: 'setting'; readonly message: string };

export class RouteError extends Error {
  readonly trouble: RouteTrouble;

  constructor(trouble: RouteTrouble) {
    super(trouble.kind);
    this.trouble = trouble;
  }
}

const TUNNEL_TIMEOUT_MS = 15_000;

export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** Closes idle connections and those that are being opened. */
  destroy(): void;
}

/**
 * Connections to one service. A proxy only opens tunnels (CONNECT, RFC 9110 9.3.6), for http too, so it never gets a
 * request of ours.
 */
export function createAgents(url: URL, network: NetworkAccess): Agents {
  const ended = new AbortController();
  const trust = (): SecureContext => trustOf(network);
  const open: Open = async () => {
    const route = await network.routeTo(url);
    ended.signal.throwIfAborted();
    if (route.kind === 'refused') throw new RouteError({ kind: 'setting', message: route.message });
    return route.kind === 'direct' ? undefined : await openTunnel(route.proxy, url, trust, ended.signal);
  };
  const httpAgent = new RoutedHttpAgent(open);
  const httpsAgent = new RoutedHttpsAgent(open, trust);
  return {
    httpAgent,
    httpsAgent,
    destroy() {
      ended.abort();
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

type OnSocket = (error: Error | null, socket: Duplex) => void;
/** Opens a tunnel through a proxy; undefined means a direct connection. */
type Open = () => Promise<Socket | undefined>;

class RoutedHttpAgent extends HttpAgent {
  readonly #open: Open;

  constructor(open: Open) {
    super({ keepAlive: true });
    this.#open = open;
  }

  override createConnection(options: ClientRequestArgs, callback: OnSocket): undefined {
    handOver(
      this.#open().then((tunnel) => tunnel ?? super.createConnection(options)),
      callback,
    );
  }
}

class RoutedHttpsAgent extends HttpsAgent {
  readonly #open: Open;
  readonly #trust: () => SecureContext;

  constructor(open: Open, trust: () => SecureContext) {
    // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would switch it off otherwise.
    super({ keepAlive: true, rejectUnauthorized: true });
    this.#open = open;
    this.#trust = trust;
  }

  override createConnection(options: RequestOptions, callback: OnSocket): undefined {
    const connect = async (): Promise<Duplex | null | undefined> => {
      const secureContext = this.#trust();
      const socket = await this.#open();
      return super.createConnection({
        ...options,
        secureContext,
        ...(socket === undefined ? {} : { socket }),
      } as RequestOptions);
    };
    handOver(connect(), callback);
  }
}

function handOver(connection: Promise<Duplex | null | undefined>, callback: OnSocket): void {
  connection.then(
    (socket) => {
      if (socket) callback(null, socket);
    },
    // The type demands a socket beside the error, but Node does not read it.
    (error: unknown) => callback(error instanceof Error ? error : new Error(messageOf(error)), null as never),
  );
}

function trustOf(network: NetworkAccess): SecureContext {
  try {
    return network.trust();
  } catch (error) {
    if (error instanceof AuthorityFileError)
      throw new RouteError({ kind: 'setting', message: error.message });
    throw error;
  }
}

function openTunnel(
  proxy: Proxy,
  url: URL,
  trust: () => SecureContext,
  signal: AbortSignal,
): Promise<Socket> {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const target = `${url.hostname}:${port}`;
  const { credentials, isEncrypted, namedBy } = proxy;
  const options: RequestOptions = {
    method: 'CONNECT',
    host: proxy.host,
    port: proxy.port,
    path: target,
    agent: false,
    signal,
    headers: { host: target, ...(credentials && { 'proxy-authorization': basic(credentials) }) },
    ...(isEncrypted && { secureContext: trust(), rejectUnauthorized: true }),
  };
  return new Promise((resolve, reject) => {
    const refuse = (code: string): void =>
      reject(new RouteError({ kind: 'proxy', proxy: proxyName(proxy), namedBy, code }));
    const request = (isEncrypted ? httpsRequest : httpRequest)(options);
    request.setTimeout(TUNNEL_TIMEOUT_MS, () => {
      refuse('ETIMEDOUT');
      request.destroy();
    });
    request.once('error', (error: NodeJS.ErrnoException) => refuse(error.code ?? 'UNKNOWN'));
    request.once('connect', ({ statusCode = 0 }, socket: Socket, head) => {
      // Neither side speaks first, so bytes that follow the answer are not the service's.
      if (statusCode < 200 || statusCode > 299 || head.length > 0) {
        socket.destroy();
        refuse(String(statusCode));
        return;
      }
      socket.setTimeout(0);
      resolve(socket);
    });
    request.end();
  });
}

function basic({ userName, password }: NonNullable<Proxy['credentials']>): string {
  return `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
}
