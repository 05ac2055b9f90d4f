import { join } from 'node:path';

import { FailureMemory, type FetchFailure } from './failure-memory.ts';
import { cacheFolder } from './folders.ts';
import { LaunchProblem } from './launch-problem.ts';
import {
  fetchOfficial,
  type FetchResult,
  findOfficial,
  type OfficialRuntime,
  officialVersion,
} from './official-runtime.ts';
import { isTrialSupported, prepareTrialRuntime, type Report } from './trial-runtime.ts';
import { TRIAL } from './trial-pin.ts';

/** An Electron that can be started: `executable`, then `extraArgs`, then the app folder. */
export interface Runtime {
  readonly executable: string;
  readonly version: string;
  /** A third party's repackaging of an older Electron, for trials only. */
  readonly isTrial: boolean;
  readonly extraArgs: readonly string[];
}

/** The inputs of the choice, so that it can be tested without a network. */
export interface RuntimeProbes {
  readonly wantedVersion: string;
  readonly find: () => OfficialRuntime | undefined;
  readonly fetch: () => Promise<FetchResult>;
  readonly recall: () => Promise<FetchFailure | undefined>;
  readonly remember: (reason: string) => Promise<void>;
  readonly forget: () => Promise<void>;
  readonly trialSupported: boolean;
  readonly prepareTrial: (report: Report) => Promise<string>;
  readonly isRoot: boolean;
}

interface ResolveOptions {
  /** Prints a line for the person at the terminal. */
  readonly report?: Report;
  /** Tries to fetch Electron although a recent attempt failed. */
  readonly retry?: boolean;
}

/**
 * Returns the Electron that starts Gatehouse: its own binary, fetched at the first start, or on 64-bit Linux the trial
 * runtime if that cannot be fetched. Both are cached.
 * @throws LaunchProblem if neither is available.
 */
export function resolveRuntime(options: ResolveOptions = {}): Promise<Runtime> {
  return chooseRuntime(systemProbes(), options);
}

/** The pure part of {@link resolveRuntime}. */
export async function chooseRuntime(
  probes: RuntimeProbes,
  { report = () => undefined, retry = false }: ResolveOptions = {},
): Promise<Runtime> {
  // Chromium's sandbox refuses to run as root.
  const extraArgs = probes.isRoot ? ['--no-sandbox'] : [];
  const own = ({ executable, version }: OfficialRuntime): Runtime => ({
    executable,
    version,
    isTrial: false,
    extraArgs,
  });

  const found = probes.find();
  if (found !== undefined) return own(found);

  const attempt = await fetchUnlessItJustFailed(probes, report, retry);
  switch (attempt.kind) {
    case 'fetched':
      return own(attempt.runtime);
    case 'interrupted':
      throw new LaunchProblem(`Fetching Electron ${probes.wantedVersion} was interrupted.`);
    case 'failed':
      break;
  }

  const why = `Electron ${probes.wantedVersion} could not be fetched: ${attempt.reason}.`;
  if (!probes.trialSupported) {
    throw new LaunchProblem(
      `${why} Run \`npm start\` again with a connection to the internet, or set ELECTRON_MIRROR to a mirror or ` +
        'ELECTRON_OVERRIDE_DIST_PATH to the folder of an Electron that you have.',
    );
  }
  report(why);
  try {
    const executable = await probes.prepareTrial(report);
    return { executable, version: TRIAL.electronVersion, isTrial: true, extraArgs };
  } catch (error) {
    if (!(error instanceof LaunchProblem)) throw error;
    throw new LaunchProblem(`${why} The trial runtime cannot be used either: ${error.message}`);
  }
}

async function fetchUnlessItJustFailed(
  probes: RuntimeProbes,
  report: Report,
  retry: boolean,
): Promise<FetchResult> {
  // Without a fallback there is nothing to gain from not trying.
  const failure = retry || !probes.trialSupported ? undefined : await probes.recall();
  if (failure !== undefined) {
    const reason = `${failure.reason} (on ${new Date(failure.atMs).toLocaleString()}; it is tried again after a day, or with --retry-runtime)`;
    return { kind: 'failed', reason };
  }
  report(`Fetching Electron ${probes.wantedVersion} (once)…`);
  const result = await probes.fetch();
  if (result.kind === 'fetched') await probes.forget();
  if (result.kind === 'failed') await probes.remember(result.reason);
  return result;
}

function systemProbes(): RuntimeProbes {
  const wantedVersion = officialVersion();
  const memory = new FailureMemory(join(cacheFolder(), 'electron-fetch-failed.json'));
  return {
    wantedVersion,
    find: findOfficial,
    fetch: fetchOfficial,
    recall: () => memory.recall(wantedVersion),
    remember: (reason) => memory.remember(wantedVersion, reason),
    forget: () => memory.forget(),
    trialSupported: isTrialSupported,
    prepareTrial: prepareTrialRuntime,
    isRoot: process.platform === 'linux' && process.getuid?.() === 0,
  };
}
