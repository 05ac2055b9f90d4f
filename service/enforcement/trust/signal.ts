import type { Evidence } from '#shared/domain/entities';
import type { TrustFacts } from './facts';

/** The signals of docs/behaviour.md 1.6. */
export type SignalName =
  | 'same-network'
  | 'adjacent-prefix'
  | 'same-country'
  | 'known-agent'
  | 'previously-denied'
  | 'blocklisted'
  | 'reserved-address'
  | 'trusted-proxy'
  | 'hosting-or-anonymizer'
  | 'unknown-burst'
  | 'impossible-travel'
  | 'fresh-key'
  | 'dormant-key';

export interface SignalEvidence extends Evidence {
  readonly signal: SignalName;
  /** A veto refuses by itself, whatever the sum. */
  readonly veto: boolean;
}

/** Evaluates one aspect of the facts; undefined if it gives no evidence. */
export type Signal = (facts: TrustFacts) => SignalEvidence | undefined;

export function evidence(signal: SignalName, weight: number, detail: string): SignalEvidence {
  return {
    signal,
    weight,
    detail,
    veto: false,
  };
}
