import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { bundlePrograms, ROOT } from '../bundle';
import { onProcessor, startProgram } from '../check/program';

/**
 * 10,000 edits that were made offline, sent to a service on loopback: how long until they are acknowledged and until the
 * mirror shows them, what that takes of memory, and how long it keeps the console's main process from anything else.
 *
 * Service and console run in processes of their own, as they are built for the product.
 */

const TOKEN = 'bench-owner-token-0123456789';

const bundle = (): Promise<string> =>
  bundlePrograms('bench-sync', {
    service: join(ROOT, 'service/main.ts'),
    console: join(import.meta.dirname, 'console-program.ts'),
  });

export const main = async (args: readonly string[]): Promise<number> => {
  const edits = Number(args[0] ?? 10_000);
  const programs = await bundle();
  const dataDir = makeTempDir('bench-sync');
  const service = await startProgram(
    join(programs, 'service.js'),
    {
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_OWNER_EMAIL: 'owner@example.com',
      GATEHOUSE_OWNER_TOKEN: TOKEN,
    },
    onProcessor(1),
  );
  try {
    const [command, ...rest] = [...onProcessor(0), process.execPath, join(programs, 'console.js')];
    const env = { ...process.env, BENCH_URL: service.url, BENCH_TOKEN: TOKEN, BENCH_EDITS: String(edits) };
    const child = spawn(command, rest, { env, stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    await service.stop();
    removeTempDir(dataDir);
  }
};
