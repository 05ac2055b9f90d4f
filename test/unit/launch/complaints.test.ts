import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isComplaint, sortOut } from '#electron/launch/complaints';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

it.each([
  ['[1382:1130/134819.827294:ERROR:viz_main_impl.cc(181)] Exiting GPU process due to errors', true],
  ['[12:34:0101/000000.000001:WARNING:bus.cc(399)] Failed to connect to the bus', true],
  ['(electron:1): Gtk-WARNING **: 13:00:00.000: Theme parsing error', true],
  ['libva error: vaGetDriverNameByIndex() failed', true],
  ['', true],
  ['Gatehouse cannot start: The folder /x belongs to another user.', false],
  ['Something went wrong in Gatehouse, which goes on. Its log has the details.', false],
  ['[1, 2, 3]', false],
])('%s', (line, is) => {
  expect(isComplaint(line)).toBe(is);
});

describe('what the app says', () => {
  const COMPLAINT = 'libva error: no driver';
  let folder = '';
  beforeEach(() => (folder = makeTempDir('complaints')));
  afterEach(() => removeTempDir(folder));

  const sorted = async (path: string, lines: readonly string[]): Promise<readonly string[]> => {
    const handedOn: string[] = [];
    const stderr = new PassThrough();
    sortOut(stderr, path, (line) => handedOn.push(line));
    stderr.end(lines.map((line) => `${line}\n`).join(''));
    await once(stderr, 'close');
    return handedOn;
  };

  it('is handed on, but for the first thousand complaints of this start, which are kept', async () => {
    const path = join(folder, 'log', 'chromium.log');
    mkdirSync(join(folder, 'log'));
    writeFileSync(path, 'of the start before');
    const lines = ['Ours.', ...Array.from({ length: 1_500 }, () => COMPLAINT), 'Ours again.'];
    expect(await sorted(path, lines)).toEqual(['Ours.', 'Ours again.']);
    expect(readFileSync(path, 'utf8')).toBe(`${COMPLAINT}\n`.repeat(1_000));
  });

  it('is handed on where nothing can be kept', async () => {
    const path = join(folder, 'a-folder');
    mkdirSync(path);
    expect(await sorted(path, [COMPLAINT, 'Ours.'])).toEqual(['Ours.']);
  });
});
