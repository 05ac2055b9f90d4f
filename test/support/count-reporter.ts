import type { Reporter, TestCase, TestModule } from 'vitest/node';

function nameOf({ module, fullName }: TestCase): string {
  return `${module.relativeModuleId} > ${fullName}`;
}

function withError(test: TestCase): string {
  const [error] = test.result().errors ?? [];
  return `${nameOf(test)}: ${error?.message.split('\n')[0] ?? ''}`;
}

/**
 * Ends the run with one plain line, `N passed, N failed, N skipped`, that any script can read. Before it, names every
 * failed test and every one that passed only the second time, with the first error; and every skipped one, because a skipped
 * test must not look like one that passed.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const failed: string[] = [];
    const flaky: string[] = [];
    const skipped: string[] = [];
    for (const module of testModules) {
      // A failed hook belongs to no test, and would otherwise not be counted.
      count.failed += module.errors().length;
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') {
          count.passed += 1;
          if (test.diagnostic()?.flaky === true) flaky.push(withError(test));
        } else if (state === 'failed') {
          count.failed += 1;
          failed.push(withError(test));
        } else {
          count.skipped += 1;
          skipped.push(nameOf(test));
        }
      }
    }
    for (const name of flaky) console.log(`FLAKY ${name}`);
    for (const name of failed) console.log(`FAILED ${name}`);
    for (const name of skipped) console.log(`SKIPPED ${name}`);
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
