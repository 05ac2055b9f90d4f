import { parseArgs, type ParseArgsConfig } from 'node:util';
import { LaunchProblem } from './launch-problem.ts';

export interface LaunchOptions {
  /** Install what the system lacks, and use a virtual display and a session bus if there are none. */
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

export const USAGE = `Usage: npm start -- [options] [link] [-- arguments for Electron]

  --setup               on Debian and Ubuntu as root: install the packages that are missing, and start
                        on a virtual display and a D-Bus session where there are none
  --setup-only          do the set-up and exit
  --for-tests           with --setup-only: also install what the tests need, and prepare the runtime
  --retry-runtime       try again to fetch Electron after an attempt that failed
  --hidden              start without a window
  --user-data-dir=DIR   keep the app's data in this folder
  --help                show this text

A gatehouse:// link is opened by the app. What follows a lone -- is passed on to Electron as it is.`;

const OPTIONS = {
  setup: { type: 'boolean', default: false },
  'setup-only': { type: 'boolean', default: false },
  'for-tests': { type: 'boolean', default: false },
  'retry-runtime': { type: 'boolean', default: false },
  hidden: { type: 'boolean', default: false },
  'user-data-dir': { type: 'string' },
  help: { type: 'boolean', default: false },
} satisfies ParseArgsConfig['options'];

/** @throws LaunchProblem where an option is unknown, lacks its value, or contradicts another. */
export function parseArguments(argv: readonly string[]): LaunchOptions {
  const { values, positionals } = parseKnown(argv);
  if (values['for-tests'] && !values['setup-only']) {
    throw new LaunchProblem('--for-tests only goes together with --setup-only.');
  }
  const folder = values['user-data-dir'];
  return {
    setup: values.setup || values['setup-only'],
    setupOnly: values['setup-only'],
    forTests: values['for-tests'],
    retryRuntime: values['retry-runtime'],
    help: values.help,
    appArguments: [
      ...(values.hidden ? ['--hidden'] : []),
      ...(folder === undefined ? [] : [`--user-data-dir=${folder}`]),
      ...positionals,
    ],
  };
}

function parseKnown(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Node's message goes on with advice about positional arguments, which would mislead here.
    const [what] = (error instanceof Error ? error.message : String(error)).split(/\.(?: |$)|\n/);
    const known = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw new LaunchProblem(
      `${what}. The options are ${known.join(', ')}; arguments for Electron go after a lone --.`,
    );
  }
}
