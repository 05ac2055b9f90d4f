import { LaunchProblem } from './launch-problem.ts';

/** What the command line asks of the launcher, and what it hands on to the app. */
export interface LaunchOptions {
  /** Install what the system lacks, and use a virtual display and a session bus where there are none. */
  readonly setup: boolean;
  /** Stop after the set-up. */
  readonly setupOnly: boolean;
  /** Also install what the tests need. */
  readonly forTests: boolean;
  /** Try to fetch Electron again although a recent attempt failed. */
  readonly retryRuntime: boolean;
  readonly help: boolean;
  readonly appArguments: readonly string[];
}

export const USAGE = `Usage: npm start -- [options] [arguments for the app]

  --setup           on Debian and Ubuntu as root: install the packages that are missing, and start
                    on a virtual display and a D-Bus session where there are none
  --setup-only      do the set-up and exit
  --for-tests       with --setup-only: also install what the tests need, and prepare the runtime
  --retry-runtime   try again to fetch Electron after an attempt that failed
  --help            show this text

Everything else is passed on to the app, for example --hidden, --user-data-dir=DIR or a gatehouse:// link;
after a lone -- everything is.`;

/**
 * Splits the launcher's own options from the app's arguments.
 * @throws LaunchProblem where the options contradict each other.
 */
export function parseArguments(argv: readonly string[]): LaunchOptions {
  const separator = argv.indexOf('--');
  const ours = separator === -1 ? argv : argv.slice(0, separator);
  const theirs = separator === -1 ? [] : argv.slice(separator + 1);

  const known = new Set(['--setup', '--setup-only', '--for-tests', '--retry-runtime', '--help']);
  const given = new Set(ours.filter((argument) => known.has(argument)));
  if (given.has('--for-tests') && !given.has('--setup-only')) {
    throw new LaunchProblem('--for-tests only goes together with --setup-only.');
  }
  return {
    setup: given.has('--setup') || given.has('--setup-only'),
    setupOnly: given.has('--setup-only'),
    forTests: given.has('--for-tests'),
    retryRuntime: given.has('--retry-runtime'),
    help: given.has('--help'),
    appArguments: [...ours.filter((argument) => !known.has(argument)), ...theirs],
  };
}
