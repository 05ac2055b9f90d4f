import { join } from 'node:path';

import { createClient, messageType } from 'dbus-native';
import type { MessageBus } from 'dbus-native';
import { afterEach, beforeEach, expect } from 'vitest';

import type { Announcement, AnnouncementEvent, Clock } from '#electron/core/ports';
import { systemClock, systemRandom } from '#electron/core/system';
import type { Service } from '#electron/launch/virtual-desktop';
import { FreedesktopPresenter } from '#electron/platform/notifications/freedesktop-presenter';
import { FreedesktopQuiet } from '#electron/platform/notifications/freedesktop-quiet';
import { NotificationService } from '#electron/platform/notifications/notification-service';
import { createNumberFile } from '#electron/platform/notifications/shown-numbers';
import { RecordingLog } from '#test/support/console/fakes';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

import { startTestBus } from './bus';
import { NotificationServer, SERVER_ON_DEMAND } from './notification-server';
import type { Behaviour, ShownNotification } from './notification-server';

const ICON = join(import.meta.dirname, '../../../resources/icons/gatehouse.png');

export const SOON_MS = 5_000;

const SERVER = {
  destination: 'org.freedesktop.Notifications',
  path: '/org/freedesktop/Notifications',
  interface: 'org.freedesktop.Notifications',
};

/** Real time with short sleeps, because a test waits for the bus. */
const impatientClock: Clock = {
  now: () => systemClock.now(),
  sleep: (delayMs, signal) => systemClock.sleep(Math.min(delayMs, 20), signal),
};

/** The presenter for freedesktop desktops on a real session bus, with an optional real notification server. */
class FreedesktopWorld {
  log = new RecordingLog();
  events: AnnouncementEvent[] = [];
  #folder = '';
  presenter!: FreedesktopPresenter;
  quiet!: FreedesktopQuiet;
  #service!: NotificationService;
  #bus: Service | undefined;
  #server: NotificationServer | undefined;
  #started: NotificationServer[] = [];

  /** Resets the world; nothing runs. */
  begin(): void {
    this.log = new RecordingLog();
    this.events = [];
    this.#folder = makeTempDir('freedesktop');
    this.#server = undefined;
    this.#started = [];
    this.#makePresenter();
  }

  /** Starts everything that a notification needs. */
  async startAll(): Promise<void> {
    await this.startBus();
    await this.startServer();
    this.startPresenter();
  }

  /**
   * Crashes the presenter: its connection ends, and its notifications stay. Then runs `meanwhile`, and starts another one.
   */
  async crashPresenter(meanwhile?: () => Promise<void>): Promise<void> {
    this.#service.stop();
    this.quiet.stop();
    await meanwhile?.();
    this.#makePresenter();
    this.startPresenter();
  }

