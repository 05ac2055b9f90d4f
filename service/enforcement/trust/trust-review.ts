import type { Evidence } from '#shared/domain/entities';
import { evidenceSentence } from '#shared/domain/evidence-words';
import type { TrustFacts } from './facts';
import type { Signal, SignalEvidence, SignalName } from './signal';
import { impossibleTravel, unknownBurst } from './signals/behaviour-signals';
import { clientFingerprint, hostingOrAnonymizer, knownAgent } from './signals/caller-signals';
import { requestHabits } from './signals/habit-signals';
import { dormantKey, freshKey } from './signals/key-signals';
import { adjacentPrefix, sameCountry, sameNetwork, sameRegion } from './signals/network-signals';
import { blocklisted, previouslyDenied, reservedAddress, trustedProxy } from './signals/veto-signals';
import { THRESHOLD } from './weights';

export type { Denial, KeyUse, TrustFacts } from './facts';
export type { KeyHabits, RequestKind } from './habits';

export interface TrustReview {
  readonly trusted: boolean;
  /** The sum of the weights; the threshold is in `weights.ts`. */
  readonly score: number;
  /** Vetoes first, then evidence in favour, then evidence against. */
  readonly evidence: readonly Evidence[];
}

const SIGNALS: readonly Signal[] = [
  previouslyDenied,
  blocklisted,
  trustedProxy,
  reservedAddress,
  adjacentPrefix,
  sameNetwork,
  sameCountry,
  sameRegion,
  knownAgent,
  requestHabits,
  clientFingerprint,
  hostingOrAnonymizer,
  unknownBurst,
  impossibleTravel,
  freshKey,
  dormantKey,
];

/**
 * Returns true if the network speaks for the address (as it does wherever the region does), or its neighbourhood in a country
 * of the key. Without that nobody is
 * trusted, whatever the sum: the user agent, the requests and the TLS client can be copied by whoever has watched the traffic of a
 * key, and proxies in its country are for sale.
 */
function isPlaced(inFavour: ReadonlySet<SignalName>): boolean {
  return inFavour.has('same-network') || (inFavour.has('adjacent-prefix') && inFavour.has('same-country'));
}

/**
 * Evaluates an unknown address (docs/behaviour.md 1.6). The same facts always give the same answer; nothing is looked up.
 *
 * It has to withstand a leaked key. The thief can copy the user agent, the requests and the TLS client, call slowly, and rent
 * an address in the owner's country, so these do not suffice even together. Decisive are the neighbourhood (the /16 or
 * /48), which cannot be chosen freely, and the network, with an agent that strangers do not send by chance.
 *
 * **The trade-off.** Within one region of one cloud, the addresses of the owner's functions and of any other tenant come
 * from the same pool, and no property of an address distinguishes them. Refusing them all would block every honest function
 * with a new address; accepting the network would admit everybody with a credit card. Only the agent is left. A new address
 * in a /16 of the cloud that was used in the last 30 days (where the data know the regions of the cloud: in such a region) is
 * trusted with exactly the agent and version that the key is used with, and refused with any other agent or one that is the
 * same for everybody (browsers, Go's default, Node's `node`). So an honest function with such an agent needs a review each time until it names itself or its cloud's ranges
 * are authorized by hand; and **a thief who knows the agent and calls from the same region of the same cloud is trusted.**
 * The same holds for a thief with the exact agent and a proxy at the access provider of a team that moves widely in it, or
 * in the neighbourhood of one of its addresses. `manual` mode is for owners who cannot accept that. The evaluation measures
 * both cases apart from its target (`npm run bench:trust`).
 */
export function reviewTrust(facts: TrustFacts): TrustReview {
  const evidence = SIGNALS.flatMap((signal) => signal(facts) ?? []);
  const score = evidence.reduce((sum, { weight }) => sum + weight, 0);
  const isVetoed = evidence.some(({ veto }) => veto);
  const inFavour = new Set(evidence.filter(({ weight }) => weight > 0).map(({ signal }) => signal));
  return {
    trusted: !isVetoed && isPlaced(inFavour) && score >= THRESHOLD,
    score,
    evidence: evidence.map(stated),
  };
}

/** The sentence is made when somebody reads it, which nobody does of a trusted address. */
function stated({ signal, weight, words }: SignalEvidence): Evidence {
  return {
    signal,
    weight,
    get detail() {
      return evidenceSentence(words.text, words.values) ?? '';
    },
    words,
  };
}
