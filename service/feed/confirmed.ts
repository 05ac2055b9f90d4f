import type { Gate } from '../gate/gate';
import type { Storage } from '../storage/storage';
import type { Follower } from './follower';

/** Wraps the gate so that it gives no verdict from a policy that is unconfirmed for too long or known to be out of date. */
export function confirmedGate(gate: Gate, policy: Pick<Follower, 'requireConfirmed'>): Gate {
  return {
    ...gate,
    ask: (call) => {
      policy.requireConfirmed();
      return gate.ask(call);
    },
  };
}

/** Wraps the storage so that it is not ready while the policy is unconfirmed for too long. */
export function confirmedStorage(storage: Storage, follower: Follower): Storage {
  return {
    ...storage,
    probe: async () => {
      follower.requireConfirmed();
      await storage.probe();
    },
  };
}
