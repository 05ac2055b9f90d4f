import { learningEndsAt } from '../enforcement/learning';
import type { ServiceLog } from '../service-log';
import { createWorkLoop, type WorkLoop } from '../runtime/work-loop';
import type { ServiceContext } from './context';
import { endLearningIfDue } from './mode';

/** The pause is a tenth of the learning window, within these bounds. */
const LOOKS_PER_WINDOW = 10;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 60_000;

/** Ends learning when its window is over, even if nobody calls. */
export function createLearningWatch(context: ServiceContext, log: ServiceLog): WorkLoop {
  const { learningWindowMs } = context;
  return createWorkLoop({
    pauseMs: Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, learningWindowMs / LOOKS_PER_WINDOW)),
    work: async () => {
      for (const { id, mode, learning } of context.directory.accounts()) {
        const endsAt = mode === 'learning' ? learningEndsAt(learning, learningWindowMs) : null;
        if (endsAt === null || context.clock.now() < endsAt) continue;
        await endLearningIfDue(context, id);
        log.write('info', 'learning.ended', { accountId: id });
      }
    },
    onError: (error) => log.write('error', 'learning.end_failed', { error }),
  });
}
