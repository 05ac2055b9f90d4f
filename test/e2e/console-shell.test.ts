import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchConsole, type RunningConsole } from '#test/support/desktop/console-app';
import { EMBEDDED, logOf, mirrorOf, online } from '#test/support/desktop/embedded-console';
import type { BridgeScope } from '#test/support/desktop/remote-desktop';
import { linuxParts } from '#test/support/desktop/requirements';
import { type DesktopSession, startDesktopSession } from '#test/support/desktop/session';
import { waitFor } from '#test/support/wait-for';

describe.skipIf(!linuxParts().ok)('the shell of the console', () => {
  let session: DesktopSession;
  let running: RunningConsole;
  let page: Page;

  beforeAll(async () => {
    session = await startDesktopSession();
    running = await launchConsole({ session, env: EMBEDDED });
    page = await running.app.firstWindow();
    await online(page);
  });
  afterAll(async () => {
    await session.stop();
  });

  it('gives its windows the bridge and nothing else of the machine', async () => {
    const found = await page.evaluate(() => ({
      bridge: Object.keys((globalThis as unknown as BridgeScope).gatehouse),
      globals: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in window),
      origin: window.location.origin,
    }));
    expect(found).toEqual({ bridge: ['call', 'on'], globals: [], origin: 'app://gatehouse' });
    const refused = await page.evaluate(() => {
      const scope = globalThis as unknown as {
        gatehouse: { call: (group: string, name: string) => Promise<unknown> };
      };
      return scope.gatehouse.call('mirror', 'unknown').then(
        () => 'answered',
        (error: unknown) => String(error),
      );
    });
    expect(refused).toContain("No handler registered for 'gatehouse:mirror:unknown'");
  });

  it('lets them reach no network, whatever they try', async () => {
    const { connection } = await mirrorOf(page);
    const url = 'service' in connection ? `${connection.service.url}/healthz` : '';
    const tried = await page.evaluate(async (target) => {
      const loads = (element: HTMLImageElement | HTMLScriptElement | HTMLIFrameElement): Promise<string> =>
        new Promise((resolve) => {
          element.addEventListener('load', () => resolve('loaded'));
          element.addEventListener('error', () => resolve('refused'));
          element.src = target;
          document.body.append(element);
        });
      const socket = (): Promise<string> =>
        new Promise((resolve) => {
          try {
            const opened = new WebSocket(target.replace('http', 'ws'));
            opened.addEventListener('open', () => resolve('loaded'));
            opened.addEventListener('error', () => resolve('refused'));
          } catch {
            resolve('refused');
          }
        });
      return {
        fetch: await fetch(target).then(
          () => 'loaded',
          () => 'refused',
        ),
        image: await loads(document.createElement('img')),
        script: await loads(document.createElement('script')),
        socket: await socket(),
      };
    }, url);
    expect(tried).toEqual({ fetch: 'refused', image: 'refused', script: 'refused', socket: 'refused' });
  });

  it('runs no script that is not a file of its own', async () => {
    const ran = await page.evaluate(async () => {
      const scope = window as unknown as { inline?: boolean; evaluated?: boolean };
      const script = document.createElement('script');
      script.textContent = 'window.inline = true';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.inline = true">');
      // In a task of its own, because the policy does not hold for code that a debugger runs.
      await new Promise<void>((resolve) => {
        setTimeout(() => {
          try {
            // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-call
            new Function('window.evaluated = true')();
          } catch {
            // That is the point.
          }
          resolve();
        });
      });
      return { inline: scope.inline ?? false, evaluated: scope.evaluated ?? false };
    });
    expect(ran).toEqual({ inline: false, evaluated: false });
  });

  it('opens no window and goes nowhere', async () => {
    const url = page.url();
    const opened = await page.evaluate(() => {
      const popup = window.open('https://example.com/');
      window.location.href = 'https://example.com/';
      return popup === null;
    });
    expect(opened).toBe(true);
    await waitFor('the refusals in the log', () => {
      const log = logOf(running);
      return log.includes('navigation.refused') && log.includes('window.refused');
    });
    expect(page.url()).toBe(url);
    expect(running.app.windows()).toHaveLength(1);
    await mirrorOf(page);
  });

  it('grants no permission', async () => {
    const states = await page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone'] as const;
      const found = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
      return [...found.map(({ state }) => state), await Notification.requestPermission()];
    });
    expect(states).toEqual(['denied', 'denied', 'denied', 'denied', 'denied']);
  });

  it('answers no page but its own', async () => {
    const answers = await running.app.evaluate(async ({ BrowserWindow, app }) => {
      const preload = `${app.getAppPath()}/out/preload/preload.cjs`;
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      const ask = (): Promise<unknown> =>
        stranger.webContents.executeJavaScript(
          'window.gatehouse.call("mirror", "snapshot").then(() => "answered", () => "refused")',
        );
      await stranger.loadURL('app://gatehouse/index.html?window=console').catch(() => undefined);
      const unknownWindow = await ask();
      stranger.destroy();
      return unknownWindow;
    });
    expect(answers).toBe('refused');
    expect(logOf(running)).toContain('foreign_window');
  });
});