  #makePresenter(): void {
    const parts = {
      address: `unix:path=${this.#socket}`,
      clock: impatientClock,
      random: systemRandom,
      log: this.log,
    };
    this.#service = new NotificationService({ ...parts, icon: ICON });
    this.presenter = new FreedesktopPresenter(
      this.#service,
      this.log,
      createNumberFile(join(this.#folder, 'shown.json'), this.log),
    );
    this.quiet = new FreedesktopQuiet(this.#service, parts);
    // An earlier test's presenter must not add events here.
    const { events } = this;
    this.presenter.subscribe((event) => events.push(event));
  }

  /** The events of the app's log above `info`. */
  get warnings(): readonly string[] {
    return this.log.lines.filter(({ level }) => level !== 'info').map(({ event }) => event);
  }

  /** The latest server. */
  get server(): NotificationServer {
    if (this.#server === undefined) throw new Error('no notification server was started');
    return this.#server;
  }

  /** Shows it; resolves with the server's number. */
  async show(id: string, announcement: Announcement): Promise<number> {
    const alreadyShown = this.server.notifications.length;
    this.presenter.show(id, announcement);
    return (await this.nextAfter(alreadyShown)).id;
  }

  /** Resolves with the notification after the first `count`. */
  nextAfter(count: number): Promise<ShownNotification> {
    return waitFor('another notification', () => this.server.notifications[count], SOON_MS);
  }

  /** Waits until exactly these events were published. */
  async told(...events: readonly AnnouncementEvent[]): Promise<void> {
    await expect.poll(() => this.events, { timeout: SOON_MS }).toEqual(events);
  }

  get address(): string {
    return `unix:path=${this.#socket}`;
  }

  get #socket(): string {
    return join(this.#folder, 'bus');
  }

  startPresenter(): void {
    this.#service.start();
    this.quiet.start();
  }

  async startBus(how?: 'with a server on demand'): Promise<void> {
    this.#bus = await startTestBus(this.#folder, {
      socket: this.#socket,
      ...(how === undefined ? {} : { service: SERVER_ON_DEMAND }),
    });
  }

  async stopBus(): Promise<void> {
    await this.#bus?.stop();
    this.#bus = undefined;
  }

  /** Starts a notification server, in place of an earlier one. */
  async startServer(behaviour?: Behaviour): Promise<NotificationServer> {
    await this.stopServer();
    return this.#startServer(behaviour);
  }

  /** Starts a server that takes over the name from the earlier one, which goes on without it. */
  async replaceServer(): Promise<NotificationServer> {
    await this.#server?.giveUpName();
    return this.#startServer();
  }

  async #startServer(behaviour?: Behaviour): Promise<NotificationServer> {
    const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${this.#socket}` };
    const server = await NotificationServer.start(env, behaviour);
    this.#started.push(server);
    this.#server = server;
    return server;
  }

  async stopServer(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  /**
   * Lets another program send one client a signal that only the server may send; resolves when the bus has delivered it.
   */
  async forgeSignal(
    destination: string,
    member: string,
    signature: string,
    body: readonly unknown[],
  ): Promise<void> {
    const bus = this.#anotherProgram();
    await bus.listNames();
    bus.connection.message({
      type: messageType.signal,
      serial: 1_000,
      destination,
      path: SERVER.path,
      interface: SERVER.interface,
      member,
      signature,
      body: [...body],
    });
    await bus.listNames();
    await bus.close();
  }

  async lockScreen(isLocked: boolean): Promise<void> {
    const bus = this.#anotherProgram();
    await bus.requestName('org.gnome.ScreenSaver', 0);
    bus.connection.message({
      type: messageType.signal,
      serial: 1_000,
      path: '/org/gnome/ScreenSaver',
      interface: 'org.gnome.ScreenSaver',
      member: 'ActiveChanged',
      signature: 'b',
      body: [isLocked],
    });
    await bus.listNames();
    await bus.close();
  }

  /** Lets another program show a notification; resolves with the server's number. */
  async showOfAnotherProgram(): Promise<number> {
    const bus = this.#anotherProgram();
    const number = await bus.invoke<number>({
      ...SERVER,
      member: 'Notify',
      signature: 'susssasa{sv}i',
      body: ['Another', 0, '', 'Something else', '', ['default', 'Open'], {}, -1],
    });
    await bus.close();
    return number;
  }

  /** Ends the program that owns the name, whoever started it. */
  async endServer(): Promise<void> {
    const bus = this.#anotherProgram();
    const processId = await bus.invokeDbus<number>({
      member: 'GetConnectionUnixProcessID',
      signature: 's',
      body: [SERVER.destination],
    });
    await bus.close();
    process.kill(processId, 'SIGKILL');
  }

  #anotherProgram(): MessageBus {
    return createClient({ busAddress: `unix:path=${this.#socket}` });
  }

  async stop(): Promise<void> {
    this.#service.stop();
    this.quiet.stop();
    for (const server of this.#started) await server.stop();
    await this.stopBus();
    removeTempDir(this.#folder);
  }
}

/** Returns a world that is reset before each test and ends after it. `start` runs before each test. */
export function useFreedesktopWorld(start?: (world: FreedesktopWorld) => Promise<void>): FreedesktopWorld {
  const world = new FreedesktopWorld();
  beforeEach(async () => {
    world.begin();
    await start?.(world);
  });
  afterEach(() => world.stop());
  return world;
}
