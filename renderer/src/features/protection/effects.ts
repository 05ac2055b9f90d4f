import type { RouteResponse } from '#shared/api/route-types';

export type Simulation = RouteResponse<'simulate'>;
export type SimulatedChange = Simulation['changes'][number];

/** The outcome of a choice for the log. */
export interface Simulated {
  /** The choice as it is. */
  readonly chosen: Simulation;
  /** The choice as if it enforced; null if it does. */
  readonly enforced: Simulation | null;
}

export const EFFECTS = ['blocked', 'letIn', 'reported'] as const;
export type EffectName = (typeof EFFECTS)[number];

/** Whom a choice would treat otherwise than now, in one way. */
export interface Effect {
  readonly name: EffectName;
  /** Pairs of address and key, the most calls first. */
  readonly changes: readonly SimulatedChange[];
  readonly addresses: number;
  /** All such pairs; `changes` may have the busiest only. */
  readonly pairs: number;
}

/** Returns what would be blocked, let in, or only reported, without what nobody is concerned by. */
export function effectsOf({ chosen, enforced }: Simulated): readonly Effect[] {
  return [
    effectOf('blocked', chosen, 'blocked'),
    effectOf('letIn', chosen, 'allowed'),
    ...(enforced === null ? [] : [effectOf('reported', enforced, 'blocked')]),
  ].filter(({ pairs }) => pairs > 0);
}

function effectOf(name: EffectName, simulation: Simulation, verdict: 'allowed' | 'blocked'): Effect {
  const { changed, pairs } = simulation;
  const changes = simulation.changes.filter(({ after }) => after.verdict === verdict);
  // The newly blocked less the newly let in are the difference of the two sides.
  const moreBlocked = pairs.after.blocked - pairs.before.blocked;
  return {
    name,
    changes,
    addresses: new Set(changes.map(({ ip }) => ip)).size,
    pairs: (changed + (verdict === 'blocked' ? moreBlocked : -moreBlocked)) / 2,
  };
}

export interface KeyShare {
  readonly keyId: string;
  readonly name: string;
  readonly addresses: number;
}

/** Returns whose keys are concerned, those from the most addresses first. */
export function keysOf({ changes }: Pick<Effect, 'changes'>): readonly KeyShare[] {
  const shares = new Map<string, KeyShare>();
  for (const { keyId, keyName: name } of changes) {
    const addresses = (shares.get(keyId)?.addresses ?? 0) + 1;
    shares.set(keyId, { keyId, name, addresses });
  }
  return [...shares.values()].sort((a, b) => b.addresses - a.addresses || (a.name < b.name ? -1 : 1));
}
