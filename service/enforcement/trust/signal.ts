import type { Evidence } from '#shared/domain/entities';
import type { EvidenceValues } from '#shared/domain/evidence-words';
import type { en } from '#shared/i18n/catalogue';
import type { BaseOf } from '#shared/i18n/t';
import type { TrustFacts } from './facts';

/** The signals of docs/behaviour.md 1.6. */
export type SignalName =
  | 'same-network'
  | 'adjacent-prefix'
  | 'same-country'
  | 'same-region'
  | 'known-agent'
  | 'request-habits'
  | 'client-fingerprint'
  | 'previously-denied'
  | 'blocklisted'
  | 'reserved-address'
  | 'trusted-proxy'
  | 'hosting-or-anonymizer'
  | 'unknown-burst'
  | 'impossible-travel'
  | 'fresh-key'
  | 'dormant-key';

export interface SignalEvidence {
  readonly signal: SignalName;
  readonly weight: number;
  readonly words: NonNullable<Evidence['words']>;
  /** A veto refuses by itself, whatever the sum. */
  readonly veto: boolean;
}

/** Evaluates one aspect of the facts; undefined if it gives no evidence. */
export type Signal = (facts: TrustFacts) => SignalEvidence | undefined;

export type EvidenceText = BaseOf<keyof typeof en.evidence>;

export function evidence(
  signal: SignalName,
  weight: number,
  text: EvidenceText,
  values: EvidenceValues,
): SignalEvidence {
  return { signal, weight, words: { text, values: { ...values } }, veto: false };
}
