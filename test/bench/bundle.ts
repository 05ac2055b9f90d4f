import { join } from 'node:path';
import { build } from 'vite';

export const ROOT = join(import.meta.dirname, '../..');

/**
 * Builds programs (file by name) as the service is built; gives the folder in `.cache` with one `.js` each. Code that is loaded
 * module by module cannot be inlined across modules, which would make ours half as quick as it is in the product.
 */
export const bundlePrograms = async (
  folder: string,
  programs: Readonly<Record<string, string>>,
): Promise<string> => {
  const outDir = join(ROOT, '.cache', folder);
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
        // The thread of the database is loaded from beside the code that starts it.
        input: { ...programs, 'sqlite-worker': join(ROOT, 'shared/sqlite/sqlite-worker.js') },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      },
    },
  });
  return outDir;
};
