import { describe, expect, it } from 'vitest';

import { parseArguments } from '#electron/launch/arguments';

describe('parseArguments', () => {
  it("passes the app's own options and links on", () => {
    const options = parseArguments(['gatehouse://review/1', '--hidden', '--setup', '--user-data-dir=/x']);
    expect(options).toMatchObject({ setup: true, setupOnly: false, retryRuntime: false });
    expect(options.appArguments).toEqual(['--hidden', '--user-data-dir=/x', 'gatehouse://review/1']);
  });

  it('passes on everything after --', () => {
    const options = parseArguments(['--retry-runtime', '--', '--setup', '--no-sandbox', '--help']);
    expect(options).toMatchObject({ setup: false, help: false, retryRuntime: true });
    expect(options.appArguments).toEqual(['--setup', '--no-sandbox', '--help']);
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

  it.each([
    ['--sutup', "Unknown option '--sutup'"],
    ['-x', "Unknown option '-x'"],
    ['--setup=yes', "Option '--setup' does not take an argument"],
    ['--user-data-dir', "Option '--user-data-dir <value>' argument missing"],
  ])('refuses %s with a sentence that names it and the known ones', (argument, sentence) => {
    expect(() => parseArguments([argument])).toThrow(
      `${sentence}. The options are --setup, --setup-only, --for-tests, --retry-runtime, --hidden, ` +
        '--user-data-dir, --help; arguments for Electron go after a lone --.',
    );
  });
});
