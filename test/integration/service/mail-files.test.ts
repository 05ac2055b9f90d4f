import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, describe, expect, it } from 'vitest';
import { useMailQueues } from '#test/support/service/mail-queue-world';
import { stopTestDatabases } from '#test/support/service/test-database';

const HOUR_MS = 3_600_000;
const IP = '198.51.100.7';

afterAll(stopTestDatabases);

describe('e-mails without a server', () => {
  const { queue } = useMailQueues();

  it('become files, whole and for the service’s user alone', async () => {
    const world = await queue(undefined);
    await world.addUser('ada@example.com', ['authorized_ips']);
    await world.open(IP);
    world.clock.advance(2_000);
    await world.logged('mail.sent', 2);
    world.clock.advance(HOUR_MS);
    await world.open('198.51.100.8');
    world.clock.advance(2_000);
    await world.logged('mail.sent', 4);
    const folder = join(world.dataDir, 'mail');
    const files = readdirSync(folder).toSorted();
    expect(files).toHaveLength(4);
    const mails = await Promise.all(files.map((file) => simpleParser(readFileSync(join(folder, file)))));
    // The names sort by time.
    expect(mails.map(({ subject }) => /[\d.]{9,}/.exec(subject ?? '')?.[0])).toEqual([
      IP,
      IP,
      '198.51.100.8',
      '198.51.100.8',
    ]);
    for (const file of files) expect(file).toMatch(/^\d{8}T\d{6}\.\d{3}Z-[0-9A-Z]{26}\.eml$/);
    if (process.platform !== 'win32') {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      for (const file of files) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    }
  });
});
