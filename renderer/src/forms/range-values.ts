import type { Effect, Range } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { endsOtherwise, type ExpiryChoice, expiryAt, isSameEnd } from '../domain/expiry';

/** What a form for a range begins with. */
export interface RangeStart {
  readonly text: string;
  readonly effect: Effect;
  readonly label: string;
  readonly keyId: string | null;
  readonly expiresAt: string | null;
  /** Whether a very wide range was confirmed already. */
  readonly allowWide: boolean;
}

/** A range as the form has it when it can be sent. */
export interface RangeRequest {
  readonly cidr: string;
  readonly effect: Effect;
  readonly label: string;
  readonly keyId: string | null;
  readonly expiresAt: string | null;
  readonly allowWide: boolean;
}

/** What stands in the fields. */
export interface RangeValues {
  readonly text: string;
  readonly effect: Effect;
  readonly label: string;
  readonly keyId: string | null;
  readonly expiry: ExpiryChoice;
  readonly confirmedWide: boolean;
}

/** What can be changed about a range that is there. */
export type RangeTerms = Pick<Range, 'label' | 'effect' | 'keyId' | 'expiresAt'>;

/** An effect that this console does not know looks like a denial in a form, which does not change it. */
export const effectIn = (effect: Range['effect']): Effect => (effect === UNRECOGNISED ? 'deny' : effect);

/** What is to be changed about a range that is there. */
export type RangeChanges = Partial<Omit<RangeTerms, 'effect'>> & { readonly effect?: Effect };

/** A form begins with this for a range that is there. It was let into the list, however wide. */
export const startOf = ({ cidr, effect, label, keyId, expiresAt }: Range): RangeStart => ({
  text: cidr,
  effect: effectIn(effect),
  label,
  keyId,
  expiresAt,
  allowWide: true,
});

export const valuesOf = ({ text, effect, label, keyId, expiresAt, allowWide }: RangeStart): RangeValues => ({
  text,
  effect,
  label,
  keyId,
  expiry: expiryAt(expiresAt),
  confirmedWide: allowWide,
});

/** What has to be changed about the one to get the other. */
export const rangeChanges = (
  from: RangeTerms,
  { label, effect, keyId, expiresAt }: RangeTerms,
): RangeChanges => ({
  ...(label === from.label ? {} : { label }),
  ...(effectIn(effect) === effectIn(from.effect) ? {} : { effect: effectIn(effect) }),
  ...(keyId === from.keyId ? {} : { keyId }),
  ...(isSameEnd(expiresAt, from.expiresAt) ? {} : { expiresAt }),
});

/** Which terms of a range that is there the fields would change. */
export const changedTerms = (
  { label, effect, keyId, expiry }: RangeValues,
  range: RangeTerms,
): Readonly<Record<keyof RangeTerms, boolean>> => ({
  label: label.trim() !== range.label,
  effect: effect !== effectIn(range.effect),
  keyId: keyId !== range.keyId,
  expiresAt: endsOtherwise(expiry, range.expiresAt),
});

/** The fields on top of how the range stands now: what they change about it as it was stays, the rest follows. */
export function valuesOnTop(values: RangeValues, was: RangeTerms, now: RangeTerms): RangeValues {
  const mine = changedTerms(values, was);
  return {
    ...values,
    label: mine.label ? values.label : now.label,
    effect: mine.effect ? values.effect : effectIn(now.effect),
    keyId: mine.keyId ? values.keyId : now.keyId,
    expiry: mine.expiresAt ? { ...values.expiry, kept: now.expiresAt } : expiryAt(now.expiresAt),
    // It was confirmed for what it was.
    confirmedWide: false,
  };
}
