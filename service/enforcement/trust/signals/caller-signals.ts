import { formatCidr } from '#shared/ip/index';
import type { KeyUse } from '../facts';
import { matchAgents, type AgentMatch } from '../agents';
import { tradeOf } from '../hosting-networks';
import { networkOf, quotable } from '../sentences';
import { evidence, type Signal } from '../signal';
import { COUNTS, WEIGHTS, WINDOWS_MS } from '../weights';

type Acquaintance = AgentMatch | 'new';

const AGENT_WEIGHTS: Readonly<Record<Acquaintance, number>> = {
  same: WEIGHTS.knownAgent,
  popular: WEIGHTS.popularAgent,
  'other-version': WEIGHTS.knownAgentOtherVersion,
  common: WEIGHTS.commonAgent,
  new: WEIGHTS.newAgent,
};

function prefixesOf(uses: readonly KeyUse[]): number {
  return new Set(uses.map(({ prefix }) => formatCidr(prefix))).size;
}

/**
 * Returns true if an agent belongs to the key: known for some time or in several prefixes. Otherwise a thief who once calls
 * from an authorized range, such as the /24 of a cloud that the owner shares, would make his own agent known, and be
 * trusted anywhere near.
 */
function isEstablished(uses: readonly KeyUse[], now: number): boolean {
  return (
    Math.min(...uses.map(({ firstAt }) => firstAt)) <= now - WINDOWS_MS.establishedAgent ||
    prefixesOf(uses) >= COUNTS.establishedAgentPrefixes
  );
}

/**
 * Returns true if an agent is still in use in a cloud, where honest programs are seen in many prefixes all the time.
 * Otherwise the same thief would revive the agent that the owner had before an upgrade.
 */
function isAtWork(uses: readonly KeyUse[], now: number): boolean {
  return (
    prefixesOf(uses.filter(({ lastAt }) => lastAt >= now - WINDOWS_MS.currentAgent)) >=
    Math.min(COUNTS.establishedAgentPrefixes, prefixesOf(uses))
  );
}

export const knownAgent: Signal = ({ now, geolocation, uses, userAgent }) => {
  if (userAgent === null || userAgent.trim() === '') return undefined;
  const isHosting = tradeOf(geolocation.asn, geolocation.asName) !== undefined;
  const byAgent = new Map<string, KeyUse[]>();
  for (const use of uses) {
    if (use.userAgent === null || use.lastAt < now - WINDOWS_MS.knownAgent) continue;
    const sameAgent = byAgent.get(use.userAgent);
    if (sameAgent === undefined) byAgent.set(use.userAgent, [use]);
    else sameAgent.push(use);
  }
  let best: { readonly match: Acquaintance; readonly lastAt: number } | undefined;
  for (const [agent, itsUses] of byAgent) {
    const likeness = matchAgents(agent, userAgent);
    if (likeness === undefined) continue;
    const belongs = isEstablished(itsUses, now) && (!isHosting || isAtWork(itsUses, now));
    const match = belongs ? likeness : 'new';
    const lastAt = Math.max(...itsUses.map((use) => use.lastAt));
    const gain = best === undefined ? 1 : AGENT_WEIGHTS[match] - AGENT_WEIGHTS[best.match];
    if (best === undefined || gain > 0 || (gain === 0 && lastAt > best.lastAt)) best = { match, lastAt };
  }
  if (best === undefined) return undefined;
  return evidence('known-agent', AGENT_WEIGHTS[best.match], `agent_${best.match}`, {
    agent: quotable(userAgent),
    ago: now - best.lastAt,
  });
};

/** One that is new here gives no evidence, because programs are built anew and proxies change. */
export const clientFingerprint: Signal = ({ fingerprintUse, now, geolocation }) => {
  if (fingerprintUse === undefined) return undefined;
  const { firstAt, lastAt } = fingerprintUse;
  const isCurrent = lastAt >= now - WINDOWS_MS.knownFingerprint;
  if (!isCurrent || firstAt > now - WINDOWS_MS.establishedFingerprint) return undefined;
  const isHosting = tradeOf(geolocation.asn, geolocation.asName) !== undefined;
  const weight = isHosting ? WEIGHTS.knownFingerprintFromHosting : WEIGHTS.knownFingerprint;
  return evidence('client-fingerprint', weight, 'fingerprint', { ago: now - lastAt });
};

/** Anybody can rent addresses of these networks, or they hide who calls. */
export const hostingOrAnonymizer: Signal = (facts) => {
  const { asn, asName } = facts.geolocation;
  const trade = tradeOf(asn, asName);
  if (trade === undefined) return undefined;
  const network = networkOf(facts);
  if (trade === 'anonymizer') {
    return evidence('hosting-or-anonymizer', WEIGHTS.anonymizer, 'anonymizer', { network });
  }
  const isUsed = asn !== null && facts.uses.some((use) => use.asn === asn);
  return isUsed
    ? evidence('hosting-or-anonymizer', WEIGHTS.hosting, 'hosting', { network })
    : evidence('hosting-or-anonymizer', WEIGHTS.unusedHosting, 'hostingUnused', { network });
};
