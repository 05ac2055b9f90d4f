import type { Range } from '#shared/domain/entities';
import { expiresAtOf, expiryProblem } from '../../../domain/expiry';
import { rangeChanges, type RangeChanges, type RangeValues } from '../../../forms/range-values';
import type { RangeDraft } from '../../../stores/ui';

function isNothing(changes: RangeChanges): boolean {
  return Object.keys(changes).length === 0;
}

/** Difference between a range as somebody saw it and as it is now. */
export type Difference =
  /** No editable field differs; the version may be newer. */
  | { readonly kind: 'same'; readonly version: number }
  | { readonly kind: 'changed'; readonly now: Range; readonly changes: RangeChanges }
  | { readonly kind: 'removed' };

/** `sent` is the range as this form is saving it, which is no change by others; null while nothing is being saved. */
export function differenceOf(seen: Range, shown: Range | null, sent: Range | null): Difference {
  if (shown === null) return { kind: 'removed' };
  // An undone operation leaves another state with the same version.
  const changes = rangeChanges(seen, shown);
  return isNothing(changes) || (sent !== null && isNothing(rangeChanges(sent, shown)))
    ? { kind: 'same', version: shown.version }
    : { kind: 'changed', now: shown, changes };
}

/** Turns values typed for a removed range into the draft of a new one. An impossible end is left out. */
export function draftOf({ text, effect, label, keyId, expiry }: RangeValues, nowMs: number): RangeDraft {
  return {
    text,
    effect,
    label,
    keyId,
    expiresAt: expiryProblem(expiry, nowMs) === null ? expiresAtOf(expiry, nowMs) : null,
  };
}
