import { afterAll, describe } from 'vitest';
import { hasPostgres } from '#test/support/service/postgres';
import { stopTestDatabases, TEST_DATABASE_VARIABLE } from '#test/support/service/test-database';

/** What the service does is the same on PostgreSQL: the tests that run on SQLite run here once more. */
describe.skipIf(!hasPostgres())('on PostgreSQL', async () => {
  process.env[TEST_DATABASE_VARIABLE] = 'postgres';
  afterAll(async () => {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
    delete process.env[TEST_DATABASE_VARIABLE];
    await stopTestDatabases();
  });
  await import('./check.test');
  await import('./ranges.test');
  await import('./reviews.test');
  await import('./reopen.test');
  await import('./review-networks.test');
  await import('./review-limit.test');
  await import('./operations-together.test');
  await import('./refused-operations.test');
  await import('./changes.test');
  await import('./impact.test');
  await import('./impact-of-lists.test');
  await import('./mode.test');
  await import('./recorder-first-seen.test');
  await import('./recorder-repeats.test');
  await import('./recorder-floods.test');
  await import('./unwritable-log.test');
});

if (!hasPostgres()) console.log('SKIPPED: PostgreSQL is not installed, so nothing is tested on it.');
