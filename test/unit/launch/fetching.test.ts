import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { HOUR_MS } from '#shared/durations';
import { FailureMemory, parseFailure, stillCounts } from '#electron/launch/failure-memory';
import { summarise, summariseFetchFailure } from '#electron/launch/failure-summary';
import { summariseNpm } from '#electron/launch/registry-package';

describe('the summary of a failure', () => {
  it('is the message of the error, without its stack', () => {
    const stderr =
      'Error: getaddrinfo ENOTFOUND host.example\n    at [eval]:5:17\n    at async file:///x/index.js:158:9\n';
    expect(summariseFetchFailure(stderr, 'v20.19.0')).toBe('getaddrinfo ENOTFOUND host.example');
  });

  it('finds the error below the excerpt that Node prints above it', () => {
    const stderr =
      "/x/install.js:3\nconst a = require('x');\n          ^\n\nError [ERR_REQUIRE_ESM]: require() of ES Module /x/y.js not supported.\n    at x\n\nNode.js v20.10.0\n";
    expect(summarise(stderr)).toBe('require() of ES Module /x/y.js not supported');
  });

  it('names the Node version where that may be why, not where it is the network', () => {
    expect(summariseFetchFailure('TypeError: x is not a function', 'v20.19.0')).toBe(
      'x is not a function (fetching it needs Node 22.12 or newer, this is v20.19.0)',
    );
    expect(summariseFetchFailure('TypeError: x is not a function', 'v22.12.0')).toBe('x is not a function');
    expect(summariseFetchFailure('TypeError: x is not a function', 'v22.11.0')).toContain('needs Node');
    expect(summariseFetchFailure('HTTPError: Response code 404 (Not Found)', 'v20.19.0')).toBe(
      'Response code 404 (Not Found)',
    );
  });

  it('drops colours, is short, and is never empty', () => {
    expect(summarise('\u001b[31mError: no\u001b[39m\n')).toBe('no');
    expect(summarise('')).toBe('it ended without a message');
    expect(summarise(`Error: ${'x'.repeat(5000)}`).length).toBeLessThan(300);
  });

  it('takes npm’s own words', () => {
    const stderr =
      'npm error code E404\nnpm error 404 Not Found - GET https://host.example/x - Not found\nnpm error 404\n';
    expect(summariseNpm(stderr)).toBe('404 Not Found - GET https://host.example/x - Not found');
    expect(summariseNpm('spawn npm ENOENT')).toBe('spawn npm ENOENT');
  });
});

describe('the memory of a failure', () => {
  const failure = { version: '45.4.1', node: 'v20.19.0', atMs: 1_000, reason: 'no network' };

  it('counts for a day, for the same Electron and the same Node', () => {
    expect(stillCounts(failure, '45.4.1', 'v20.19.0', 1_000 + 23 * HOUR_MS)).toBe(true);
    expect(stillCounts(failure, '45.4.1', 'v20.19.0', 1_000 + 24 * HOUR_MS)).toBe(false);
    expect(stillCounts(failure, '46.0.0', 'v20.19.0', 2_000)).toBe(false);
    expect(stillCounts(failure, '45.4.1', 'v24.0.0', 2_000)).toBe(false);
    // A clock that was set back must not make it last for ever.
    expect(stillCounts(failure, '45.4.1', 'v20.19.0', 0)).toBe(false);
  });

  it('takes only what it wrote itself', () => {
    expect(parseFailure(failure)).toEqual(failure);
    for (const other of [null, 1, 'x', [], {}, { ...failure, atMs: '1' }]) {
      expect(parseFailure(other)).toBeUndefined();
    }
  });

  describe('on disk', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'gatehouse-memory-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it('is kept, forgotten, and survives a damaged file', async () => {
      const path = join(folder, 'deeper', 'failed.json');
      const memory = new FailureMemory(path);
      expect(await memory.recall('45.4.1')).toBeUndefined();
      await memory.remember('45.4.1', 'no network');
      expect(await memory.recall('45.4.1')).toMatchObject({ reason: 'no network', node: process.version });
      await writeFile(path, '{"vers');
      expect(await memory.recall('45.4.1')).toBeUndefined();
      await memory.remember('45.4.1', 'again');
      await memory.forget();
      expect(await memory.recall('45.4.1')).toBeUndefined();
    });
  });
});
