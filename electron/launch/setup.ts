import { findMissing, install } from './apt.ts';
import { aptLine, currentDistribution, type Distribution, packageName } from './debian.ts';
import { LaunchProblem } from './launch-problem.ts';
import { DESKTOP_PACKAGES, TEST_PACKAGES } from './packages.ts';
import type { Report } from './trial-runtime.ts';

export type SetupPlan =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'install'; readonly packages: readonly string[] }
  | { readonly kind: 'refuse'; readonly sentence: string };

interface SetupFacts {
  readonly platform: NodeJS.Platform;
  readonly distribution: Distribution | undefined;
  readonly isRoot: boolean;
  /** In this distribution's names. */
  readonly missing: readonly string[];
}

/** Returns the wanted packages in this distribution's names. */
export function wantedPackages(distribution: Distribution, forTests: boolean): string[] {
  const packages = forTests ? [...DESKTOP_PACKAGES, ...TEST_PACKAGES] : DESKTOP_PACKAGES;
  return packages.map((name) => packageName(name, distribution));
}

export function planSetup({ platform, distribution, isRoot, missing }: SetupFacts): SetupPlan {
  if (platform !== 'linux') return { kind: 'nothing' };
  if (distribution?.hasApt !== true) {
    const packages = DESKTOP_PACKAGES.join(', ');
    return {
      kind: 'refuse',
      sentence: `--setup installs packages on Debian and Ubuntu only: install what corresponds to ${packages} with your system's package manager.`,
    };
  }
  if (missing.length === 0) return { kind: 'nothing' };
  if (!isRoot) {
    return {
      kind: 'refuse',
      sentence: `Packages are missing, and only root can install them: ${aptLine(missing, false)}`,
    };
  }
  return { kind: 'install', packages: missing };
}

/**
 * Installs the missing packages.
 * @throws LaunchProblem with the command to run if this process cannot.
 */
export async function setUp(forTests: boolean, report: Report): Promise<void> {
  const distribution = process.platform === 'linux' ? await currentDistribution() : undefined;
  const missing =
    distribution?.hasApt === true ? await findMissing(wantedPackages(distribution, forTests)) : [];
  const isRoot = process.getuid?.() === 0;
  const plan = planSetup({ platform: process.platform, distribution, isRoot, missing });
  switch (plan.kind) {
    case 'nothing':
      return;
    case 'refuse':
      throw new LaunchProblem(plan.sentence);
    case 'install':
      report(`Installing Debian packages: ${plan.packages.join(' ')}…`);
      await install(plan.packages);
  }
}
