import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '#electron/launch/folders';
import { consoleCommand } from '#test/support/desktop/console-app';
import { addressesOf } from '#test/support/desktop/net-log';
import { linuxParts } from '#test/support/desktop/requirements';
import { type DesktopSession, startDesktopSession } from '#test/support/desktop/session';
import { removeTempDir } from '#test/support/temp-dir';

const SUPPORT = join(import.meta.dirname, '../support/desktop');
/** Chromium puts off what it does in the background at a start. */
const SETTLE_MS = 8_000;

const mayUnshare = spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
if (!mayUnshare) console.log('SKIPPED: what leaves this computer, because no network may be made here');

interface Seen {
  readonly atRest: number;
  readonly byThePage: number;
  readonly tried: readonly string[];
}

describe.skipIf(!linuxParts().ok || !mayUnshare)('a console that nobody has asked for anything', () => {
  let session: DesktopSession;
  let folder = '';
  let seen: Seen;

  beforeAll(async () => {
    session = await startDesktopSession();
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-quiet-net-'));
    const command = await consoleCommand({
      session,
      userDataFolder: join(folder, 'data'),
      appFolder: join(SUPPORT, 'held-app'),
      args: [`--log-net-log=${join(folder, 'net.json')}`],
      env: { GATEHOUSE_EMBEDDED_LISTEN: '127.0.0.1:0', GATEHOUSE_TEST_APP_FOLDER: projectFolder() },
    });
    const script = join(SUPPORT, 'quiet-net.mjs');
    const job = JSON.stringify({ ...command, settleMs: SETTLE_MS });
    const { stdout, stderr } = spawnSync('unshare', ['--net', process.execPath, script, job], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    const line = stdout.trim().split('\n').at(-1) ?? '';
    if (!line.startsWith('{')) throw new Error(stderr);
    seen = JSON.parse(line) as Seen;
  }, 90_000);
  afterAll(async () => {
    await session.stop();
    removeTempDir(folder);
  });

  it('sends no packet', () => {
    expect(seen.atRest).toBe(0);
  });

  it('lets its page send none, by WebRTC or any other way', () => {
    expect(seen.byThePage, seen.tried.join('\n')).toBe(0);
  });

  it('asks for nothing: its log of the network names no host and no address', () => {
    expect(addressesOf(readFileSync(join(folder, 'net.json'), 'utf8'))).toEqual([]);
  });
});
