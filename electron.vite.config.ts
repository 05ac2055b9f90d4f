import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { constants } from './build/constants';
import { networkFile } from './build/networks';

/**
 * The targets are named here because electron-vite would take them from the installed electron package:
 * the code also has to run on the trial runtime (Node 20, Chrome 130), which is older than that package.
 */
const NODE_TARGET = 'node20';
const CHROME_TARGET = 'chrome130';

/** Needed by the launcher alone; they are development packages, so they are not externalised by themselves. */
const LAUNCHER_PACKAGES = ['yauzl', '@electron/fuses', 'electron'];

/**
 * Read from some hundred small files, these were most of what the main process does until its window opens, and of Kysely the
 * embedded service holds only what it uses.
 */
const BUNDLED_PACKAGES = ['axios', 'dbus-native', 'i18next', 'ipaddr.js', 'kysely', 'ulid', 'zod'];

export default defineConfig({
  main: {
    plugins: [networkFile({ root: import.meta.dirname, outDir: join(import.meta.dirname, 'out/networks') })],
    build: {
      target: NODE_TARGET,
      outDir: 'out/main',
      externalizeDeps: { include: LAUNCHER_PACKAGES, exclude: BUNDLED_PACKAGES },
      rolldownOptions: {
        input: {
          main: 'electron/main.ts',
          launch: 'electron/launch/launch.ts',
          service: 'service/main.ts',
          demo: 'demo/main.ts',
          'embedded-service': 'service/embedded-main.ts',
          // Beside the chunk, shared by both programs, that starts it by its address.
          'chunks/sqlite-worker': 'shared/sqlite/sqlite-worker.js',
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          // Half the text to parse at a start. Names stay, for the stacks in the log.
          minify: { compress: true, mangle: false, codegen: true },
        },
      },
    },
  },
  preload: {
    build: {
      target: NODE_TARGET,
      outDir: 'out/preload',
      // A sandboxed preload cannot require packages: everything is bundled into one CommonJS file.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: 'electron/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react(), constants(join(import.meta.dirname, 'renderer/src/ui/world-map/world.ts'))],
    build: {
      target: CHROME_TARGET,
      outDir: 'out/renderer',
      modulePreload: { polyfill: false },
      minify: true,
      // One script for both windows: it comes from the disk, and each further one would be waited for.
      chunkSizeWarningLimit: 1_000,
      // The content security policy allows no data: scripts or fonts; assets stay files.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: { index: 'renderer/index.html' },
      },
    },
  },
});
