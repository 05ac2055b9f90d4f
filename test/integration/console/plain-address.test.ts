import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowPlain } from '#electron/core/use-cases/allow-plain';
import { connect } from '#electron/core/use-cases/connect';
import { retry } from '#electron/core/use-cases/retry';
import { OWNER_TOKEN } from '#test/support/service/test-service';
import { useRemoteWorld, value } from '#test/support/console/remote-world';

const world = useRemoteWorld();

/** Hears everything that is sent to a plain address, and answers nothing. */
let listener: Server;
let heard: string;
let connections: number;

beforeEach(async () => {
  heard = '';
  connections = 0;
  listener = createServer((socket) => {
    connections += 1;
    socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.setTimeout(200, () => socket.destroy());
  });
  await new Promise<void>((resolve) => listener.listen(0, '0.0.0.0', resolve));
});
afterEach(() => new Promise((resolve) => listener.close(resolve)));

/** An address that is this computer's and yet no loopback one: what is true of it is true of any other. */
const plainUrl = (): string => `http://0.0.0.0:${(listener.address() as AddressInfo).port}`;
const plainUrlOfService = (): string => world.service.url.replace('127.0.0.1', '0.0.0.0');

describe('a plain address that is not loopback', () => {
  it('is not even connected to before a person has said so', async () => {
    const outcome = await connect(world.console.core, { url: plainUrl(), token: OWNER_TOKEN });
    expect(outcome).toMatchObject({
      ok: false,
      failure: {
        kind: 'invalid',
        code: 'plain_address',
        field: 'url',
        message: expect.stringMatching(/not encrypted: anybody on the way .* access token/) as string,
      },
    });
    expect(connections).toBe(0);
    // The listener hears what is sent once it is allowed.
    await connect(world.console.core, { url: plainUrl(), token: OWNER_TOKEN, allowPlain: true });
    expect(heard).toContain(OWNER_TOKEN);
  });

  it('is remembered as allowed, for this address, until another one is connected to', async () => {
    const url = plainUrlOfService();
    value(await connect(world.console.core, { url, token: OWNER_TOKEN, allowPlain: true }));
    await world.console.reach('online');
    await world.console.stop();
    world.startConsole();
    await world.console.reach('online');
    value(await world.connectTo(world.service));
    expect(world.console.core.profile.read().plainUrl).toBeNull();
  });

  it('is asked about with each new token', async () => {
    const request = { url: plainUrlOfService(), token: OWNER_TOKEN };
    value(await connect(world.console.core, { ...request, allowPlain: true }));
    expect(await connect(world.console.core, request)).toMatchObject({ failure: { code: 'plain_address' } });
  });

  it('gets nothing from a saved connection that was never allowed', async () => {
    value(await world.connectTo(world.service));
    await world.console.synced();
    await world.console.stop();
    const file = join(world.folder, 'profile.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(world.service.url, plainUrl()));

    world.startConsole();
    const state = await world.console.reach('unauthorized');
    expect(state).toMatchObject({
      code: 'plain_address',
      message: expect.stringContaining(plainUrl()) as string,
    });
    await retry(world.console.core);
    expect(connections).toBe(0);

    expect(await allowPlain(world.console.core, { url: 'http://192.0.2.9' })).toMatchObject({ ok: false });
    expect(connections).toBe(0);
    value(await allowPlain(world.console.core, { url: plainUrl() }));
    await world.console.reach('unreachable');
    expect(heard).toContain(OWNER_TOKEN);
  });
});
