import type { Page } from 'playwright-core';
import type { Account, Review } from '#shared/domain/entities';
import type { WindowBridge } from '#shared/ipc/derive';
import type { Outcome } from '#shared/ipc/failure';
import { freePort } from '../service/nginx';
import { startServiceProcess, type ServiceProcess } from '../service/service-process';
import { httpCall, type Answer, type CallOptions } from '../service/test-service';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { launchConsole, type LaunchSettings, type RunningConsole } from './console-app';
import { startDesktopSession, type DesktopSession } from './session';

export const OWNER_TOKEN = 'desktop-owner-token-0123456789';

/** The globals of the console's page, for code that runs in it. */
export interface BridgeScope {
  readonly gatehouse: WindowBridge;
}

/** @throws Error with the failure. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}

/** The built console in a desktop session, connected to the built service in a process of its own. */
export interface RemoteDesktop {
  readonly session: DesktopSession;
  /** The current process after restarts. */
  readonly service: ServiceProcess;
  readonly running: RunningConsole;
  readonly page: Page;
  readonly token: string;
  /** The secret of the account's first key. */
  readonly secret: string;
  readonly keyId: string;
  /** Calls the control plane as the owner. */
  api(path: string, options?: CallOptions): Promise<Answer>;
  /** Checks a call from `ip` with a key of the account, as a proxy does. */
  call(ip: string, secret?: string): Promise<Answer>;
  pendingReviews(): Promise<readonly Review[]>;
  /** Ends the console and starts it again, signed in. */
  relaunch(end: 'quit' | 'kill', settings?: LaunchSettings): Promise<void>;
  stopService(): Promise<void>;
  /** Starts it again on the same data; on another port the console cannot reach it. */
  startService(where?: 'elsewhere'): Promise<void>;
  stop(): Promise<void>;
}

interface RemoteDesktopOptions {
  /** Added to the service's usual settings. */
  readonly serviceEnv?: Readonly<Record<string, string>>;
  readonly mode?: Account['mode'];
}

/** Starts session, service and console, and connects them. */
export async function startRemoteDesktop(options: RemoteDesktopOptions = {}): Promise<RemoteDesktop> {
  const dataDir = makeTempDir('remote-desktop');
  const env = {
    GATEHOUSE_DATA_DIR: dataDir,
    GATEHOUSE_LISTEN: `127.0.0.1:${await freePort()}`,
    GATEHOUSE_OWNER_TOKEN: OWNER_TOKEN,
    GATEHOUSE_OWNER_EMAIL: 'admin@example.com',
    ...options.serviceEnv,
  };
  let service = await startServiceProcess(env);
  const api = (path: string, callOptions: CallOptions = {}): Promise<Answer> =>
    httpCall(`${service.url}${path}`, {
      ...callOptions,
      headers: { authorization: `Bearer ${OWNER_TOKEN}`, ...callOptions.headers },
    });
  await api('/v1/account/mode', { method: 'PUT', body: { mode: options.mode ?? 'manual' } });
  const { key, secret } = (await api('/v1/keys', { body: { name: 'Production' } })).json as {
    key: { id: string };
    secret: string;
  };
  const session = await startDesktopSession();
  let running = await launchConsole({ session, choosesService: true });
  let page = await running.app.firstWindow();
  await connectTo(page, service.url);

  return {
    session,
    token: OWNER_TOKEN,
    secret,
    keyId: key.id,
    get service() {
      return service;
    },
    get running() {
      return running;
    },
    get page() {
      return page;
    },
    api,
    call: (ip, usedSecret = secret) =>
      httpCall(`${service.url}/v1/check`, { headers: { 'api-key': usedSecret, 'x-forwarded-for': ip } }),
    pendingReviews: async () =>
      ((await api('/v1/reviews?status=pending&limit=1000')).json as { items: Review[] }).items,
    relaunch: async (end, settings) => {
      await running[end]();
      running = await running.relaunch(settings);
      page = await running.app.firstWindow();
      // Without a key store the token lasts only for the run.
      await connectTo(page, service.url);
    },
    stopService: async () => {
      await service.stop();
    },
    startService: async (where) => {
      service = await startServiceProcess(
        where === undefined ? env : { ...env, GATEHOUSE_LISTEN: '127.0.0.1:0' },
      );
    },
    stop: async () => {
      await session.stop();
      await service.stop();
      removeTempDir(dataDir);
    },
  };
}

/** Connects through the window's bridge, and waits until the window shows it. */
export async function connectTo(page: Page, url: string): Promise<void> {
  valueOf(
    await page.evaluate(
      (target) => (globalThis as unknown as BridgeScope).gatehouse.call('connection', 'connect', target),
      { url, token: OWNER_TOKEN },
    ),
  );
  await page
    .getByLabel(/Connection: Online/)
    .first()
    .waitFor();
}
