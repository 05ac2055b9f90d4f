import { useMemo, useState } from 'react';
import type { Range } from '#shared/domain/entities';
import { hiddenTextProblem } from '#shared/domain/plain-text';
import { expiresAtOf, expiryProblem } from '../domain/expiry';
import type { FailureText } from '../domain/failures';
import { type RangeReading, readRange } from '../domain/range-check';
import { useDraft } from '../stores/drafts';
import { changedTerms, type RangeStart, type RangeValues, type RangeRequest, valuesOf } from './range-values';

export interface RangeForm {
  readonly values: RangeValues;
  readonly change: (change: Partial<RangeValues>) => void;
  /** The range that is changed, as the person has seen it; it stays the range that it is. Null for another one. */
  readonly existing: Range | null;
  /** Goes on with these values on top of the range as it is now. */
  readonly goOnWith: (existing: Range, values: RangeValues) => void;
  /** It was sent or cancelled, so nothing of it is kept. */
  readonly finish: () => void;
  readonly reading: RangeReading;
  /** Whether the fields say anything else than the range that is there. */
  readonly isChanged: boolean;
  /** Whether a very wide range has to be confirmed. Its label alone can be changed without. */
  readonly asksWide: boolean;
  /** Why the label cannot be one; null when it can. */
  readonly labelProblem: string | null;
  /** Why the range cannot end as chosen; null when it can. One that has expired may stay so. */
  readonly expiryProblem: (nowMs: number) => string | null;
  /** Whether somebody has tried to send it: from then on what is missing is said. */
  readonly submitted: boolean;
  /** What can be sent, or null while something is missing, which the fields then say. */
  readonly submit: (nowMs: number) => RangeRequest | null;
}

interface Typed {
  readonly values: RangeValues;
  readonly existing: Range | null;
}

/**
 * What is typed into a form for a range, to add one or to change `seen`. `RangeFields` shows it. Under its key it is kept
 * when the form is closed, with the range as it was seen: what others have changed since is not overwritten by it.
 */
export function useRangeForm(key: string, start: RangeStart, seen: Range | null = null): RangeForm {
  const typed = useDraft<Typed>(key, { values: valuesOf(start), existing: seen });
  const { values, existing } = typed.value;
  const [submitted, setSubmitted] = useState(false);
  const reading = useMemo(() => readRange(values.text), [values.text]);
  const changed = existing === null ? null : changedTerms(values, existing);
  const asksWide =
    reading.kind === 'wide' && (changed === null || changed.effect || changed.keyId || changed.expiresAt);
  const hidden = hiddenTextProblem(values.label.trim());
  // One that is there already and stays as it is, is not sent.
  const labelProblem = hidden === undefined || changed?.label === false ? null : `A label ${hidden}.`;
  const problemOfExpiry = (nowMs: number): string | null =>
    changed?.expiresAt === false ? null : expiryProblem(values.expiry, nowMs);
  return {
    values,
    change: (change) => typed.change((before) => ({ ...before, values: { ...before.values, ...change } })),
    existing,
    goOnWith: (now, onTop) => typed.change(() => ({ existing: now, values: onTop })),
    finish: typed.finish,
    reading,
    isChanged: changed === null || Object.values(changed).includes(true),
    asksWide,
    labelProblem,
    expiryProblem: problemOfExpiry,
    submitted,
    submit: (nowMs) => {
      setSubmitted(true);
      const { text, effect, label, keyId, expiry, confirmedWide } = values;
      if (reading.kind === 'empty' || reading.kind === 'invalid') return null;
      if (labelProblem !== null || problemOfExpiry(nowMs) !== null || (asksWide && !confirmedWide))
        return null;
      return {
        cidr: text.trim(),
        effect,
        label: label.trim(),
        keyId,
        expiresAt: expiresAtOf(expiry, nowMs),
        allowWide: confirmedWide,
      };
    },
  };
}

const FIELDS: readonly (string | null)[] = ['cidr', 'label', 'keyId', 'expiresAt'];

/** What is told about the form as a whole, because none of its fields shows it. */
export const rangeFormMessage = (told: FailureText | null): string | null =>
  told === null || FIELDS.includes(told.field) ? null : told.message;
