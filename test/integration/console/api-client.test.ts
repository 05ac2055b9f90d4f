import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ApiClient, createApiClient } from '#electron/core/api/client';
import { makeCertificate } from '#test/support/certificate';
import { makeAccount, makeRange } from '#test/support/console/builders';

const TOKEN = 'gt_TheTokenOfThisTest';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let client: ApiClient;
let received: Received[];
let respond: (request: Received, response: ServerResponse) => void;

const json = (response: ServerResponse, status: number, value: unknown, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
};
const portOf = (): number => (server.address() as AddressInfo).port;
const clientFor = (url: string): ApiClient => createApiClient({ url, token: TOKEN, appVersion: '1.2.3' });

beforeEach(async () => {
  received = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const entry = { method, url, headers, body: Buffer.concat(chunks).toString() };
      received.push(entry);
      respond(entry, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = clientFor(`http://127.0.0.1:${portOf()}/base`);
});
afterEach(async () => {
  client.dispose();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a call', () => {
  it('sends what the contract says, and decodes the answer', async () => {
    const range = makeRange();
    respond = (_request, response) => json(response, 201, { items: [range], notes: [], futureField: 1 });
    const outcome = await client.call('addRanges', { body: { cidr: '203.0.113.9', label: 'Büro' } });
    expect(outcome).toEqual({ ok: true, value: { items: [range], notes: [] } });
    expect(received).toMatchObject([{ method: 'POST', url: '/base/v1/ranges' }]);
    expect(received[0]?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'user-agent': 'Gatehouse-Console/1.2.3',
      'x-gatehouse-client': 'console',
      'content-type': 'application/json',
    });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({ cidr: '203.0.113.9', label: 'Büro' });
  });

  it('fails with a sentence once the client is disposed of', async () => {
    client.dispose();
    const outcome = await client.call('getAccount', {});
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
    expect(received).toEqual([]);
  });

  it('encodes path and query', async () => {
    respond = (_request, response) => response.writeHead(204).end();
    await client.call('removeRange', { params: { id: 'a/../b?c' }, query: { confirmImpact: 'true' } });
    respond = (_request, response) => json(response, 200, { items: [], nextCursor: null });
    await client.call('listAttempts', { query: { q: 'a&b=c +', limit: 5, cursor: undefined } });
    expect(received.map(({ url }) => url)).toEqual([
      '/base/v1/ranges/a%2F..%2Fb%3Fc?confirmImpact=true',
      '/base/v1/attempts?q=a%26b%3Dc+%2B&limit=5',
    ]);
    expect(received[0]?.headers['content-type']).toBeUndefined();
  });

  it('asks no proxy of the environment', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { http_proxy: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' });
    try {
      respond = (_request, response) => json(response, 200, makeAccount());
      expect((await client.call('getAccount', {})).ok).toBe(true);
    } finally {
      process.env = before;
    }
  });
});

describe('an answer that is not the contract’s', () => {
  it.each([
    ['something else than JSON', (response: ServerResponse) => response.end('<html>Welcome</html>')],
    ['another shape', (response: ServerResponse) => json(response, 200, { ...makeAccount(), mode: 7 })],
    ['nothing at all', (response: ServerResponse) => response.writeHead(204).end()],
  ])('is a failure of the service: %s', async (_what, send) => {
    respond = (_request, response) => {
      send(response);
    };
    const outcome = await client.call('getAccount', {});
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'service', code: 'contract_violation' } });
  });

  it('names the place that does not fit', async () => {
    respond = (_request, response) => json(response, 200, { ...makeAccount(), mode: 7 });
    const outcome = await client.call('getAccount', {});
    expect(outcome.ok ? '' : outcome.failure.message).toContain('at mode');
  });

  it('is not followed elsewhere: the token stays where it belongs', async () => {
    respond = (_request, response) => response.writeHead(302, { location: '/base/v1/elsewhere' }).end();
    const outcome = await client.call('getAccount', {});
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'service', code: 'redirected' } });
    expect(received).toHaveLength(1);
  });

  it('is given up when it is too large', async () => {
    const megabyte = Buffer.alloc(1024 ** 2, ' ');
    respond = (_request, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write(megabyte));
      };
      response.on('drain', pour);
      pour();
    };
    const outcome = await client.call('getAccount', {});
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'service', code: 'answer_too_large' } });
  });

  it('does not get the token into a message, not even when the service repeats it', async () => {
    respond = (request, response) =>
      json(response, 500, {
        type: 'about:blank',
        title: 'T',
        status: 500,
        code: 'internal',
        detail: `Broken by ${request.headers.authorization ?? ''}`,
      });
    const outcome = await client.call('getAccount', {});
    expect(JSON.stringify(outcome)).not.toContain(TOKEN);
    expect(outcome).toMatchObject({ failure: { message: 'Broken by Bearer [token]' } });
  });
});

describe('no answer', () => {
  it('because nothing listens', async () => {
    const closed = clientFor('http://127.0.0.1:1');
    expect(await closed.call('getAccount', {})).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable', message: 'Nothing answers at 127.0.0.1:1. Is the service running?' },
    });
  });

  it('because neither of the two addresses of a name listens', async () => {
    const outcome = await clientFor('http://localhost:1').call('getAccount', {});
    expect(outcome).toMatchObject({
      failure: { message: expect.stringContaining('Nothing answers') as string },
    });
  });

  it('in time, also when bytes trickle in', async () => {
    let trickle: NodeJS.Timeout | undefined;
    respond = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      trickle = setInterval(() => response.write(' '), 20);
    };
    const outcome = await client.call('getAccount', {}, { timeoutMs: 300 });
    clearInterval(trickle);
    expect(outcome).toMatchObject({
      failure: { kind: 'unreachable', message: expect.stringContaining('did not answer in time') as string },
    });
  });

  it('because the connection was cut', async () => {
    respond = (_request, response) => response.destroy();
    expect(await client.call('getAccount', {})).toMatchObject({
      failure: { message: expect.stringContaining('closed before there was an answer') as string },
    });
  });

  it('because the other side does not speak TLS', async () => {
    const outcome = await clientFor(`https://127.0.0.1:${portOf()}`).call('getAccount', {});
    expect(outcome).toMatchObject({
      failure: { kind: 'unreachable', message: expect.stringContaining('nothing was sent') as string },
    });
  });

  it('because nobody vouches for the certificate, whatever the environment says', async () => {
    const certificate = makeCertificate();
    const { key, cert } = certificate;
    const tls = createTlsServer({ key, cert }, (_request, response) => json(response, 200, makeAccount()));
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    try {
      const { port } = tls.address() as AddressInfo;
      const outcome = await clientFor(`https://127.0.0.1:${port}`).call('getAccount', {});
      expect(outcome).toMatchObject({
        failure: { kind: 'unreachable', message: expect.stringContaining('signed by itself') as string },
      });
    } finally {
      vi.unstubAllEnvs();
      tls.close();
      certificate.remove();
    }
  });

  it('because the caller lost interest', async () => {
    const abort = new AbortController();
    respond = () => abort.abort(new Error('no longer wanted'));
    await expect(client.call('getAccount', {}, { signal: abort.signal })).rejects.toThrow('no longer wanted');
    await expect(client.call('getAccount', {}, { signal: abort.signal })).rejects.toThrow('no longer wanted');
    expect(received).toHaveLength(1);
  });
});
