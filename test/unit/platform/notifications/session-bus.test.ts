import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { BusConnection, type BusReply } from '#electron/platform/notifications/bus-connection';
import { SessionBus, sessionBusAddress } from '#electron/platform/notifications/session-bus';
import { FakeClock } from '#test/support/console/fake-clock';
import { fixedRandom, RecordingLog } from '#test/support/console/fakes';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

describe('the address of the session bus', () => {
  const found = (env: Record<string, string>, ...files: string[]): string | undefined =>
    sessionBusAddress(env, (path) => files.includes(path));

  it('is the one that is named, the first that can be reached', () => {
    expect(found({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/a,guid=1' })).toBe('unix:path=/a,guid=1');
    expect(
      found({ DBUS_SESSION_BUS_ADDRESS: 'autolaunch:;tcp:host=bus,port=1;unix:path=/a;unix:path=/b' }),
    ).toBe('unix:path=/a');
    expect(
      found({ DBUS_SESSION_BUS_ADDRESS: 'disabled:', XDG_RUNTIME_DIR: '/run' }, '/run/bus'),
    ).toBeUndefined();
  });

  it('is found where it lies without being named', () => {
    expect(found({ XDG_RUNTIME_DIR: '/run/user/1000' }, '/run/user/1000/bus')).toBe(
      'unix:path=/run/user/1000/bus',
    );
    expect(found({ XDG_RUNTIME_DIR: '/run/user/1000', DBUS_SESSION_BUS_ADDRESS: '' })).toBeUndefined();
    expect(found({})).toBeUndefined();
  });
});

/** A connection to what may be no bus at all; gives the pauses between the first tries, and why each failed. */
const tryToConnect = async (
  address: string,
  tries: number,
): Promise<{ readonly pausesMs: number[]; readonly reasons: string[] }> => {
  const clock = new FakeClock();
  const reasons: string[] = [];
  const bus = new SessionBus(
    { address, clock, random: fixedRandom(1), log: new RecordingLog() },
    { matchRules: [], onSignal: () => undefined, onDown: (reason) => reasons.push(reason) },
  );
  bus.start();
  const pausesMs: number[] = [];
  for (let i = 0; i < tries; i += 1) pausesMs.push(await clock.passSleep());
  bus.stop();
  return { pausesMs, reasons: reasons.slice(0, tries) };
};

describe('a session bus that does not answer', () => {
  it.each(['unix:path=/nonexistent/bus', 'unix:', 'unixexec:', 'nonsense'])(
    'is tried with pauses that grow, at %s',
    async (address) => {
      const { pausesMs } = await tryToConnect(address, 8);
      expect(pausesMs).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    },
  );
});

describe('something else than a bus, at its address', () => {
  let folder: string;
  let server: Server;
  let greet: (socket: Socket) => void;

  beforeEach(async () => {
    folder = makeTempDir('no-bus');
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => greet(socket));
    });
    await new Promise<void>((resolve) => server.listen(join(folder, 'bus'), resolve));
  });
  afterEach(() => {
    server.close();
    removeTempDir(folder);
  });

  it('that lets us in and then says nothing is given up by a call of ours, without an exception', async () => {
    let sayGreeted: () => void;
    const greeted = new Promise<void>((resolve) => (sayGreeted = resolve));
    greet = (socket) => {
      socket.write('OK 0123\r\n');
      // What comes now are messages.
      socket.once('data', () => sayGreeted());
    };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const down: string[] = [];
    const connection = BusConnection.open(
      `unix:path=${join(folder, 'bus')}`,
      { onSignal: () => undefined, onDown: (reason) => down.push(reason) },
      new RecordingLog(),
    );
    const replied = new Promise<BusReply>((resolve) =>
      connection.call(
        {
          destination: 'org.freedesktop.DBus',
          path: '/',
          interface: 'org.freedesktop.DBus',
          member: 'GetId',
        },
        resolve,
      ),
    );
    await greeted;
    // The greeting of the client has no deadline of its own: it would be thrown here.
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    const reply = await replied;
    expect(reply).toMatchObject({ ok: false, message: expect.stringMatching(/25000|time/i) as string });
    connection.fail('it does not answer');
    await expect.poll(() => down).toEqual(['it does not answer']);
  });

  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['hangs up', (socket) => socket.end(), /closed/],
    ['lets nobody in', (socket) => socket.write('REJECTED EXTERNAL\r\n'), /REJECTED/],
    ['talks nonsense', (socket) => socket.write(`OK 0123\r\n${'x'.repeat(64)}`), /byte order/],
  ])('that %s is tried again, with the reason', async (_what, behave, reason) => {
    greet = behave;
    const { reasons } = await tryToConnect(`unix:path=${join(folder, 'bus')}`, 2);
    expect(reasons).toEqual([expect.stringMatching(reason), expect.stringMatching(reason)]);
  });
});
