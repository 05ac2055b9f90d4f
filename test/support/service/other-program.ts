import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DATABASE_FILE } from '#service/storage/sqlite';
import type { TestService } from './test-service';

const PROGRAM = `
  const database = new (require('libsql'))(process.argv[1]);
  for (;;) try { database.exec(process.argv[2]); break; } catch {}`;

/**
 * Writes to a service's database as another program: it tries until it gets in between two transactions of the service, of
 * which there are enough meanwhile.
 */
export async function writeAsOtherProgram(service: TestService, statement: string): Promise<void> {
  const file = join(service.dataDir, DATABASE_FILE);
  const other = execFile(process.execPath, ['-e', PROGRAM, file, statement]);
  const exit = once(other, 'exit');
  for (let octet = 0; other.exitCode === null; octet += 1) {
    await service.api('/v1/ranges', { body: { cidr: `192.0.${octet >> 8}.${octet & 255}` } });
  }
  const [code] = (await exit) as [number];
  if (code !== 0) throw new Error(`the other program has ended with ${code}`);
}
