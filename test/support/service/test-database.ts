import { openPostgresStorage } from '#service/storage/postgres';
import { openSqliteStorage } from '#service/storage/sqlite';
import type { Storage } from '#service/storage/storage';
import { startPostgres, type TestPostgres } from './postgres';

/**
 * The database behind the services that tests start: SQLite in their data folder, or, with
 * `GATEHOUSE_TEST_DATABASE=postgres`, a PostgreSQL database for each data folder. So the same tests run on both.
 */
export const TEST_DATABASE_VARIABLE = 'GATEHOUSE_TEST_DATABASE';

let server: Promise<TestPostgres> | undefined;
const urls = new Map<string, Promise<string>>();

function isPostgres(): boolean {
  return process.env[TEST_DATABASE_VARIABLE] === 'postgres';
}

function urlFor(dataDir: string): Promise<string> {
  const known = urls.get(dataDir);
  if (known !== undefined) return known;
  server ??= startPostgres();
  const made = server.then((postgres) => postgres.createDatabase());
  urls.set(dataDir, made);
  return made;
}

/** Returns the settings that make a service use the database of `dataDir`. */
export async function databaseSettings(dataDir: string): Promise<Readonly<Record<string, string>>> {
  return isPostgres() ? { GATEHOUSE_DATABASE_URL: await urlFor(dataDir) } : {};
}

/** Opens the database of `dataDir` without a service. */
export async function openTestStorage(dataDir: string): Promise<Storage> {
  return isPostgres() ? openPostgresStorage(await urlFor(dataDir)) : openSqliteStorage(dataDir);
}

/** Stops the PostgreSQL of this file's tests if it runs. */
export async function stopTestDatabases(): Promise<void> {
  const running = server;
  server = undefined;
  urls.clear();
  await (await running)?.remove();
}
