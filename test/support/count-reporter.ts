import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the run with one plain line, `N passed, N failed, N skipped`, that any script can read. Before it, names every
 * failed test with its first error, and every skipped one, because a skipped test must not look like one that passed.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const failed: string[] = [];
    const skipped: string[] = [];
    for (const module of testModules) {
      // A failed hook belongs to no test, and would otherwise not be counted.
      count.failed += module.errors().length;
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') count.passed += 1;
        else if (state === 'failed') {
          count.failed += 1;
          const [error] = test.result().errors ?? [];
          failed.push(`${module.relativeModuleId} > ${test.fullName}: ${error?.message.split('\n')[0] ?? ''}`);
        } else {
          count.skipped += 1;
          skipped.push(`${module.relativeModuleId} > ${test.fullName}`);
        }
      }
    }
    for (const name of failed) console.log(`FAILED ${name}`);
    for (const name of skipped) console.log(`SKIPPED ${name}`);
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
