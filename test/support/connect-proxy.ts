import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** An HTTP proxy that only opens tunnels (CONNECT). */
export interface ConnectProxy {
  /** `host:port` */
  readonly host: string;
  /** Each request that it got, in order: `CONNECT gatehouse.test:443`. */
  readonly requests: readonly string[];
  /** Returns all bytes that it received, tunnels included, as text. */
  readonly heard: () => string;
  /** Answers each further request with this status; undefined opens the tunnel. */
  refuseWith(status: number | undefined): void;
  stop(): Promise<void>;
}

interface ConnectProxyOptions {
  /** The ports on this computer that names lead to, by `gatehouse.test:443`. */
  readonly names: Readonly<Record<string, number>>;
  /** `user:password`; required for a tunnel if set. */
  readonly credentials?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
}

export async function startConnectProxy(options: ConnectProxyOptions): Promise<ConnectProxy> {
  const { names, credentials, tls } = options;
  const requests: string[] = [];
  const sockets = new Set<Duplex>();
  let heard = '';
  let status: number | undefined;
  const keep = (socket: Duplex): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const answer = (socket: Duplex, code: number): void =>
    void socket.end(`HTTP/1.1 ${code} ${STATUS_CODES[code] ?? 'No'}\r\ncontent-length: 0\r\n\r\n`);
  const onConnect = ({ url = '', headers, rawHeaders }: IncomingMessage, client: Duplex): void => {
    requests.push(`CONNECT ${url}`);
    heard += `${url} ${rawHeaders.join(' ')}\n`;
    const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    const isKnown = expected === undefined || headers['proxy-authorization'] === expected;
    const port = names[url];
    if (!isKnown || status !== undefined || port === undefined) {
      answer(client, isKnown ? (status ?? 502) : 407);
      return;
    }
    const service: Socket = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
      client.pipe(service).pipe(client);
    });
    keep(service);
    client.on('close', () => service.destroy());
    service.on('close', () => client.destroy());
  };
  const onRequest = ({ method = '', url = '', rawHeaders }: IncomingMessage): void => {
    requests.push(`${method} ${url}`);
    heard += rawHeaders.join(' ');
  };
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  server.on('connection', keep);
  server.on('connect', onConnect);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    heard: () => heard,
    refuseWith: (code) => {
      status = code;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
