import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DATABASE_FILE } from '#service/storage/sqlite';
import type { TestService } from './test-service';

/** Holds the database until its input ends. */
const PROGRAM = `
  const database = new (require('libsql'))(process.argv[1]);
  for (;;) try { database.exec(process.argv[2]); break; } catch {}
  console.log('done');
  process.stdin.resume();`;

async function startOther(file: string, statement: string): Promise<() => Promise<void>> {
  const other = execFile(process.execPath, ['-e', PROGRAM, file, statement]);
  const exit = once(other, 'exit') as Promise<[number]>;
  if (other.stdout !== null) await once(other.stdout, 'data');
  return async () => {
    other.stdin?.end();
    const [code] = await exit;
    if (code !== 0) throw new Error(`the other program has ended with ${code}`);
  };
}

/**
 * Holds the lock of an SQLite database as another program. Resolves with a function that releases it, once the program got in
 * between two transactions of the service, of which there have to be enough meanwhile.
 */
export function holdAsOtherProgram(file: string): Promise<() => Promise<void>> {
  return startOther(file, 'BEGIN IMMEDIATE');
}

/**
 * Runs a statement on a service's database as another program, and keeps the service busy until it is done. Resolves with a
 * function that ends the program.
 */
export async function runAsOtherProgram(
  service: TestService,
  statement: string,
): Promise<() => Promise<void>> {
  const done = new AbortController();
  const started = startOther(join(service.dataDir, DATABASE_FILE), statement).finally(() => done.abort());
  for (let octet = 0; !done.signal.aborted; octet += 1) {
    await service.api('/v1/ranges', { body: { cidr: `192.0.${octet >> 8}.${octet & 255}` } });
  }
  return started;
}

/** Writes to a service's database as another program. */
export async function writeAsOtherProgram(service: TestService, statement: string): Promise<void> {
  const end = await runAsOtherProgram(service, statement);
  await end();
}
