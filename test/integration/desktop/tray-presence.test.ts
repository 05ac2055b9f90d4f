import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, messageType } from 'dbus-native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '#electron/core/ports';
import { systemClock, systemRandom } from '#electron/core/system';
import type { Service } from '#electron/launch/virtual-desktop';
import { StatusNotifierPresence, watchTray } from '#electron/platform/tray/tray-presence';
import { RecordingLog } from '#test/support/console/fakes';
import { startTestBus } from '#test/support/desktop/bus';
import { linuxParts } from '#test/support/desktop/requirements';
import { TrayHost } from '#test/support/desktop/tray-host';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const WATCHER = 'org.kde.StatusNotifierWatcher';

/** Real time, but nobody waits long for a bus. */
const impatientClock: Clock = {
  now: () => systemClock.now(),
  sleep: (delayMs, signal) => systemClock.sleep(Math.min(delayMs, 20), signal),
};

describe.skipIf(!linuxParts().ok)('whether a freedesktop desktop shows a tray', () => {
  let folder: string;
  let bus: Service;
  let presence: StatusNotifierPresence;
  let log: RecordingLog;
  let hosts: TrayHost[];
  let heard: boolean[];

  const address = (): string => `unix:path=${join(folder, 'bus')}`;
  const startBus = async (): Promise<void> => {
    // Started on demand it would tell: nobody may start it only to ask.
    const command = `/usr/bin/touch ${join(folder, 'started')}`;
    bus = await startTestBus(folder, { socket: join(folder, 'bus'), service: { name: WATCHER, command } });
  };
  const startHost = async (): Promise<TrayHost> => {
    const host = await TrayHost.start({ ...process.env, DBUS_SESSION_BUS_ADDRESS: address() });
    hosts.push(host);
    return host;
  };
  const becomes = (isShown: boolean): Promise<unknown> =>
    waitFor(`the tray to be ${isShown ? 'shown' : 'gone'}`, () => presence.isShown() === isShown);

  beforeEach(async () => {
    folder = makeTempDir('tray-presence');
    log = new RecordingLog();
    [hosts, heard] = [[], []];
    await startBus();
    presence = new StatusNotifierPresence({
      address: address(),
      clock: impatientClock,
      random: systemRandom,
      log,
    });
    presence.subscribe(() => heard.push(presence.isShown()));
  });
  afterEach(async () => {
    presence.stop();
    for (const host of hosts) await host.stop();
    await bus.stop();
    removeTempDir(folder);
  });

  it('is known of a tray that was there before', async () => {
    await (await startHost()).appear();
    presence.start();
    await becomes(true);
    expect(heard).toEqual([true]);
  });

  it('follows a tray that comes, goes and comes again', async () => {
    presence.start();
    const host = await startHost();
    expect(presence.isShown()).toBe(false);
    for (const isShown of [true, false, true]) {
      await (isShown ? host.appear() : host.vanish());
      await becomes(isShown);
    }
    await host.stop();
    await becomes(false);
    expect(heard).toEqual([true, false, true, false]);
  });

  it('needs a panel, not only somebody who would tell it', async () => {
    const host = await startHost();
    await host.appear();
    await host.setHost(false);
    presence.start();
    await host.setHost(true);
    await becomes(true);
    await host.setHost(false);
    await becomes(false);
  });

  it('believes the watcher, not whoever sends the same signals', async () => {
    const host = await startHost();
    await host.appear();
    await host.setHost(false);
    presence.start();
    const liar = createClient({ busAddress: address() });
    const claim = {
      type: messageType.signal,
      path: '/StatusNotifierWatcher',
      interface: WATCHER,
      member: 'StatusNotifierHostRegistered',
    };
    await liar.listNames();
    for (let serial = 1_000; serial < 1_010; serial += 1) liar.connection.message({ ...claim, serial });
    await liar.listNames();
    await host.setHost(true);
    await becomes(true);
    await host.setHost(false);
    await becomes(false);
    expect(heard).toEqual([true, false]);
    await liar.close();
  });

  it('is gone with the bus, and found again on the next one', async () => {
    await (await startHost()).appear();
    presence.start();
    await becomes(true);
    await bus.stop();
    await becomes(false);
    await startBus();
    await (await startHost()).appear();
    await becomes(true);
  });

  it('asks nobody to start a watcher', async () => {
    presence.start();
    await (await startHost()).appear();
    await becomes(true);
    expect(log.lines.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });
});

describe('whether other desktops show a tray', () => {
  const parts = { clock: impatientClock, random: systemRandom, log: new RecordingLog() };

  it.each([
    ['macOS always', 'darwin', true],
    ['Windows always', 'win32', true],
    ['Linux without a session bus never', 'linux', false],
  ] as const)('%s', (_what, platform, isShown) => {
    const tray = watchTray(platform, {}, parts);
    expect(tray.isShown()).toBe(isShown);
    tray.stop();
  });
});
