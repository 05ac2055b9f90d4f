import { describe, expect, it } from 'vitest';

import { capture, ended, startHelper, stopChild } from '#electron/launch/child-processes';
import { parseOsRelease } from '#electron/launch/debian';
import { DESKTOP_PACKAGES } from '#electron/launch/packages';
import { hasDisplay } from '#electron/launch/preflight';
import type { Runtime } from '#electron/launch/runtime';
import { planSetup, wantedPackages } from '#electron/launch/setup';
import { appEnvironment, commandLine, exitCode } from '#electron/launch/start-app';

const DEBIAN = parseOsRelease('ID=debian\nVERSION_ID="12"');
const OWN: Runtime = { executable: '/e', version: '45.4.1', isTrial: false, extraArgs: [] };
const TRIAL: Runtime = { executable: '/t', version: '33.2.1', isTrial: true, extraArgs: ['--no-sandbox'] };

describe('planSetup', () => {
  const facts = { platform: 'linux', distribution: DEBIAN, isRoot: true, missing: ['xvfb'] } as const;

  it('installs as root on Debian, and only what is missing', () => {
    expect(planSetup(facts)).toEqual({ kind: 'install', packages: ['xvfb'] });
    expect(planSetup({ ...facts, missing: [] })).toEqual({ kind: 'nothing' });
    expect(planSetup({ ...facts, missing: [], isRoot: false })).toEqual({ kind: 'nothing' });
    expect(planSetup({ ...facts, platform: 'darwin', distribution: undefined })).toEqual({ kind: 'nothing' });
  });

  it('tells an ordinary person the command', () => {
    expect(planSetup({ ...facts, isRoot: false })).toEqual({
      kind: 'refuse',
      sentence:
        'Packages are missing, and only root can install them: sudo apt-get install -y --no-install-recommends xvfb',
    });
  });

  it('says what is needed on other distributions', () => {
    const plan = planSetup({ ...facts, distribution: parseOsRelease('ID=arch') });
    expect(plan).toMatchObject({ kind: 'refuse', sentence: expect.stringContaining('libgtk-3-0') as string });
  });

  it('adds what the tests need', () => {
    expect(wantedPackages(DEBIAN, false)).toEqual(DESKTOP_PACKAGES);
    expect(wantedPackages(DEBIAN, true)).toEqual(expect.arrayContaining(['nginx', 'python3-dbus', 'xvfb']));
  });
});

describe('the command line', () => {
  it('has the switches first, then the app folder, then what is passed on', () => {
    expect(commandLine(TRIAL, '/app', ['--hidden'], { DISPLAY: ':1' })).toEqual([
      '--no-sandbox',
      '/app',
      '--hidden',
    ]);
  });

  it('tells the older runtime about a Wayland session without X', () => {
    const wayland = { WAYLAND_DISPLAY: 'wayland-0' };
    expect(commandLine(TRIAL, '/app', [], wayland)).toContain('--ozone-platform=wayland');
    expect(commandLine(OWN, '/app', [], wayland)).toEqual(['/app']);
    expect(commandLine(TRIAL, '/app', [], { ...wayland, DISPLAY: ':0' })).toEqual(['--no-sandbox', '/app']);
  });
});

describe('the environment of the app', () => {
  it('is marked for the trial runtime only, and never makes Electron a plain Node', () => {
    const given = { HOME: '/h', ELECTRON_RUN_AS_NODE: '1', GATEHOUSE_TRIAL_RUNTIME: 'stale' };
    expect(appEnvironment(OWN, given)).toEqual({ HOME: '/h' });
    expect(appEnvironment(TRIAL, given)).toEqual({ HOME: '/h', GATEHOUSE_TRIAL_RUNTIME: '33.2.1' });
  });
});

describe('before the start', () => {
  it('either kind of display will do', () => {
    expect(hasDisplay({})).toBe(false);
    expect(hasDisplay({ DISPLAY: '' })).toBe(false);
    expect(hasDisplay({ DISPLAY: ':0' })).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  });
});

describe('child processes', () => {
  it('have an exit code by the convention of the shell', () => {
    expect(exitCode({ code: 7, signal: null })).toBe(7);
    expect(exitCode({ code: null, signal: 'SIGTERM' })).toBe(143);
  });

  it('are captured, also where they do not exist or take too long', async () => {
    expect(await capture(process.execPath, ['-e', 'console.log(1); console.error(2)'])).toMatchObject({
      code: 0,
      stdout: '1\n',
      stderr: '2\n',
      timedOut: false,
    });
    expect((await capture('no-such-program', [])).code).toBe(127);
    const endless = ['-e', 'setInterval(() => {}, 1000)'];
    expect((await capture(process.execPath, endless, { limitMs: 300 })).timedOut).toBe(true);
  });

  it('are stopped, also those that do not want to', async () => {
    const stubborn = startHelper(
      process.execPath,
      ['-e', "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    await new Promise((resolve) => stubborn.stdout?.once('data', resolve));
    await stopChild(stubborn, 200);
    expect(await ended(stubborn)).toEqual({ code: null, signal: 'SIGKILL' });
  });
});
