import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServiceProcess, type ServiceProcess } from '#test/support/service/service-process';
import { httpCall } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const TOKEN = 'bad-connections-token-0123';
const IDLE = 10_000;
const AT_ONCE = 200;
const BYTES_FOR_EACH = 20 * 1024;
const HEADERS_TIMEOUT_MS = 20_000;

describe('connections that nobody needs', () => {
  let dataDir: string;
  let service: ServiceProcess;
  let secret: string;
  let sockets: Socket[];
  beforeEach(async () => {
    sockets = [];
    dataDir = makeTempDir('connections');
    service = await startServiceProcess({
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_OWNER_TOKEN: TOKEN,
    });
    const { json } = await httpCall(`${service.url}/v1/keys`, {
      body: { name: 'k' },
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    ({ secret } = json as { secret: string });
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await service.stop();
    removeTempDir(dataDir);
  });

  const open = async (text: string): Promise<Socket> => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined).resume();
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  };
  const statusOf = async (ip: string): Promise<number> => {
    const { status } = await httpCall(`${service.url}/v1/check`, {
      headers: { 'api-key': secret, 'x-forwarded-for': ip },
    });
    return status;
  };

  const residentBytes = async (): Promise<number> => {
    const { text } = await httpCall(`${service.url}/metrics`);
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]);
  };

  it(
    'keep nobody from being answered, take little memory, and are closed',
    { timeout: 120_000 },
    async () => {
      expect(await statusOf('203.0.113.1')).toBe(200);
      const before = await residentBytes();
      while (sockets.length < IDLE) {
        await Promise.all(Array.from({ length: AT_ONCE }, () => open('GET /v1/check HTTP/1.1\r\nx-slow: ')));
      }
      expect(await statusOf('203.0.113.1')).toBe(200);
      expect(await statusOf('203.0.113.2')).toBe(200);
      expect((await residentBytes()) - before).toBeLessThan(IDLE * BYTES_FOR_EACH);
      // Node looks for them every half minute.
      await waitFor(
        'all to be closed',
        () => sockets.every(({ destroyed }) => destroyed),
        4 * HEADERS_TIMEOUT_MS,
      );
      expect(await statusOf('203.0.113.3')).toBe(200);
    },
  );
});
