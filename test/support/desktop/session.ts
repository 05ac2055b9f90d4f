import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { startHelper, stopChild } from '#electron/launch/child-processes';
import { startVirtualDisplay } from '#electron/launch/virtual-desktop';

import { waitFor } from '../wait-for';
import { type BusService, startTestBus } from './bus';
import { NotificationServer } from './notification-server';
import type { ClosedNotification, ShownNotification } from './notification-server';
import { screenToPng } from './screenshot';

export type { ClosedNotification, ShownNotification } from './notification-server';
export { CLOSE_REASON } from './notification-server';

/** A desktop of the test's own: a display, a session bus, a notification server, folders for settings. */
export interface DesktopSession {
  /** The whole environment of an app in this session, apart from the developer's own settings. */
  readonly env: Readonly<Record<string, string>>;
  /** Every notification sent so far, in order; an update is an entry of its own with the same id. */
  readonly notifications: readonly ShownNotification[];
  /** Notifications that are still on the screen. */
  readonly openNotifications: readonly ShownNotification[];
  readonly closedNotifications: readonly ClosedNotification[];
  /**
   * Resolves with the first matching notification, buffered or future; rejects after the deadline with those there were.
   */
  waitForNotification(
    predicate: (notification: ShownNotification) => boolean,
    deadlineMs: number,
  ): Promise<ShownNotification>;
  waitForClosed(id: number, deadlineMs: number): Promise<ClosedNotification>;
  /** Chooses an action; `default` is the click on the notification itself. */
  invokeAction(id: number, actionKey: string): Promise<void>;
  /** Dismisses a notification as a person does. */
  close(id: number, reason?: number): Promise<void>;
  /** Writes a PNG of the whole display. */
  screenshot(path: string): Promise<void>;
  /** Registers `end`, which is called before the session stops. */
  beforeStop(end: () => Promise<void>): void;
  /** Ends everything in the session; may be called again. */
  stop(): Promise<void>;
}

export interface DesktopOptions {
  /** `<width>x<height>`, in pixels. */
  readonly screen?: string;
  /** Only a window manager tells a window that it does not fit. */
  readonly windowManager?: 'openbox';
  /** Returns the service that the bus starts on demand, for this display. */
  readonly service?: (display: string) => BusService;
}

/** Starts a desktop session. All of it ends with {@link DesktopSession.stop}, and at the latest with this process. */
export async function startDesktopSession({
  screen,
  windowManager,
  service,
}: DesktopOptions = {}): Promise<DesktopSession> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-desktop-'));
  const endings: (() => Promise<void>)[] = [
    () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  ];
  const stop = async (): Promise<void> => {
    // Apps end before their display.
    for (let end = endings.pop(); end !== undefined; end = endings.pop()) await end();
  };
  try {
    const framebufferFolder = join(folder, 'screen');
    await mkdir(framebufferFolder);

    const display = await startVirtualDisplay({
      framebufferFolder,
      ...(screen === undefined ? {} : { screen: `${screen}x24` }),
    });
    endings.push(display.stop);
    const bus = await startTestBus(
      folder,
      service === undefined ? {} : { service: service(display.address) },
    );
    endings.push(bus.stop);
    const env = sessionEnvironment(folder, display.address, bus.address);
    await Promise.all(
      ['XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME'].map((name) =>
        mkdir(env[name] ?? '', { mode: 0o700 }),
      ),
    );
    if (windowManager !== undefined) {
      const manager = startHelper(windowManager, [], { stdio: 'ignore', env });
      endings.push(() => stopChild(manager));
      await waitFor('the window manager', () =>
        spawnSync('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK'], { env, encoding: 'utf8' }).stdout.includes(
          '0x',
        ),
      );
    }
    const server = await NotificationServer.start(env);
    endings.push(() => server.stop());

    return {
      env,
      get notifications() {
        return server.notifications;
      },
      get openNotifications() {
        return server.open;
      },
      get closedNotifications() {
        return server.closed;
      },
      waitForNotification: (predicate, deadlineMs) => server.waitForNotification(predicate, deadlineMs),
      waitForClosed: (id, deadlineMs) => server.waitForClosed(id, deadlineMs),
      invokeAction: (id, actionKey) => server.invokeAction(id, actionKey),
      close: (id, reason) => server.close(id, reason),
      screenshot: async (path) => {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, await screenToPng(join(framebufferFolder, 'Xvfb_screen0')));
      },
      beforeStop: (end) => endings.push(end),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function sessionEnvironment(folder: string, display: string, bus: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('VITEST'),
  );
  const env: Record<string, string> = {
    ...Object.fromEntries(inherited),
    DISPLAY: display,
    XDG_SESSION_TYPE: 'x11',
    DBUS_SESSION_BUS_ADDRESS: bus,
    // Chromium looks for power and network services there, and complains if there is no bus.
    DBUS_SYSTEM_BUS_ADDRESS: bus,
    XDG_RUNTIME_DIR: join(folder, 'runtime'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_STATE_HOME: join(folder, 'state'),
  };
  for (const name of [
    'WAYLAND_DISPLAY',
    'XAUTHORITY',
    'XDG_CURRENT_DESKTOP',
    'DESKTOP_SESSION',
    // The test runner sets these; an app under test has to behave as elsewhere.
    'NODE_ENV',
    'NODE_OPTIONS',
  ]) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a record built two lines above
    delete env[name];
  }
  return env;
}
