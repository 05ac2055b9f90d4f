import { decideGrants } from './causes/grant-added';
import { decideLearning } from './causes/learning-ending';
import { decideModeChanges } from './causes/mode-changed';
import { decideOperations } from './causes/undecided-operation';
import { decideReviews } from './causes/review';
import { decideServiceState } from './causes/service-state';
import { decideSources } from './causes/source-trouble';
import { decideReachability } from './causes/unreachable';
import type { Decision, Provider, Situation } from './decision';

const PROVIDERS: readonly Provider[] = [
  decideReviews,
  decideReachability,
  decideServiceState,
  decideOperations,
  decideModeChanges,
  decideLearning,
  decideGrants,
  decideSources,
];

/** Returns what to show, change and withdraw, and when to evaluate again. Pure. */
export function decide(situation: Situation): readonly Decision[] {
  const decisions = PROVIDERS.flatMap((provider) => provider(situation));
  const untilMs = situation.facts.nextQuietChangeMs;
  return untilMs === Infinity ? decisions : [...decisions, { do: 'wait', untilMs }];
}
