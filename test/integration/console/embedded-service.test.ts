import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forget } from '#electron/core/use-cases/forget';
import { retry } from '#electron/core/use-cases/retry';
import { setMode } from '#electron/core/use-cases/set-mode';
import { useEmbedded } from '#electron/core/use-cases/use-embedded';
import { inProcessEmbedded, type InProcessEmbedded } from '#test/support/console/in-process-embedded';
import { value } from '#test/support/console/remote-world';
import { startConsole, type TestConsole, type TestConsoleOptions } from '#test/support/console/test-console';
import { httpCall } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

let folder: string;
let embedded: InProcessEmbedded;
let console: TestConsole;

const start = (options: TestConsoleOptions = {}): void => {
  console = startConsole({ folder, fork: embedded.fork, ...options });
};
const mirror = () => console.core.replica.snapshot();
const welcome = () =>
  waitFor('the welcome', async () => {
    const { connection } = mirror();
    return (await console.core.welcome.get('service' in connection ? connection.service : null)) ?? undefined;
  });

beforeEach(() => {
  folder = makeTempDir('console');
  embedded = inProcessEmbedded();
});
afterEach(async () => {
  await console.stop();
  removeTempDir(folder);
});

describe('the very first start', () => {
  it('runs the embedded service, and has a first key and a line to try it with', async () => {
    start();
    expect(mirror().connection.kind).toBe('connecting');
    await console.reach('online');
    const { curl, serviceUrl, secret, keyName } = await welcome();
    expect(keyName).toBe('First key');
    expect(mirror().keys).toMatchObject([{ name: 'First key', status: 'active' }]);
    expect(mirror().account).toMatchObject({ mode: 'learning', me: { role: 'owner' } });

    const [, header, forwarded, url] = /-H '([^']+)' -H '([^']+)' (\S+)$/.exec(curl) ?? [];
    const headers = [header, forwarded].map((text) => (text ?? '').split(': ') as [string, string]);
    expect(url).toBe(`${serviceUrl}/v1/check`);
    const { operationId } = value(setMode(console.core, { mode: 'manual' }));
    await console.settled(operationId);
    const answer = await httpCall(url ?? '', { headers: Object.fromEntries(headers) });
    expect(answer).toMatchObject({ status: 401, json: { reason: 'unknown' } });
    await waitFor('the notification', () => console.presenter.openTitles[0] === 'Blocked: 203.0.113.9');
    expect(console.log.text).not.toContain(secret);
  });

  it('makes one first key only', async () => {
    start();
    await console.reach('online');
    await console.stop();
    start();
    await console.reach('online');
    expect(mirror().keys).toHaveLength(1);
    expect((await welcome()).keyName).toBe('First key');
    console.core.welcome.dismiss();
    await console.stop();
    start();
    await console.reach('online');
    expect(await console.core.welcome.get({ kind: 'embedded', url: 'http://x' })).toBeNull();
  });

  it('uses a new token with each start, and none of them touches the disk', async () => {
    start();
    await console.reach('online');
    await console.stop();
    start();
    await console.reach('online');
    const hashes = embedded.starts.map(({ consoleTokenHash }) => consoleTokenHash);
    expect(new Set(hashes).size).toBe(2);
    expect(console.core.profile.read().encryptedToken).toBeNull();
  });

  it('keeps the choice after "forget", and the data of the service', async () => {
    start();
    await console.reach('online');
    value(setMode(console.core, { mode: 'automatic' }));
    // Not before it is with the service.
    expect(value(await forget(console.core, { discardUnsent: false }))).toEqual({
      forgotten: false,
      unsent: 1,
    });
    await console.drained();
    await forget(console.core, { discardUnsent: false });
    await console.stop();
    start();
    expect(mirror().connection).toEqual({ kind: 'none' });
    expect(await useEmbedded(console.core)).toMatchObject({ ok: true });
    await console.reach('online');
    await waitFor('the mode', () => mirror().account?.mode === 'automatic');
    expect(mirror().keys).toHaveLength(1);
  });
});

describe('an embedded service', () => {
  it('that ends by itself is started again, and the state says so', async () => {
    start();
    const { service } = await console.reach('online');
    await embedded.crash();
    // A poll that was under way may say first that nothing answers.
    await waitFor('the reason', () => {
      const { connection } = console.core.replica;
      return (
        connection.kind === 'unreachable' &&
        /ended unexpectedly.*being started again/.test(connection.message)
      );
    });
    const { operationId } = value(setMode(console.core, { mode: 'automatic' }));
    const again = await console.reach('online');
    expect(again.service).toEqual(service);
    // What was decided meanwhile is with the service then.
    expect(await console.settled(operationId)).toMatchObject({ outcome: 'applied' });
  });

  it('is refused a wrong setting with its name', async () => {
    start({ listenOverride: 'nonsense' });
    const state = await console.reach('failed');
    expect(state.message).toContain('GATEHOUSE_EMBEDDED_LISTEN');
  });
});

describe('the port', () => {
  let squatter: Server;
  let port: number;
  beforeEach(async () => {
    squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const address = squatter.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterEach(() => {
    squatter.close();
  });

  it('that is taken is said, with what to do; once it is free a retry works', async () => {
    start({ listenOverride: `127.0.0.1:${port}` });
    const state = await console.reach('failed');
    expect(state.message).toBe(
      `The address 127.0.0.1:${port} is taken by another program on this computer. Stop that program, then try again.`,
    );
    await new Promise((resolve) => squatter.close(resolve));
    expect(await retry(console.core)).toMatchObject({ ok: true });
    await console.reach('online');
  });

  it('that was found at the first start is kept, though the usual one is free again', async () => {
    start({ listenOverride: '' });
    const { service } = await console.reach('online');
    const listen = new URL(service.url).host;
    expect(console.core.profile.read().embeddedListen).toBe(listen);
    await console.stop();
    start({ listenOverride: '' });
    expect((await console.reach('online')).service).toEqual(service);
  });
});
