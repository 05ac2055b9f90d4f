import type { Key } from '#shared/domain/entities';
import { DAY_MS } from '#shared/durations';

/** The calls of a key by the log on this computer. */
export interface KeyCalls {
  /** The networks from which it was let in; null as long as that is not known. */
  readonly networks: number | null;
  /** Calls with a secret that has ended. */
  readonly endedCalls: number;
}

export const NO_CALLS: KeyCalls = { networks: null, endedCalls: 0 };

export type Advice =
  /** The key was revoked, and is still tried. */
  | { readonly kind: 'revokedTried'; readonly calls: number }
  /** A secret that was rotated is still tried. */
  | { readonly kind: 'oldSecretTried'; readonly calls: number }
  | { readonly kind: 'manyNetworks'; readonly networks: number }
  | { readonly kind: 'oldSecret' }
  | { readonly kind: 'dormant' }
  | { readonly kind: 'neverUsed' };

/** A new key may wait this long for its program. */
const SETTLING_MS = 7 * DAY_MS;
/** From then on the trust review calls a key dormant, too. */
const DORMANT_MS = 45 * DAY_MS;
const SECRET_AGE_MS = 365 * DAY_MS;
/** A team that travels calls from fewer. */
const MANY_NETWORKS = 20;

/** Returns what a person should look at, the most urgent first. */
export function adviceOf(key: Key, { networks, endedCalls }: KeyCalls, nowMs: number): readonly Advice[] {
  const { status, createdAt, lastUsedAt, rotatedAt } = key;
  if (status !== 'active') {
    return endedCalls > 0 ? [{ kind: 'revokedTried', calls: endedCalls }] : [];
  }
  const ageOf = (at: string): number => nowMs - Date.parse(at);
  const advice: Advice[] = [];
  if (endedCalls > 0) advice.push({ kind: 'oldSecretTried', calls: endedCalls });
  if (networks !== null && networks >= MANY_NETWORKS) advice.push({ kind: 'manyNetworks', networks });
  if (lastUsedAt === null) {
    if (ageOf(createdAt) > SETTLING_MS) advice.push({ kind: 'neverUsed' });
  } else if (ageOf(lastUsedAt) > DORMANT_MS) advice.push({ kind: 'dormant' });
  if (ageOf(rotatedAt ?? createdAt) > SECRET_AGE_MS) advice.push({ kind: 'oldSecret' });
  return advice;
}
