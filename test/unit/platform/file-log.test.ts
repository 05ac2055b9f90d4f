import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileLog } from '#electron/platform/file-log';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

let folder: string;
beforeEach(() => {
  folder = makeTempDir('log');
});
afterEach(() => removeTempDir(folder));
const now = (): number => Date.parse('2026-01-15T12:00:00Z');
const file = (): string => join(folder, 'console.log');

describe('the log of the app', () => {
  it('is a line of JSON for each event, without secrets', () => {
    const log = createFileLog(folder, now);
    log.info('started', { url: 'http://127.0.0.1:8787', token: 'gt_0123456789' });
    log.error('broken\nline');
    const lines = readFileSync(file(), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        at: '2026-01-15T12:00:00.000Z',
        level: 'info',
        event: 'started',
        url: 'http://127.0.0.1:8787',
        token: '[redacted]',
      },
      { at: '2026-01-15T12:00:00.000Z', level: 'error', event: 'broken\nline' },
    ]);
  });

  it('has escapes where a character would turn or break what a terminal shows', () => {
    createFileLog(folder, now).info('told', { name: 'a\u202eb\u2028c\u009bd' });
    const line = readFileSync(file(), 'utf8');
    expect(line).toContain(String.raw`"name":"a\u202eb\u2028c\u009bd"`);
    expect(JSON.parse(line)).toMatchObject({ name: 'a\u202eb\u2028c\u009bd' });
  });

  it.skipIf(process.platform === 'win32')('is for this user alone, also where it was open', () => {
    createFileLog(folder, now).info('fresh');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    chmodSync(file(), 0o644);
    createFileLog(folder, now);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('does not grow without bound', () => {
    writeFileSync(file(), 'x'.repeat(6 * 1024 * 1024));
    createFileLog(folder, now).info('fresh');
    expect(existsSync(join(folder, 'console.1.log'))).toBe(true);
    expect(statSync(file()).size).toBeLessThan(1_000);
  });
});
