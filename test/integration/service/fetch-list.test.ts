import type { lookup as systemLookup } from 'node:dns';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createListFetcher, isPublicAddress, type FetchOptions } from '#service/sources/fetch-list';
import { makeCertificate, type Certificate } from '#test/support/certificate';
import { startListServer, type ListServer } from '#test/support/service/list-server';

/** Stands for the public internet; 127.0.0.2 stands for a private network. */
const OPEN: FetchOptions = { mayConnect: (address) => address === '127.0.0.1' };

/** A lookup that knows every name by these addresses. */
function lookupOf(addresses: readonly string[]): typeof systemLookup {
  const lookup = (_host: string, _options: object, callback: (error: null, found: object[]) => void): void =>
    callback(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    );
  return lookup as unknown as typeof systemLookup;
}

describe('a list is fetched', () => {
  const servers: ListServer[] = [];
  let certificate: Certificate;
  const start = async (options: Parameters<typeof startListServer>[0] = {}): Promise<ListServer> => {
    const server = await startListServer(options);
    servers.push(server);
    return server;
  };
  const fetchFrom = (server: ListServer, options: Partial<FetchOptions> = {}, known = {}) =>
    createListFetcher({ ...OPEN, ...options })(server.url, known);
  const textOf = async (server: ListServer, options: Partial<FetchOptions> = {}): Promise<string> => {
    const list = await fetchFrom(server, options);
    return list.kind === 'changed' ? list.body.toString() : list.kind;
  };

  beforeAll(() => {
    certificate = makeCertificate();
  });
  afterAll(() => certificate.remove());
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  it('as it is, and unpacked where it is packed', async () => {
    const server = await start();
    server.list('203.0.113.0/24\n');
    expect(await textOf(server)).toBe('203.0.113.0/24\n');
    server.serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('198.51.100.0/24')),
    );
    expect(await textOf(server)).toBe('198.51.100.0/24');
  });

  it('only if it has changed since', async () => {
    const server = await start();
    server.serve((request, response) => {
      const isKnown = request.headers['if-none-match'] === '"one"';
      response.writeHead(isKnown ? 304 : 200, {
        etag: '"one"',
        'last-modified': 'Thu, 15 Jan 2026 12:00:00 GMT',
      });
      response.end(isKnown ? undefined : '203.0.113.0/24');
    });
    const first = await fetchFrom(server);
    expect(first).toMatchObject({
      validators: { etag: '"one"', lastModified: 'Thu, 15 Jan 2026 12:00:00 GMT' },
    });
    const known = first.kind === 'changed' ? first.validators : {};
    expect(await fetchFrom(server, {}, known)).toEqual({ kind: 'unchanged' });
    expect(server.requests[1]?.headers['if-modified-since']).toBe('Thu, 15 Jan 2026 12:00:00 GMT');
  });

  it('not from a server that answers 304 to a question without a condition', async () => {
    const server = await start();
    server.serve((_request, response) => response.writeHead(304).end());
    await expect(fetchFrom(server)).rejects.toThrow('answered 304');
  });

  it('over TLS only from a server whose certificate holds', async () => {
    const server = await start({ certificate });
    server.list('203.0.113.0/24');
    await expect(fetchFrom(server)).rejects.toThrow(/self-signed certificate/);
    expect(server.requests).toEqual([]);
    expect(await textOf(server, { ca: certificate.cert })).toBe('203.0.113.0/24');
  });

  it('through redirects, but not for ever, to nowhere, or out of TLS', async () => {
    const server = await start();
    const target = await start();
    target.list('203.0.113.0/24');
    const leadTo = (location: string): void =>
      server.serve((_request, response) => response.writeHead(302, { location }).end());
    leadTo(target.url);
    expect(await textOf(server)).toBe('203.0.113.0/24');
    leadTo('/list');
    await expect(fetchFrom(server)).rejects.toThrow('redirects too often');
    leadTo('ftp://203.0.113.9/list');
    await expect(fetchFrom(server)).rejects.toThrow('redirects to no address');
    const secure = await start({ certificate });
    secure.serve((_request, response) => response.writeHead(302, { location: target.url }).end());
    await expect(fetchFrom(secure, { ca: certificate.cert })).rejects.toThrow('from https to http');
  });

  it('from no private address: not named, not behind a name, not behind a redirect', async () => {
    const hidden = await start({ host: '127.0.0.2' });
    hidden.list('203.0.113.0/24');
    await expect(fetchFrom(hidden)).rejects.toThrow('127.0.0.2 is private');
    const named = { ...hidden, url: hidden.url.replace('127.0.0.2', 'lists.example') };
    const lookup = lookupOf(['127.0.0.2']);
    await expect(fetchFrom(named, { lookup })).rejects.toThrow(
      'lists.example has the address 127.0.0.2, which is private',
    );
    const open = await start();
    open.serve((_request, response) => response.writeHead(302, { location: hidden.url }).end());
    await expect(fetchFrom(open)).rejects.toThrow('127.0.0.2 is private');
    expect(hidden.requests).toEqual([]);
    expect(await textOf(hidden, { mayConnect: () => true })).toBe('203.0.113.0/24');
  });

  it('from the very address that was checked, where a name has a private one beside it', async () => {
    const server = await start();
    server.list('203.0.113.0/24');
    const named = { ...server, url: server.url.replace('127.0.0.1', 'lists.example') };
    const lookup = lookupOf(['127.0.0.2', '127.0.0.1']);
    expect(await textOf(named, { lookup })).toBe('203.0.113.0/24');
  });

  it('not from a server that stalls: at once, in the middle, or with a trickle that never ends', async () => {
    const server = await start();
    server.serve(() => undefined);
    await expect(fetchFrom(server, { idleMs: 100 })).rejects.toThrow('stopped answering');
    server.serve((_request, response) => response.write('203.0.113.0/24\n'));
    await expect(fetchFrom(server, { idleMs: 100 })).rejects.toThrow('stopped answering');
    server.serve((_request, response) => {
      const trickle = setInterval(() => response.write('#'), 10);
      response.once('close', () => clearInterval(trickle));
    });
    await expect(fetchFrom(server, { totalMs: 300 })).rejects.toThrow('took longer than');
  });

  it('not from a server that drops the connection before the end', async () => {
    const server = await start();
    server.serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('203.0.113.0/24\n');
      response.socket?.end();
    });
    await expect(fetchFrom(server)).rejects.toThrow('cannot be asked');
  });

  it('not beyond the limit, packed or not', async () => {
    const server = await start();
    server.list('x'.repeat(3 * 1024 ** 2));
    const limit = { maxBytes: 2 * 1024 ** 2 };
    await expect(fetchFrom(server, limit)).rejects.toThrow('more than 2 MB');
    server.serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(50 * 1024 ** 2))),
    );
    await expect(fetchFrom(server, limit)).rejects.toThrow('more than 2 MB');
  });

  it('not from a server that packs otherwise than it says', async () => {
    const server = await start();
    server.list('203.0.113.0/24', { 'content-encoding': 'gzip' });
    await expect(fetchFrom(server)).rejects.toThrow('cannot be unpacked');
    server.list('203.0.113.0/24', { 'content-encoding': 'zstd' });
    await expect(fetchFrom(server)).rejects.toThrow('encoded as zstd');
  });
});

describe('an address counts as public', () => {
  it.each(['93.184.216.34', '2606:2800:220:1::1'])('if anybody can have it: %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.1.2.3',
    '64:ff9b::10.1.2.3',
    'nonsense',
  ])('not if it is %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
