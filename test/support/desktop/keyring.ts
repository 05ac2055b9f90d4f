import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createClient } from 'dbus-native';

import { startHelper, stopChild } from '#electron/launch/child-processes';
import { waitFor } from '#test/support/wait-for';

import type { BusService } from './bus';
import type { DesktopSession } from './session';

const run = promisify(execFile);

const SECRETS = { destination: 'org.freedesktop.secrets', path: '/org/freedesktop/secrets' };
const SERVICE = 'org.freedesktop.Secret.Service';
const DEFAULT_COLLECTION = '/org/freedesktop/secrets/aliases/default';
/** The prompt of the keyring has this name on the bus while it is shown. */
const PROMPTER = 'org.gnome.keyring.SystemPrompter';
const PASSWORD = 'keyring password';

/** Lets the bus start the keyring's prompt on a display. */
export function keyringPrompter(display: string): BusService {
  return {
    name: PROMPTER,
    command: `/usr/bin/env DISPLAY=${display} /usr/libexec/gcr-prompter`,
  };
}

/** A real, unlocked GNOME Keyring in a desktop session, and the person whom it prompts. */
export interface Keyring {
  lock(): Promise<void>;
  /** Waits until its prompt is on the screen. */
  asks(): Promise<void>;
  isGone(): Promise<void>;
  /** Answers the prompt. */
  unlock(): Promise<void>;
  /** Dismisses the prompt. */
  cancel(): Promise<void>;
}

/** Starts the keyring; it ends with the session. */
export async function startKeyring(session: DesktopSession): Promise<Keyring> {
  const daemon = startHelper('gnome-keyring-daemon', ['--foreground', '--components=secrets', '--unlock'], {
    env: { ...session.env, HOME: session.env['XDG_DATA_HOME'] ?? '' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  session.beforeStop(() => stopChild(daemon));
  daemon.stdin?.end(PASSWORD);
  const bus = createClient({ busAddress: session.env['DBUS_SESSION_BUS_ADDRESS'] ?? '' });
  session.beforeStop(() => bus.close());
  const name = SECRETS.destination;
  await waitFor('the keyring', async () =>
    bus.invokeDbus<boolean>({ member: 'NameHasOwner', signature: 's', body: [name] }),
  );

  const isAsking = async (): Promise<boolean> => {
    // `xdotool search` fails if it finds no window.
    const search = ['search', '--onlyvisible', '--name', '^Unlock'];
    const { stdout } = await run('xdotool', search, { env: session.env }).catch(() => ({ stdout: '' }));
    return stdout !== '';
  };
  const isGoneSoon = async (): Promise<void> => {
    for (let look = 0; look < 20 && (await isAsking()); look += 1) await sleep(50);
  };
  const isGone = async (): Promise<void> => {
    await waitFor('the question of the keyring to close', async () => !(await isAsking()));
  };
  /** Repeats the keys, because the prompt takes them only a moment after it is visible. */
  const press = async (...commands: readonly (readonly string[])[]): Promise<void> => {
    for (let tries = 0; tries < 10 && (await isAsking()); tries += 1) {
      for (const command of commands) await run('xdotool', command, { env: session.env });
      await isGoneSoon();
    }
    await isGone();
  };

  return {
    lock: async () => {
      await bus.invoke({
        ...SECRETS,
        interface: SERVICE,
        member: 'Lock',
        signature: 'ao',
        body: [[DEFAULT_COLLECTION]],
      });
    },
    asks: async () => {
      await waitFor('the question of the keyring', isAsking);
    },
    isGone,
    unlock: () => press(['key', 'ctrl+a'], ['type', '--delay', '20', PASSWORD], ['key', 'Return']),
    cancel: () => press(['key', 'Escape']),
  };
}
