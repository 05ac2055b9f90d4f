/**
 * `npm run pictures`: takes the README's pictures. TypeScript and the `#` aliases are loaded through vite.
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const { module } = await runnerImport(join(here, 'main.ts'), {
  root: resolve(here, '../..'),
  configFile: false,
  logLevel: 'warn',
});
await module.main();
