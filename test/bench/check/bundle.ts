import { join } from 'node:path';
import { build } from 'vite';

export const ROOT = join(import.meta.dirname, '../../..');

/**
 * Builds programs of this folder as the service is built; gives the folder with one `.mjs` each. Code that is loaded
 * module by module cannot be inlined across modules, which would make ours half as quick as it is in the product.
 */
export const bundlePrograms = async (names: readonly string[]): Promise<string> => {
  const outDir = join(ROOT, '.cache/bench-check');
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(names.map((name) => [name, join(import.meta.dirname, `${name}.ts`)])),
        output: { entryFileNames: '[name].mjs' },
      },
    },
  });
  return outDir;
};
