import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../certificate';

/** A server of lists whose behaviour a test sets. */
export interface ListServer {
  readonly url: string;
  /** All requests so far. */
  readonly requests: readonly IncomingMessage[];
  /** Answers from now on like this. */
  serve(listener: RequestListener): void;
  /** Answers from now on with this text. */
  list(text: string, headers?: Readonly<Record<string, string>>): void;
  close(): Promise<void>;
}

export interface ListServerOptions {
  readonly host?: string;
  readonly certificate?: Certificate;
}

/** Starts a server on a free port of a loopback address. */
export async function startListServer({
  host = '127.0.0.1',
  certificate,
}: ListServerOptions = {}): Promise<ListServer> {
  const requests: IncomingMessage[] = [];
  let listener: RequestListener = (_request, response) => response.writeHead(404).end();
  const handle: RequestListener = (request, response) => {
    requests.push(request);
    listener(request, response);
  };
  const server: Server =
    certificate === undefined
      ? createServer(handle)
      : createSecureServer({ key: certificate.key, cert: certificate.cert }, handle);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  const serve = (next: RequestListener): void => {
    listener = next;
  };
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://${host}:${port}/list`,
    requests,
    serve,
    list: (text, headers = {}) => serve((_request, response) => response.writeHead(200, headers).end(text)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
