import { DatabaseUnavailableError } from '../storage/unavailable';
import type { Gate } from './gate';

/** Knows for how long the policy in memory has not been confirmed against the database. */
export interface PolicyAge {
  readonly unconfirmedMs: number;
  /** @throws DatabaseUnavailableError if the policy may be out of date for longer than this. */
  requireYounger(ms: number): void;
}

interface AwayOptions {
  /** True while the database is known to be away, so that no call waits for it. */
  readonly isAway: () => boolean;
  /** @throws DatabaseUnavailableError if the policy in memory is too old to decide by. */
  readonly requireFresh: () => void;
  /** Called when a call finds out that the database is away. */
  readonly onAway: () => void;
}

/** Wraps the gate so that calls are decided by the policy in memory while the database is away (docs/behaviour.md 7.8). */
export function gateWhileAway(gate: Gate, { isAway, requireFresh, onAway }: AwayOptions): Gate {
  return {
    ...gate,
    ask: async (call) => {
      if (!isAway()) {
        try {
          return await gate.ask(call);
        } catch (error) {
          if (!(error instanceof DatabaseUnavailableError)) throw error;
          onAway();
        }
      }
      requireFresh();
      return await gate.askAway(call);
    },
  };
}
