import { type AddressInfo, connect } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, makeAuthority } from '#test/support/certificate';
import { type ConnectProxy, startConnectProxy } from '#test/support/connect-proxy';
import { launchConsole } from '#test/support/desktop/console-app';
import type { BridgeScope } from '#test/support/desktop/remote-desktop';
import { type DesktopSession, startDesktopSession } from '#test/support/desktop/session';
import { startServiceProcess, type ServiceProcess } from '#test/support/service/service-process';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const TOKEN = 'company-owner-token-0123456789';

let dataDir: string;
let service: ServiceProcess;
let authority: Authority;
let front: Server;
let proxy: ConnectProxy;
let session: DesktopSession;

beforeAll(async () => {
  dataDir = makeTempDir('company');
  service = await startServiceProcess({
    GATEHOUSE_DATA_DIR: dataDir,
    GATEHOUSE_LISTEN: '127.0.0.1:0',
    GATEHOUSE_OWNER_TOKEN: TOKEN,
    GATEHOUSE_OWNER_EMAIL: 'admin@example.com',
  });
  authority = makeAuthority();
  front = createServer(authority.issue('DNS:gatehouse.test'), (socket) => {
    const inner = connect(Number(new URL(service.url).port), '127.0.0.1');
    for (const end of [socket, inner]) end.on('error', () => end.destroy());
    socket.pipe(inner).pipe(socket);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  proxy = await startConnectProxy({
    names: { 'gatehouse.test:443': (front.address() as AddressInfo).port },
  });
  session = await startDesktopSession();
});
afterAll(async () => {
  await session.stop();
  await proxy.stop();
  front.close();
  authority.remove();
  await service.stop();
  removeTempDir(dataDir);
});

const asked = (): ReadonlySet<string> => new Set(proxy.requests);

describe('the console in a company', () => {
  it('takes the proxy of the system and the authority of Settings, and nothing from the environment', async () => {
    const running = await launchConsole({
      session,
      args: [`--proxy-server=http://${proxy.host}`],
      env: {
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
        NODE_EXTRA_CA_CERTS: authority.file,
        SSL_CERT_FILE: authority.file,
        HTTPS_PROXY: '',
        https_proxy: '',
        NO_PROXY: '',
        no_proxy: '',
      },
    });
    const page = await running.app.firstWindow();
    const connectTo = () =>
      page.evaluate(
        (token) =>
          (globalThis as unknown as BridgeScope).gatehouse.call('connection', 'connect', {
            url: 'https://gatehouse.test',
            token,
          }),
        TOKEN,
      );
    const refused = await connectTo();
    expect(refused.ok ? '' : refused.failure.message).toMatch(/authority that this computer does not trust/);
    expect(asked()).toEqual(new Set(['CONNECT gatehouse.test:443']));

    await page.evaluate(
      (authorityFile) =>
        (globalThis as unknown as BridgeScope).gatehouse.call('network', 'change', { authorityFile }),
      authority.file,
    );
    expect(await connectTo()).toEqual({ ok: true });
    await page
      .getByLabel(/Connection: Online/)
      .first()
      .waitFor();
    expect(proxy.heard()).not.toContain(TOKEN);
    // The service on this computer was started meanwhile and polled without any proxy.
    expect(asked()).toEqual(new Set(['CONNECT gatehouse.test:443']));
    await running.quit();
  });
});
