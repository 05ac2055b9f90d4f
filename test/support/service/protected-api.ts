import { createServer, request, type Agent, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readAnswer, type Answer } from './test-service';

/** A call that reached the API. */
export interface ReachedCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** The API behind a proxy of the tests. It answers every call, and records those that reached it. */
export interface ProtectedApi {
  /** `host:port` */
  readonly host: string;
  readonly reached: readonly ReachedCall[];
  /** Clears the records. */
  forget(): void;
  stop(): Promise<void>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** More than any proxy of the tests forwards. */
const MAX_HEADER_BYTES = 2 * 1024 * 1024;

/** Starts the API. By default it answers 200 and `{"from":"api"}`. */
export async function startProtectedApi(
  answer: (call: ReachedCall) => ApiAnswer = () => ({ status: 200, body: { from: 'api' } }),
): Promise<ProtectedApi> {
  const reached: ReachedCall[] = [];
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const call: ReachedCall = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        rawHeaders: incoming.rawHeaders,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      reached.push(call);
      const { status, body } = answer(call);
      outgoing.writeHead(status, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify(body));
    });
  });
  // Node's default drops the header lines beyond a limit.
  server.maxHeadersCount = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    reached,
    forget: () => void reached.splice(0),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface ClientCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** All header lines, names and values in turn, instead of `headers`. */
  readonly lines?: readonly string[];
  readonly body?: string;
  /** Sends the body in chunks, without its length. */
  readonly chunked?: boolean;
  /** The address of this machine that the call comes from. */
  readonly from?: string;
  /** The Unix socket that the call goes to, instead of the URL's address. */
  readonly socket?: string;
  /** By default each call has a connection of its own. */
  readonly agent?: Agent;
}

/** Makes one call of the API, from an address of this machine. */
export function callApi(url: string, call: ClientCall = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, headers, lines, body, chunked = false, from, socket, agent } = call;
    // `URL` would normalise paths like /../x, and the call has to be sent as it is.
    const [, origin = '', path = ''] = /^(http:\/\/[^/]+)(\/.*)?$/.exec(url) ?? [];
    const outgoing = request(
      origin,
      {
        path: path === '' ? '/' : path,
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: lines
          ? ['host', origin.replace('http://', ''), ...lines]
          : {
              ...(body !== undefined && {
                'content-type': 'application/json',
                ...(!chunked && { 'content-length': String(Buffer.byteLength(body)) }),
              }),
              ...headers,
            },
        agent: agent ?? false,
        ...(from !== undefined && { localAddress: from }),
        ...(socket !== undefined && { socketPath: socket }),
      },
      (incoming) => {
        readAnswer(incoming).then(resolve, reject);
      },
    );
    outgoing.on('error', reject);
    if (chunked && body !== undefined) outgoing.write(body.slice(0, 1));
    outgoing.end(chunked ? body?.slice(1) : body);
  });
}
