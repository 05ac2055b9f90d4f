/**
 * `node test/bench/run.mjs <name> [arguments]`: runs the benchmark `test/bench/<name>/main.ts`, which exports
 * `main(arguments)` and resolves with the exit code. TypeScript and the `#` aliases are loaded through vite; nothing is
 * built. Plain JavaScript because it has to run before anything is built.
 */
import { readdirSync, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const names = readdirSync(here).filter((name) => existsSync(join(here, name, 'main.ts')));
const [name, ...args] = process.argv.slice(2);

if (name === undefined || !names.includes(name)) {
  console.error(`usage: node test/bench/run.mjs <name>, where <name> is one of: ${names.join(', ')}`);
  process.exit(2);
}

const { module } = await runnerImport(join(here, name, 'main.ts'), {
  root: resolve(here, '../..'),
  configFile: false,
  logLevel: 'warn',
});
process.exitCode = await module.main(args);
