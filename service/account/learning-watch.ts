import { learningEndsAt } from '../enforcement/learning';
import type { ServiceLog } from '../service-log';
import type { ServiceContext } from './context';
import { endLearningIfDue } from './mode';

/** Looks are this fine a part of the learning window, within these bounds. */
const LOOKS_PER_WINDOW = 10;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 60_000;

export interface LearningWatch {
  /** Ends what became due while nobody was looking, and goes on looking. */
  start(): Promise<void>;
  stop(): void;
}

/** Takes accounts out of learning when their window is over, also when nobody calls. */
export const createLearningWatch = (context: ServiceContext, log: ServiceLog): LearningWatch => {
  const pauseMs = Math.min(
    LONGEST_PAUSE_MS,
    Math.max(SHORTEST_PAUSE_MS, context.learningWindowMs / LOOKS_PER_WINDOW),
  );
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const look = async (): Promise<void> => {
    for (const policy of context.directory.accounts()) {
      const endsAt =
        policy.mode === 'learning' ? learningEndsAt(policy.learning, context.learningWindowMs) : null;
      if (endsAt === null || context.clock.now() < endsAt) continue;
      await endLearningIfDue(context, policy.id);
      log.write('info', 'learning.ended', { accountId: policy.id });
    }
  };

  const watch = (): void => {
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => log.write('error', 'learning.end_failed', { error }))
        .finally(() => {
          if (!stopped) watch();
        });
    }, pauseMs);
    timer.unref();
  };

  return {
    start: async () => {
      await look();
      watch();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};
