import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTrustedProxies } from '#service/config';
import { createFingerprintReader } from '#service/http/check/fingerprint';
import { makeCertificate } from '#test/support/certificate';
import { haproxy } from '#test/support/service/haproxy';
import { startProtectedApi, type ProtectedApi } from '#test/support/service/protected-api';
import type { TestProxy } from '#test/support/service/proxy';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const HEADER = 'x-gatehouse-fingerprint';

describe.skipIf(!haproxy.isInstalled())('HAProxy that takes TLS', () => {
  const certificate = makeCertificate();
  const dir = makeTempDir('tls-client');
  const read = createFingerprintReader({
    trustedProxies: parseTrustedProxies('loopback'),
    fingerprintHeader: HEADER,
  });
  const asked: (string | null)[] = [];
  /** Stands for the service, and lets everybody in. */
  const service = createServer((incoming: IncomingMessage, outgoing) => {
    asked.push(read(incoming));
    outgoing.writeHead(200, { 'x-gatehouse-verdict': 'allowed' }).end();
  });
  let api: ProtectedApi;
  let proxy: TestProxy;

  beforeAll(async () => {
    const tls = join(dir, 'both.pem');
    writeFileSync(tls, readFileSync(certificate.file, 'utf8') + readFileSync(certificate.keyFile, 'utf8'));
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    api = await startProtectedApi();
    const { port } = service.address() as AddressInfo;
    proxy = await haproxy.start({ tls, service: `127.0.0.1:${port}`, api: api.host });
  });
  afterAll(async () => {
    await proxy.stop();
    await api.stop();
    service.closeAllConnections();
    service.close();
    certificate.remove();
    removeTempDir(dir);
  });

  const fingerprintOf = async (ciphers?: string, headers = {}): Promise<string | null | undefined> => {
    const url = proxy.url.replace('http:', 'https:');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const options = {
        ca: certificate.cert,
        agent: false as const,
        headers,
        ...(ciphers !== undefined && { ciphers }),
      };
      request(url, options, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    return asked.at(-1);
  };

  it('tells programs apart, and knows one again', async () => {
    const one = await fingerprintOf();
    expect(one).toMatch(/^\d+,[0-9A-F]{40},[0-9A-F]{40}$/);
    expect(await fingerprintOf()).toBe(one);
    const other = await fingerprintOf('ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384');
    expect(other).toMatch(/^\d+,[0-9A-F]{40},[0-9A-F]{40}$/);
    expect(other).not.toBe(one);
  });

  it('lets no caller choose', async () => {
    const own = await fingerprintOf();
    expect(await fingerprintOf(undefined, { [HEADER]: 'chosen' })).toBe(own);
  });
});
