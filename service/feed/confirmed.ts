import type { Gate } from '../gate/gate';
import type { Storage } from '../storage/storage';
import type { Follower } from './follower';

/** The gate, which gives no verdict from a policy that has gone unconfirmed for too long, or is known to be out of date. */
export const confirmedGate = (gate: Gate, policy: Pick<Follower, 'requireConfirmed'>): Gate => ({
  ...gate,
  ask: (call) => {
    policy.requireConfirmed();
    return gate.ask(call);
  },
});

/** The storage, which is not ready while the policy in memory has gone unconfirmed for too long. */
export const confirmedStorage = (storage: Storage, follower: Follower): Storage => ({
  ...storage,
  probe: async () => {
    follower.requireConfirmed();
    await storage.probe();
  },
});
