import Database from 'libsql';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Range } from '#shared/domain/entities';
import { MAX_RANGES_OF_KEY } from '#service/policy/policy';
import { MAX_SIGHTINGS } from '#service/trust/sighting';
import { DATABASE_FILE } from '#service/storage/sqlite';
import { idAt } from '#test/support/service/log-rows';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const NEW = '203.0.113.9';

describe('a key that learning has let in from very many networks', () => {
  let dataDir = '';
  let service: TestService;
  let secret = '';
  let otherSecret = '';
  let keyId = '';
  beforeEach(async () => {
    dataDir = makeTempDir('grant-limit');
    service = await startTestService({ dataDir, mode: 'learning' });
    const created = await service.createKey();
    secret = created.secret;
    keyId = created.key.id;
    otherSecret = (await service.createKey('Other')).secret;
    await service.check(secret, '192.0.2.1');
    await service.stop();
    fill(dataDir, keyId, MAX_RANGES_OF_KEY - 1);
    service = await startTestService({ dataDir, mode: 'learning' });
  });
  afterEach(async () => {
    await service.stop();
    removeTempDir(dataDir);
  });

  it('brings no more, and calls from others are blocked and asked about until ranges are removed', async () => {
    expect((await service.check(secret, '192.0.2.7')).status).toBe(200);
    const blocked = await service.check(secret, NEW);
    expect([blocked.status, blocked.json]).toMatchObject([
      401,
      { reason: 'unknown', review: expect.any(String) as string },
    ]);
    expect((await service.api(`/v1/explain?ip=198.51.100.1&keyId=${keyId}`)).json).toMatchObject({
      verdict: 'blocked',
      grant: null,
    });
    const { items } = (await service.api('/v1/ranges?limit=1')).json as { items: Range[] };
    await service.api(`/v1/ranges/${items[0]?.id ?? ''}`, { method: 'DELETE' });
    expect((await service.check(secret, '198.51.100.1')).status).toBe(200);
    expect((await service.check(secret, '198.51.101.1')).status).toBe(401);
  });

  it('is seen in so many places and not in more, but in each range once', async () => {
    await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
    const add = async (cidr: string): Promise<Range> => {
      const answer = await service.api('/v1/ranges', { body: { cidr, allowWide: true } });
      return (answer.json as { items: [Range] }).items[0];
    };
    const wide = await add('2000::/3');
    const other = await add('fd00::/8');
    await service.stop();
    seeIn(dataDir, keyId, wide.id, MAX_SIGHTINGS - MAX_RANGES_OF_KEY + 1);
    service = await startTestService({ dataDir });
    for (const ip of ['2001:db8::1', '2001:db8:1::1', 'fd00::1', 'fd00:1::1']) {
      expect((await service.check(secret, ip)).status).toBe(200);
    }
    await service.stop();
    expect(countSightings(dataDir, wide.id)).toBe(MAX_SIGHTINGS - MAX_RANGES_OF_KEY + 1);
    expect(countSightings(dataDir, other.id)).toBe(1);
    service = await startTestService({ dataDir });
  });

  it('keeps no other key from learning', async () => {
    expect((await service.check(secret, NEW)).status).toBe(401);
    const learned = await service.check(otherSecret, NEW);
    expect(learned.headers['x-gatehouse-reason']).toBe('learned');
  });
});

function countSightings(dataDir: string, rangeId: string): number {
  const database = new Database(join(dataDir, DATABASE_FILE));
  const row = database.prepare('SELECT count(*) AS count FROM sightings WHERE range_id = ?').get(rangeId);
  database.close();
  return (row as { count: number }).count;
}

/** Has the key seen in so many networks of a range. */
function seeIn(dataDir: string, keyId: string, rangeId: string, count: number): void {
  const database = new Database(join(dataDir, DATABASE_FILE));
  const { id: accountId } = database.prepare('SELECT id FROM accounts').get() as { id: string };
  const insert = database.prepare(
    `INSERT INTO sightings (account_id, key_id, range_id, prefix, agent, first_at, last_at, uses)
     VALUES (?, ?, ?, ?, '', 0, 0, 1)`,
  );
  database.exec('BEGIN');
  for (let n = 0; n < count; n += 1) insert.run(accountId, keyId, rangeId, `2002:${n.toString(16)}::/48`);
  database.exec('COMMIT');
  database.close();
}

/** Adds so many ranges through which the key was let in. */
function fill(dataDir: string, keyId: string, count: number): void {
  const database = new Database(join(dataDir, DATABASE_FILE));
  const { id: accountId } = database.prepare('SELECT id FROM accounts').get() as { id: string };
  const insertRange = database.prepare(
    `INSERT INTO ranges (id, account_id, cidr, effect, label, source, created_at, created_by, version, uses, changed_seq)
     VALUES (?, ?, ?, 'authorize', '', 'learning', 0, 'system', 1, 0, 1)`,
  );
  const insertSighting = database.prepare(
    `INSERT INTO sightings (account_id, key_id, range_id, prefix, agent, first_at, last_at, uses)
     VALUES (?, ?, ?, ?, '', 0, 0, 1)`,
  );
  database.exec('BEGIN');
  for (let n = 0; n < count; n += 1) {
    const id = idAt(1_000, n);
    insertRange.run(id, accountId, `10.${n >> 8}.${n & 255}.0/24`);
    insertSighting.run(accountId, keyId, id, `10.${n >> 8}.0.0/16`);
  }
  database.exec('COMMIT');
  database.close();
}
