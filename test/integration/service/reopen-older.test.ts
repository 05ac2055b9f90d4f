import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DATABASE_FILE } from '#service/storage/sqlite';
import type { Range, Review } from '#shared/domain/entities';
import { BACK_TO_SCHEMA_6 } from '#test/support/service/older-schema';
import { startTestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

let dataDir: string;
beforeEach(() => {
  dataDir = makeTempDir('older');
});
afterEach(() => removeTempDir(dataDir));

/** The database as the version before it could take answers back has left it. */
const asBefore = (): void => {
  const database = new Database(join(dataDir, DATABASE_FILE));
  database.exec(`
    PRAGMA foreign_keys = OFF;
    ${BACK_TO_SCHEMA_6}
    DROP INDEX reviews_settled_by;
    ALTER TABLE reviews DROP COLUMN made_range;
    ALTER TABLE reviews DROP COLUMN settled_by;
    UPDATE meta SET value = '5' WHERE name = 'schema_version';
  `);
  database.close();
};

it('leaves the range alone of an answer that was given before anybody noted what it added', async () => {
  const service = await startTestService({ dataDir });
  try {
    const { secret } = await service.createKey();
    await service.check(secret, '203.0.113.7');
    const [review] = ((await service.api('/v1/reviews')).json as { items: Review[] }).items;
    const path = `/v1/reviews/${review?.id ?? ''}`;
    await service.api(`${path}/authorize`, { body: { scope: 'address' } });
    await service.restart(asBefore);
    const before = (await service.api('/v1/ranges')).json as { items: Range[] };
    const reopened = await service.api(`${path}/reopen`, { method: 'POST' });
    expect(reopened.json).toMatchObject({ review: { status: 'superseded', rangeId: before.items[0]?.id } });
    expect((await service.api('/v1/ranges')).json).toEqual(before);
    expect((await service.check(secret, '203.0.113.7')).status).toBe(200);
  } finally {
    await service.stop();
  }
});
