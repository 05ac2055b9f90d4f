/**
 * `node test/bench/run.mjs <name> [arguments]`: runs the benchmark `test/bench/<name>/main.ts`, which exports
 * `main(arguments)` and resolves with the exit code; without a name, every benchmark after the other. TypeScript and the `#` aliases are loaded through vite; nothing is
 * built. Plain JavaScript because it has to run before anything is built.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const names = readdirSync(here).filter((name) => existsSync(join(here, name, 'main.ts')));
const [name, ...args] = process.argv.slice(2);

if (name === undefined) {
  let failed = 0;
  for (const each of names) {
    console.log(`\n== ${each}`);
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), each], {
      stdio: 'inherit',
    });
    if (status !== 0) failed += 1;
  }
  process.exit(failed === 0 ? 0 : 1);
}
if (!names.includes(name)) {
  console.error(`usage: node test/bench/run.mjs <name>, where <name> is one of: ${names.join(', ')}`);
  process.exit(2);
}

const { module } = await runnerImport(join(here, name, 'main.ts'), {
  root: resolve(here, '../..'),
  configFile: false,
  logLevel: 'warn',
});
process.exitCode = await module.main(args);
