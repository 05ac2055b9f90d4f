import type { Effect, Range } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { endsOtherwise, type ExpiryChoice, expiryAt, isSameEnd } from '../domain/expiry';
import type { RangeDraft } from '../stores/ui';

/** Initial values of a form for a range. */
export interface RangeStart extends RangeDraft {
  /** True if a very wide range was confirmed already. */
  readonly allowWide: boolean;
}

/** A complete range that can be sent. */
export interface RangeRequest extends Omit<RangeStart, 'text'> {
  readonly cidr: string;
}

export interface RangeValues extends Omit<RangeDraft, 'expiresAt'> {
  readonly expiry: ExpiryChoice;
  readonly confirmedWide: boolean;
}

/** The editable terms of an existing range. */
export type RangeTerms = Pick<Range, 'label' | 'effect' | 'keyId' | 'expiresAt'>;

/** Shows an effect that this console does not know as a denial; the form does not change it. */
export function effectIn(effect: Range['effect']): Effect {
  return effect === UNRECOGNISED ? 'deny' : effect;
}

/** Changes to the terms of an existing range. */
export type RangeChanges = Partial<Omit<RangeTerms, 'effect'>> & { readonly effect?: Effect };

/** Initial values for an existing range, which may stay as wide as it is. */
export function startOf({ cidr, effect, label, keyId, expiresAt }: Range): RangeStart {
  return {
    text: cidr,
    effect: effectIn(effect),
    label,
    keyId,
    expiresAt,
    allowWide: true,
  };
}

export function valuesOf({ text, effect, label, keyId, expiresAt, allowWide }: RangeStart): RangeValues {
  return {
    text,
    effect,
    label,
    keyId,
    expiry: expiryAt(expiresAt),
    confirmedWide: allowWide,
  };
}

export function rangeChanges(
  from: RangeTerms,
  { label, effect, keyId, expiresAt }: RangeTerms,
): RangeChanges {
  return {
    ...(label === from.label ? {} : { label }),
    ...(effectIn(effect) === effectIn(from.effect) ? {} : { effect: effectIn(effect) }),
    ...(keyId === from.keyId ? {} : { keyId }),
    ...(isSameEnd(expiresAt, from.expiresAt) ? {} : { expiresAt }),
  };
}

/** Tells for each term if the fields would change it. */
export function changedTerms(
  { label, effect, keyId, expiry }: RangeValues,
  range: RangeTerms,
): Readonly<Record<keyof RangeTerms, boolean>> {
  return {
    label: label.trim() !== range.label,
    effect: effect !== effectIn(range.effect),
    keyId: keyId !== range.keyId,
    expiresAt: endsOtherwise(expiry, range.expiresAt),
  };
}

/** Rebases the fields onto the current range: terms that they change are kept, the others follow the range. */
export function valuesOnTop(values: RangeValues, was: RangeTerms, now: RangeTerms): RangeValues {
  const mine = changedTerms(values, was);
  return {
    ...values,
    label: mine.label ? values.label : now.label,
    effect: mine.effect ? values.effect : effectIn(now.effect),
    keyId: mine.keyId ? values.keyId : now.keyId,
    expiry: mine.expiresAt ? { ...values.expiry, kept: now.expiresAt } : expiryAt(now.expiresAt),
    // The confirmation was given for the former range.
    confirmedWide: false,
  };
}
