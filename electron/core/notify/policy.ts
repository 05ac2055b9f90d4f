import type { NotificationPreferences } from '#shared/ipc/notifications';
import { decideGrants } from './causes/grant-added';
import { decideLearning } from './causes/learning-ending';
import { decideModeChanges } from './causes/mode-changed';
import { decideOperations } from './causes/undecided-operation';
import { decideReviews } from './causes/review';
import { decideServiceState } from './causes/service-state';
import { decideReachability } from './causes/unreachable';
import type { Decision, History, Provider } from './decision';
import type { Facts } from './facts';

const PROVIDERS: readonly Provider[] = [
  decideReviews,
  decideReachability,
  decideServiceState,
  decideOperations,
  decideModeChanges,
  decideLearning,
  decideGrants,
];

/** Returns what to show, change and withdraw, and when to evaluate again. Pure. */
export function decide(
  facts: Facts,
  preferences: NotificationPreferences,
  history: History,
): readonly Decision[] {
  const decisions = PROVIDERS.flatMap((provider) => provider(facts, preferences, history));
  return facts.nextQuietChangeMs === Infinity
    ? decisions
    : [...decisions, { do: 'wait', untilMs: facts.nextQuietChangeMs }];
}
