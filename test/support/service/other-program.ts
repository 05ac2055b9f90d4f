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

/**
 * Runs a statement on a service's database as another program: it tries until it gets in between two transactions of the
 * service, of which there are enough meanwhile. Resolves with a function that ends the program.
 */
export async function runAsOtherProgram(
  service: TestService,
  statement: string,
): Promise<() => Promise<void>> {
  const file = join(service.dataDir, DATABASE_FILE);
  const other = execFile(process.execPath, ['-e', PROGRAM, file, statement]);
  const exit = once(other, 'exit');
  const done = new AbortController();
  other.stdout?.once('data', () => done.abort());
  for (let octet = 0; !done.signal.aborted && other.exitCode === null; octet += 1) {
    await service.api('/v1/ranges', { body: { cidr: `192.0.${octet >> 8}.${octet & 255}` } });
  }
  return async () => {
    other.stdin?.end();
    const [code] = (await exit) as [number];
    if (code !== 0) throw new Error(`the other program has ended with ${code}`);
  };
}

/** Writes to a service's database as another program. */
export async function writeAsOtherProgram(service: TestService, statement: string): Promise<void> {
  const end = await runAsOtherProgram(service, statement);
  await end();
}
