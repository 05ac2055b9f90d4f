import { fractionOf } from '#demo/traffic/random';
import type { Company } from './networks';

/**
 * The halves of the world. Weights may be chosen on `tune`; `held-out` is only reported. Access providers and carriers are in
 * the half of their country, clouds and others in that of their first number, so that no address is in both halves.
 */
export type Half = 'tune' | 'held-out';

/**
 * The word was chosen before anything was measured, because both halves then have large countries and large clouds. Another
 * word is another split, and makes every figure incomparable.
 */
const SALT = 'split';

function halfOf(text: string | number): Half {
  return fractionOf(`${SALT} ${text}`) < 0.5 ? 'tune' : 'held-out';
}

export function isCountryIn(half: Half, country: string): boolean {
  return halfOf(country) === half;
}

export function isCompanyIn(half: Half, { asns: [first = 0] }: Company): boolean {
  return halfOf(first) === half;
}
