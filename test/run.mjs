/**
 * `npm test`: builds, checks types, lint and format, sets up what the tests need, and runs every test there is;
 * `npm test -- test/unit/ip` runs some.
 * The end-to-end tests come last, so that a fault is found sooner; each has a desktop session of its own.
 * The last line is always `N passed, N failed, N skipped`, over everything; the failed and the flaky tests are named before it.
 * Plain JavaScript because it has to run before anything is built.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

const COUNT_LINE = /^(\d+) passed, (\d+) failed, (\d+) skipped$/;
const TROUBLE_LINE = /^(FAILED|FLAKY) /;
const total = { passed: 0, failed: 0, skipped: 0 };
/** The lines that name the failed and the flaky tests of all runs. The output before them is long. */
const troubles = [];

/** Runs a step under a heading; resolves with whether it went well. Its troubles and counts are kept for the end. */
async function step(heading, command, args) {
  console.log(`\n== ${heading}`);
  const startedAt = Date.now();
  const env = process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const counted = { failed: 0 };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const count = COUNT_LINE.exec(line);
    if (TROUBLE_LINE.test(line)) return troubles.push(line);
    if (count === null) return console.log(line);
    total.passed += Number(count[1]);
    total.failed += Number(count[2]);
    total.skipped += Number(count[3]);
    counted.failed += Number(count[2]);
  });
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      console.log(error.message);
      resolve(1);
    });
    child.once('close', resolve);
  });
  console.log(`== ${heading}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  return { ok: code === 0, counted };
}

async function runTests(heading, projects, filters) {
  const chosen = projects.flatMap((project) => ['--project', project]);
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--passWithNoTests', ...chosen, ...filters];
  const { ok, counted } = await step(heading, process.execPath, vitest);
  // A run that broke off without naming a failed test has failed all the same.
  if (!ok && counted.failed === 0) total.failed += 1;
}

function finish() {
  const { passed, failed, skipped } = total;
  const nothingRan = passed + failed === 0;
  if (nothingRan) console.log('No test was run.');
  for (const line of troubles) console.log(line);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed > 0 || nothingRan ? 1 : 0);
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const build = await step('build', npm, ['run', '--silent', 'build']);
if (!build.ok) {
  console.log('The build failed, so no test was run.');
  total.failed += 1;
  finish();
}

const filters = process.argv.slice(2);
if (filters.length === 0) {
  const check = await step('checks', npm, ['run', '--silent', 'check']);
  if (!check.ok) total.failed += 1;
}

const setUp = await step('set-up', process.execPath, ['out/main/launch.js', '--setup-only', '--for-tests']);
if (!setUp.ok) {
  // Where it could have installed everything that is a failure; elsewhere the tests concerned say that they are skipped.
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) total.failed += 1;
  else console.log('The set-up is not complete: tests that need what is missing are SKIPPED.');
}

await runTests('unit, component and integration tests', ['unit', 'component', 'integration'], filters);
await runTests('end-to-end tests', ['e2e'], filters);
finish();
