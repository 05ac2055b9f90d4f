import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { linuxParts } from '#test/support/desktop/requirements';

const PROJECT = join(import.meta.dirname, '../..');
const SOON_MS = 30_000;

/** The launcher as it was built, put in front of the small fixture app. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-launch-'));
  await cp(join(PROJECT, 'test/support/desktop/fixture-app'), folder, { recursive: true });
  await cp(join(PROJECT, 'out/main'), join(folder, 'out/main'), { recursive: true });
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'), 'dir');
});
afterAll(() => rm(folder, { recursive: true, maxRetries: 10, retryDelay: 100 }));

interface Launched {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  output(): string;
  ended(): Promise<number | null>;
}

/** Starts the launcher in an environment without a display or a session bus. */
function launch(...args: string[]): Launched {
  const env = { ...process.env, XDG_CONFIG_HOME: join(folder, 'config') };
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'NODE_OPTIONS'] as const) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy, and four names
    delete (env as NodeJS.ProcessEnv)[name];
  }
  const launcher = join(folder, 'out/main/launch.js');
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  const keep = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const end = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output: () => output, ended: () => end };
}

describe.skipIf(process.platform !== 'linux')('the launcher', () => {
  it('says in a sentence that there is no display', async () => {
    const launched = launch();
    expect(await launched.ended()).toBe(1);
    expect(launched.output()).toMatch(/^There is no display .*npm start -- --setup.*\n$/);
  });

  it('says in a sentence what is wrong with its options', async () => {
    const launched = launch('--for-tests');
    expect(await launched.ended()).toBe(1);
    expect(launched.output()).toBe('--for-tests only goes together with --setup-only.\n');
  });
});

describe.skipIf(!linuxParts().ok)('the launcher with --setup', () => {
  it('starts the app on a virtual display, hands arguments on and the exit code back', async () => {
    const launched = launch('--setup', '--', '--exit-with-seven', 'fixture://link');
    expect(await launched.ended(), launched.output()).toBe(7);
    const line =
      launched
        .output()
        .split('\n')
        .find((text) => text.startsWith('{')) ?? '';
    const app = JSON.parse(line) as { argv: string[]; appPath: string; trialRuntime?: string };
    expect(app.appPath).toBe(folder);
    expect(app.argv.slice(-2)).toEqual(['--exit-with-seven', 'fixture://link']);
    // The notice and the mark that makes the window show a banner come together.
    expect(/NOTICE: .* for trying out only/.test(launched.output())).toBe(app.trialRuntime !== undefined);
  });

  it('lets the app quit in good order on a signal, and takes the display down after it', async () => {
    const launched = launch('--setup');
    await expect.poll(() => launched.output(), { timeout: SOON_MS }).toContain('window shown');
    launched.child.kill('SIGTERM');
    expect(await launched.ended(), launched.output()).toBe(0);
    const display = /virtual display :(\d+)/.exec(launched.output())?.[1] ?? '';
    expect(display).not.toBe('');
    // The server removes its lock when it ends; it was waited for.
    expect(existsSync(`/tmp/.X${display}-lock`)).toBe(false);
  });
});

describe.skipIf(!linuxParts().ok)('a start that nobody sees', () => {
  /** Starts Gatehouse itself without a display, within a terminal or not, until it has told everything. */
  const start = async (inTerminal: boolean): Promise<string> => {
    const home = await mkdtemp(join(tmpdir(), 'gatehouse-unseen-'));
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_STATE_HOME: join(home, 'state'),
      GATEHOUSE_EMBEDDED_LISTEN: '127.0.0.1:0',
    };
    for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'NODE_OPTIONS']) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy, and four names
      delete env[name];
    }
    const launcher = join(PROJECT, 'out/main/launch.js');
    const command = [process.execPath, launcher, '--setup'];
    // `script` runs it in a terminal of its own.
    const [file = '', ...args] = inTerminal
      ? ['script', '--quiet', '--flush', '--command', command.join(' '), '/dev/null']
      : command;
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
    let output = '';
    const keep = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = new Promise((resolve) => child.once('close', resolve));
    await expect.poll(() => output, { timeout: SOON_MS }).toContain('A picture of the window is in');
    if (inTerminal) child.stdin.write('\u0003');
    else child.kill('SIGTERM');
    await end;
    const path = /A picture of the window is in (.*\.png)\./.exec(output)?.[1] ?? '';
    expect((await readFile(path)).subarray(1, 4).toString()).toBe('PNG');
    expect(existsSync(join(home, 'state/gatehouse/chromium.log'))).toBe(true);
    await rm(home, { recursive: true, maxRetries: 10, retryDelay: 100 });
    return output;
  };

  it('tells a terminal where the service listens and what to try, and nothing of what Chromium complains of', async () => {
    const output = await start(true);
    expect(output).toMatch(/The service listens at http:\/\/127\.0\.0\.1:\d+\./);
    expect(output).toMatch(/curl -i -H 'api-key: gk_\w+'/);
    expect(output).not.toMatch(/ERROR|WARNING \*\*|dbus-daemon/);
  });

  it('keeps the key from a log that is no terminal', async () => {
    const output = await start(false);
    expect(output).toContain('The service listens at http');
    expect(output).not.toContain('gk_');
  });
});
