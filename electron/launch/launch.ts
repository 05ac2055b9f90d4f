import { type LaunchOptions, parseArguments, USAGE } from './arguments.ts';
import { complaintsPath } from './complaints.ts';
import { projectFolder } from './folders.ts';
import { LaunchProblem } from './launch-problem.ts';
import { hasDisplay, isSet, requireDisplay, requireLibraries, requireSandbox } from './preflight.ts';
import { resolveRuntime, type Runtime } from './runtime.ts';
import { setUp } from './setup.ts';
import { appEnvironment, commandLine, forwardSignals, runApp } from './start-app.ts';
import { type Service, startSessionBus, startVirtualDisplay } from './virtual-desktop.ts';

function report(line: string): void {
  console.error(line);
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseArguments(argv);
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  forwardSignals();
  if (options.setupOnly) return await setUpOnly(options);
  if (options.setup) await setUp(false, report);

  const environment: NodeJS.ProcessEnv = { ...process.env };
  if (!options.setup) requireDisplay(environment);
  const runtime = await resolveRuntime({ report, retry: options.retryRuntime });
  await requireLibraries(runtime, report);
  requireSandbox(runtime);
  warnAbout(runtime);

  const desktop = options.setup ? await completeDesktop(environment) : [];
  try {
    const args = commandLine(runtime, projectFolder(), options.appArguments, environment);
    return await runApp(runtime, args, appEnvironment(runtime, environment));
  } finally {
    await Promise.all(desktop.map((service) => service.stop()));
  }
}

/** Runs the set-up. For the tests it includes the runtime, even if packages cannot be installed. */
async function setUpOnly({ forTests, retryRuntime }: LaunchOptions): Promise<number> {
  const steps = [() => setUp(forTests, report)];
  if (forTests) steps.push(() => resolveRuntime({ report, retry: retryRuntime }).then(() => undefined));
  let code = 0;
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      explain(error);
      code = 1;
    }
  }
  if (code === 0) report('Set-up is complete.');
  return code;
}

/** Starts the display and the bus that this environment lacks, and sets their variables. */
async function completeDesktop(environment: NodeJS.ProcessEnv): Promise<Service[]> {
  if (process.platform !== 'linux') return [];
  const started: Service[] = [];
  if (!hasDisplay(environment)) {
    const display = await startVirtualDisplay();
    environment['DISPLAY'] = display.address;
    environment['GATEHOUSE_UNSEEN'] = '1';
    started.push(display);
    report(
      `Started the virtual display ${display.address}, which no screen shows. Chromium’s complaints are in ${complaintsPath(environment)}.`,
    );
  }
  if (!isSet(environment['DBUS_SESSION_BUS_ADDRESS'])) {
    const bus = await startSessionBus();
    environment['DBUS_SESSION_BUS_ADDRESS'] = bus.address;
    started.push(bus);
  }
  return started;
}

function warnAbout(runtime: Runtime): void {
  if (runtime.isTrial) {
    report(
      `NOTICE: starting on Electron ${runtime.version} as repackaged by a third party. It is older than the one Gatehouse is made for, gets no security updates, and is for trying out only.`,
    );
  }
  if (runtime.extraArgs.includes('--no-sandbox')) {
    report("WARNING: running as root, so Chromium's sandbox is off. Use an ordinary account for daily work.");
  }
}

/** Prints the reason in a sentence; a bug in the launcher keeps its stack trace. */
function explain(error: unknown): void {
  if (error instanceof LaunchProblem) report(error.message);
  else if (isSystemError(error)) report(`Gatehouse could not be started: ${error.message}.`);
  else throw error;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

// Helpers that were already started would keep a failed launcher alive.
process.exit(
  await main(process.argv.slice(2)).catch((error: unknown) => {
    explain(error);
    return 1;
  }),
);
