/**
 * `npm run check`: types, lint (with import directions and duplicate imports) and format, side by side.
 * Plain JavaScript because it has to run before anything is built.
 */
import { spawn } from 'node:child_process';

/** Linted apart from everything else, so that two cores share the work: about half of it. */
const CONSOLE = ['shared', 'electron', 'renderer'];
const exceptConsole = CONSOLE.flatMap((folder) => ['--ignore-pattern', `${folder}/**`]);

// No cache for the linter: its rules look at types in other files, which its cache does not notice.
const checks = [
  // The native compiler takes a third of the time; the linter still needs the one before it.
  ['types', ['node', 'node_modules/typescript-native/bin/tsc', '-b', '--pretty', 'false']],
  ['lint of the console', ['npx', '--no-install', 'eslint', ...CONSOLE, '--max-warnings', '0']],
  ['lint of the rest', ['npx', '--no-install', 'eslint', '.', ...exceptConsole, '--max-warnings', '0']],
  [
    'format',
    [
      ...['npx', '--no-install', 'prettier', '--check', '--log-level', 'warn'],
      ...['--cache', '--cache-location', '.cache/prettier', '.'],
    ],
  ],
];

const run = ([name, [command, ...args]]) =>
  new Promise((resolve) => {
    const startedAt = Date.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
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
