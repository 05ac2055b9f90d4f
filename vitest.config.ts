import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/**
 * Tests with real processes, windows and clocks may fail once on a busy machine. One that passes the second time is named
 * FLAKY at the end of the run, so that somebody looks for its reason.
 */
const TRY_AGAIN = { retry: 1 };

export default defineConfig({
  test: {
    reporters: ['default', './test/support/count-reporter.ts'],
    // Many tests wait for a process or a clock; by default one core would stay without work.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/unit/**/*.test.ts'],
          // Importing anew for each file took as long as the tests. Integration tests need it: they set the environment.
          isolate: false,
          // Property tests look at thousands of cases; on a busy machine they take their time.
          testTimeout: 60_000,
        },
      },
      {
        plugins: [react()],
        test: {
          ...TRY_AGAIN,
          name: 'component',
          environment: 'jsdom',
          include: ['test/component/**/*.test.tsx'],
          setupFiles: ['test/support/component-setup.ts'],
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...TRY_AGAIN,
          name: 'integration',
          environment: 'node',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...TRY_AGAIN,
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
