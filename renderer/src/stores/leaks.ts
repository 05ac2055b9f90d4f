import { create } from 'zustand';

/** A key that many new networks try at once. */
export interface LeakedKey {
  readonly keyId: string;
  readonly keyName: string;
  /** Open reviews of the key since then, in addresses and in networks. */
  readonly addresses: number;
  readonly networks: number;
  readonly since: string;
}

/** What a person has done about one. */
export interface LeakSteps {
  /** As it was at the first step; denied reviews no longer show it. */
  readonly leak: LeakedKey;
  /** The batch of denials, by the time at which it ended. */
  readonly deniedAtMs: number | null;
  readonly deniedCount: number;
  readonly hasSeenLog: boolean;
  /** Put away; a leak that begins later is shown again. */
  readonly isDismissed: boolean;
}

interface LeaksState {
  readonly byKey: ReadonlyMap<string, LeakSteps>;
}

/** Outlives the screen, because the last step leads to the log. */
export const useLeaks = create<LeaksState>(() => ({ byKey: new Map() }));

export function changeLeak(leak: LeakedKey, change: Partial<LeakSteps>): void {
  useLeaks.setState(({ byKey }) => {
    const known = byKey.get(leak.keyId);
    const begun = { leak, deniedAtMs: null, deniedCount: 0, hasSeenLog: false, isDismissed: false };
    return { byKey: new Map(byKey).set(leak.keyId, { ...(known ?? begun), ...change }) };
  });
}
