/**
 * `npm run check`: types, lint (with import directions and duplicate imports) and format, side by side.
 * Plain JavaScript because it has to run before anything is built.
 */
import { spawn } from 'node:child_process';

/** For the programs in Go: every thread more works the same types out again, and short runs need little clearing up. */
const env = { ...process.env, GOMAXPROCS: '1', GOGC: '200' };

/** Types that are worked out in JavaScript leave so much garbage behind that clearing it up takes a fifth of the time. */
const MUCH_GARBAGE = ['--max-semi-space-size=128'];

// No caches for the linters: what they find in a file depends on other files, which a cache does not notice.
const checks = [
  // The native compiler; the one before it is only there to parse for the first linter.
  ['types', ['typescript-native/bin/tsc', '-b', '--pretty', 'false', '--singleThreaded']],
  ['lint', ['eslint/bin/eslint.js', '.', '--max-warnings', '0'], MUCH_GARBAGE],
  ['lint with types', ['oxlint/bin/oxlint']],
  [
    'format',
    [
      ...['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn'],
      ...['--cache', '--cache-location', '.cache/prettier', '.'],
    ],
  ],
];

const run = ([name, [program, ...args], nodeOptions = []]) =>
  new Promise((resolve) => {
    const startedAt = Date.now();
    const child = spawn(process.execPath, [...nodeOptions, `node_modules/${program}`, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('close', (code) => {
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
      if (code !== 0) process.stdout.write(Buffer.concat(output));
      resolve(code === 0);
    });
  });

const results = await Promise.all(checks.map(run));
process.exit(results.every(Boolean) ? 0 : 1);
