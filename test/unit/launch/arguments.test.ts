import { describe, expect, it } from 'vitest';

import { parseArguments } from '#electron/launch/arguments';

describe('parseArguments', () => {
  it('passes on what it does not know, in order', () => {
    const options = parseArguments(['--hidden', '--setup', '--user-data-dir=/x', 'gatehouse://review/1']);
    expect(options).toMatchObject({ setup: true, setupOnly: false, retryRuntime: false });
    expect(options.appArguments).toEqual(['--hidden', '--user-data-dir=/x', 'gatehouse://review/1']);
  });

  it('passes on everything after --', () => {
    const options = parseArguments(['--retry-runtime', '--', '--setup', '--help']);
    expect(options).toMatchObject({ setup: false, help: false, retryRuntime: true });
    expect(options.appArguments).toEqual(['--setup', '--help']);
  });

  it('takes --setup-only for a set-up', () => {
    expect(parseArguments(['--setup-only', '--for-tests'])).toMatchObject({
      setup: true,
      setupOnly: true,
      forTests: true,
    });
  });

  it('refuses --for-tests alone', () => {
    expect(() => parseArguments(['--setup', '--for-tests'])).toThrow('only goes together with --setup-only');
  });
});
