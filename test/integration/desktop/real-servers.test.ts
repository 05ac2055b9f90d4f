import { type ChildProcess, execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHelper, stopChild } from '#electron/launch/child-processes';
import { type Service, startVirtualDisplay } from '#electron/launch/virtual-desktop';
import { makeAnnouncement as announcement } from '#test/support/console/builders';
import { SOON_MS, useFreedesktopWorld } from '#test/support/desktop/freedesktop-world';
import { linuxParts } from '#test/support/desktop/requirements';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const run = promisify(execFile);

/** Where in a window: from its left and top, or below 0 from its right and bottom. */
type Spot = readonly [x: number, y: number];

interface RealServer {
  readonly name: string;
  readonly program: string;
  /** Of its windows. */
  readonly title: string;
  /** What a click there is; where there is none, the server shows nothing to click. */
  readonly commands?: { readonly open: string; readonly putAway: string };
  /** Whether it takes one away in a moment that need not stay. */
  readonly expiresSoon?: boolean;
  /** Whether what is withdrawn goes without fading for long. */
  readonly closesAtOnce?: boolean;
  readonly spots: { readonly deny?: Spot; readonly open?: Spot; readonly putAway?: Spot };
}

const SERVERS: readonly RealServer[] = [
  {
    name: 'dunst',
    program: '/usr/bin/dunst',
    title: 'Dunst',
    // Its buttons are in a menu, and it has a hand of its own.
    commands: { open: 'action', putAway: 'close' },
    spots: {},
    expiresSoon: true,
    closesAtOnce: true,
  },
  {
    name: 'xfce4-notifyd',
    program: '/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd',
    title: 'xfce4-notifyd',
    spots: { deny: [-57, -31], open: [56, -31] },
    closesAtOnce: true,
  },
  {
    name: 'notification-daemon',
    program: '/usr/lib/notification-daemon/notification-daemon',
    title: 'Notification',
    spots: { deny: [-81, -39], open: [100, 60], putAway: [-24, 29] },
  },
];

describe.skipIf(!linuxParts('dunst', 'xdotool').ok).each(SERVERS)(
  'on $name',
  ({ program, title, spots, commands, expiresSoon, closesAtOnce }) => {
    const world = useFreedesktopWorld((each) => each.startBus());
    let folder: string;
    let display: Service;
    let server: ChildProcess;
    let env: Record<string, string>;

    beforeEach(async () => {
      folder = makeTempDir('real-server');
      display = await startVirtualDisplay({ screen: '800x600x24' });
      env = {
        ...(process.env as Record<string, string>),
        DISPLAY: display.address,
        DBUS_SESSION_BUS_ADDRESS: world.address,
        HOME: folder,
        XDG_CONFIG_HOME: folder,
        XDG_RUNTIME_DIR: folder,
        NO_AT_BRIDGE: '1',
      };
      const settings = join(folder, 'dunst', 'dunstrc');
      mkdirSync(dirname(settings), { recursive: true });
      writeFileSync(settings, '[global]\nfont = Monospace 8\n[urgency_normal]\ntimeout = 1\n');
      server = startHelper(program, [], { env, stdio: 'ignore' });
      world.startPresenter();
    });
    afterEach(async () => {
      await stopChild(server);
      await display.stop();
      removeTempDir(folder);
    });

    const xdotool = async (...args: readonly string[]): Promise<string> =>
      // It fails where it finds no window.
      (await run('xdotool', [...args], { env }).catch(() => ({ stdout: '' }))).stdout;
    const shownWindow = (): Promise<string> =>
      waitFor(
        'the notification',
        async () => {
          const found = await xdotool('search', '--onlyvisible', '--name', `^${title}$`);
          return found.split('\n').find((id) => id !== '');
        },
        SOON_MS,
      );
    /** Clicks as a person does, until it is heard: a window that fades in takes no clicks at first. */
    const click = async ([x, y]: Spot): Promise<void> => {
      const window = await shownWindow();
      await waitFor(
        'the click',
        async () => {
          const size = await xdotool('getwindowgeometry', '--shell', window);
          const [width = 0, height = 0] = ['WIDTH', 'HEIGHT'].map((name) =>
            Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(size)?.[1]),
          );
          const at = [x < 0 ? width + x : x, y < 0 ? height + y : y].map(String);
          await xdotool('mousemove', '--window', window, ...at, 'click', '1');
          return world.events.length > 0;
        },
        SOON_MS,
      );
    };
    const isGone = async (): Promise<boolean> =>
      (await xdotool('search', '--onlyvisible', '--name', `^${title}$`)) === '';
    const show = (changes: Parameters<typeof announcement>[0] = {}): void =>
      world.presenter.show('q1', announcement({ click: 'decide', ...changes }));

    if (spots.deny !== undefined)
      it('a button answers', async () => {
        show();
        await click(spots.deny ?? [0, 0]);
        await world.told({ kind: 'pressed', id: 'q1', button: 'deny' });
      });

    if (spots.open !== undefined)
      it('a click opens', async () => {
        show();
        await click(spots.open ?? [0, 0]);
        await world.told({ kind: 'clicked', id: 'q1' });
      });

    if (spots.putAway !== undefined)
      it('what is put away was seen', async () => {
        show();
        await click(spots.putAway ?? [0, 0]);
        await world.told({ kind: 'closed', id: 'q1', by: 'person' });
      });

    if (commands !== undefined)
      it('a click opens and what is put away was seen, by its own command', async () => {
        for (const command of [commands.open, commands.putAway]) {
          show();
          await shownWindow();
          await run('dunstctl', [command], { env });
          await waitFor('it to go', isGone, SOON_MS);
        }
        await world.told({ kind: 'clicked', id: 'q1' }, { kind: 'closed', id: 'q1', by: 'person' });
      });

    if (expiresSoon === true)
      it('what goes by itself was not', async () => {
        show({ stays: false });
        await shownWindow();
        await expect
          .poll(() => world.events, { timeout: 3 * SOON_MS })
          .toEqual([{ kind: 'closed', id: 'q1', by: 'desktop' }]);
      });

    if (closesAtOnce === true)
      it('one that is withdrawn goes, and another run of the server is told again', async () => {
        show();
        await shownWindow();
        world.presenter.withdraw('q1');
        await waitFor('it to go', isGone, SOON_MS);
        expect(world.events).toEqual([]);
        show();
        await shownWindow();
        await stopChild(server);
        server = startHelper(program, [], { env, stdio: 'ignore' });
        await shownWindow();
      });
  },
);
