import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addRange } from '#electron/core/use-cases/add-range';
import { connect } from '#electron/core/use-cases/connect';
import { countLog } from '#electron/core/use-cases/log-figures';
import { pageLog } from '#electron/core/use-cases/page-log';
import { CONSOLE_MIGRATIONS } from '#electron/core/store/migrations';
import { openDatabase } from '#electron/core/store/open-database';
import { Settings } from '#electron/core/store/settings';
import { storageFailureOf } from '#electron/core/store/storage-failure';
import { CHOSEN_NOTHING } from '#test/support/console/chosen-nothing';
import { startConsole, type TestConsole } from '#test/support/console/test-console';
import { value } from '#test/support/console/value';
import { OWNER_TOKEN, startTestService, type TestService } from '#test/support/service/test-service';
import { mayMount, mountSmallDisk, type SmallDisk } from '#test/support/small-disk';
import { waitFor } from '#test/support/wait-for';

describe.skipIf(!mayMount)('a database whose disk is full', () => {
  let disk: SmallDisk;
  let folder = '';
  beforeEach(() => {
    disk = mountSmallDisk('6m');
    ({ folder } = disk);
  });
  afterEach(() => {
    disk.remove();
  });

  it('says when what it held is lost, and holds what follows', () => {
    const path = join(folder, 'store.sqlite');
    const { database } = openDatabase(path, CONSOLE_MIGRATIONS, 0);
    const settings = new Settings(database);
    settings.write('before', 'on the disk');
    let lost = 0;
    database.watch({ onLost: () => (lost += 1) });
    disk.fill();
    // More than any row of ours, so that the room for it is misjudged.
    settings.note('large', 'x'.repeat(3_000_000));
    expect(database.trouble?.code).toBe('full');
    expect(() => settings.write('promised', 1)).toThrow('disk is full');
    disk.free();
    disk.fill(1_000_000);
    database.tryDisk();
    expect([lost, database.trouble?.code]).toEqual([1, 'full']);
    settings.note('small', 'held');
    disk.free();
    database.tryDisk();
    expect(database.trouble).toBeUndefined();
    database.close();
    const again = openDatabase(path, CONSOLE_MIGRATIONS, 0).database;
    const read = (name: string) => new Settings(again).read(name, z.string());
    expect([read('before'), read('large'), read('small')]).toEqual(['on the disk', null, 'held']);
    again.close();
  });

  it('takes back no more than the step that fails, while it holds', () => {
    const { database } = openDatabase(join(folder, 'store.sqlite'), CONSOLE_MIGRATIONS, 0);
    const settings = new Settings(database);
    disk.fill();
    settings.note('large', 'x'.repeat(500_000));
    const failing = (): void => {
      settings.note('half', 1);
      throw new Error('in the middle');
    };
    expect(() => database.transaction(failing)).toThrow('in the middle');
    expect(settings.read('half', z.string())).toBeNull();
    expect(settings.read('large', z.string())).toHaveLength(500_000);
    disk.free();
    database.close();
  });
});

describe.skipIf(!mayMount)('a console whose disk is full', () => {
  let service: TestService;
  let disk: SmallDisk;
  let folder = '';
  let running: TestConsole;
  let secret = '';

  beforeEach(async () => {
    service = await startTestService();
    ({ secret } = await service.createKey());
    disk = mountSmallDisk('12m');
    ({ folder } = disk);
    writeFileSync(join(folder, 'profile.json'), CHOSEN_NOTHING);
    running = startConsole({ folder });
    value(await connect(running.core, { url: service.url, token: OWNER_TOKEN }));
    await running.reach('online');
    await running.synced();
  });
  afterEach(async () => {
    await running.stop();
    await service.stop();
    disk.remove();
  });

  const titles = (): readonly string[] => running.presenter.shown.map(({ title }) => title);
  const told = (ip: string): Promise<unknown> =>
    waitFor(`the announcement of ${ip}`, () => titles().includes(`Blocked: ${ip}`));
  const logged = async (): Promise<readonly string[]> => {
    const page = value(await pageLog(running.core, { filter: {}, cursor: null, limit: 100 }));
    return page.items.map(({ ip }) => ip).sort();
  };
  const notice = (): string | undefined => running.core.notices.all().find(({ id }) => id === 'disk')?.title;
  const add = (cidr: string) => {
    try {
      return addRange(running.core, {
        cidr,
        effect: 'authorize',
        label: '',
        keyId: null,
        expiresAt: null,
        allowWide: false,
      });
    } catch (error) {
      return storageFailureOf(error);
    }
  };

  it('announces from memory, says so, and misses and doubles nothing once there is room', async () => {
    disk.fill();
    const addresses = Array.from({ length: 4 }, (_, n) => `203.0.113.${n + 1}`);
    for (const ip of addresses) {
      await service.check(secret, ip);
      await told(ip);
    }
    await waitFor('the notice', () => notice() === "This computer's disk is full");
    expect(running.core.replica.connection.kind).toBe('online');
    expect(await logged()).toEqual(addresses);
    const counted = await countLog(running.core, { filter: { verdict: 'blocked' } });
    expect(value(counted).rows).toBe(addresses.length);

    disk.free();
    await waitFor('the notice to go', () => notice() === undefined, 15_000);
    await running.stop();
    running = startConsole({ folder });
    await service.check(secret, '203.0.113.5');
    await told('203.0.113.5');
    expect(titles()).toEqual(['Blocked: 203.0.113.5']);
    expect(await logged()).toEqual([...addresses, '203.0.113.5']);
  });

  it('takes in a snapshot, and another clock, from memory too', async () => {
    disk.fill();
    await service.check(secret, '203.0.113.1');
    await told('203.0.113.1');
    const { replica } = running.core;
    replica.mirror.forgetCursor();
    await service.check(secret, '203.0.113.2');
    await told('203.0.113.2');
    await waitFor('the snapshot', () => replica.mirror.state.cursor !== null);
    expect(() => replica.takeClockOffset(600_000)).not.toThrow();
    expect(replica.clockOffsetMs).toBe(600_000);
    expect(replica.connection.kind).toBe('online');
  });

  it('knows after an end in the meantime what it has announced, and fetches nothing twice', async () => {
    disk.fill();
    await service.check(secret, '203.0.113.1');
    await told('203.0.113.1');
    await running.stop();
    disk.free();
    running = startConsole({ folder });
    await service.check(secret, '203.0.113.2');
    await told('203.0.113.2');
    expect(titles()).toEqual(['Blocked: 203.0.113.2']);
    expect(await logged()).toEqual(['203.0.113.1', '203.0.113.2']);
  });

  it('refuses an edit that it cannot keep, and takes it when there is room', async () => {
    disk.fill();
    expect(add('198.51.100.0/24')).toMatchObject({
      kind: 'storage',
      message: "This computer's disk is full.",
    });
    expect(running.core.replica.outbox?.size).toBe(0);
    expect(() => running.core.notifications.snooze('hour')).toThrow(/full/);
    disk.free();
    expect(add('198.51.100.0/24')).toMatchObject({ ok: true });
    await running.drained();
    expect(() => running.core.notifications.snooze('hour')).not.toThrow();
  });

  it('keeps an edit that was taken, whatever the disk does next', async () => {
    await service.stop();
    expect(add('198.51.100.0/24')).toMatchObject({ ok: true });
    disk.fill();
    await running.stop();
    disk.free();
    rmSync(join(folder, '.reserve'), { force: true });
    running = startConsole({ folder });
    expect(running.core.replica.outbox?.unsent).toBe(1);
  });
});
