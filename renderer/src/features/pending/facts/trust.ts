import type { Review } from '#shared/domain/entities';

export type Trust = 'suspicious' | 'strange' | 'familiar' | 'unknown';

/** The score from which some of what is known of the key speaks for the address; a call is let in at 65 (docs/behaviour.md 1.6). */
const FAMILIAR_FROM = 30;

/** Puts the verdict of the trust review into one of four classes; `unknown` if there was no trust review. */
export function trustOf({ score }: Pick<Review, 'score'>): Trust {
  if (score === null) return 'unknown';
  if (score < 0) return 'suspicious';
  return score < FAMILIAR_FROM ? 'strange' : 'familiar';
}
