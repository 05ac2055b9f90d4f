import { useMemo, useState } from 'react';
import type { Range } from '#shared/domain/entities';
import { expiresAtOf, expiryProblem } from '../domain/expiry';
import { hiddenTextMessage } from '../domain/hidden-text';
import { type RangeReading, readRange } from '../domain/range-check';
import { useDraft } from '../stores/drafts';
import { changedTerms, type RangeStart, type RangeValues, type RangeRequest, valuesOf } from './range-values';

export interface RangeForm {
  readonly values: RangeValues;
  readonly change: (change: Partial<RangeValues>) => void;
  /** The range that is edited, as the person has seen it; null for a new one. */
  readonly existing: Range | null;
  /** Continues with these values on top of the current range. */
  readonly goOnWith: (existing: Range, values: RangeValues) => void;
  /** Discards the draft after it was sent or cancelled. */
  readonly finish: () => void;
  readonly reading: RangeReading;
  /** True if the fields differ from the existing range. */
  readonly isChanged: boolean;
  /** True if a very wide range has to be confirmed. Changing its label alone needs no confirmation. */
  readonly asksWide: boolean;
  /** Problem of the label, or null. */
  readonly labelProblem: string | null;
  /** Returns the problem of the chosen end, or null. An expired range may stay expired. */
  readonly expiryProblem: (nowMs: number) => string | null;
  /** True after the first attempt to send, from which on missing values are shown. */
  readonly submitted: boolean;
  /** Returns the request; null while something is missing, which the fields then show. */
  readonly submit: (nowMs: number) => RangeRequest | null;
}

interface Typed {
  readonly values: RangeValues;
  readonly existing: Range | null;
}

/**
 * State of a form that adds a range, or changes `seen`. The draft is kept under its key when the form is closed, together
 * with the range as it was seen, so that later changes by others are not overwritten.
 */
export function useRangeForm(key: string, start: RangeStart, seen: Range | null = null): RangeForm {
  const typed = useDraft<Typed>(key, { values: valuesOf(start), existing: seen });
  const { values, existing } = typed.value;
  const [submitted, setSubmitted] = useState(false);
  const reading = useMemo(() => readRange(values.text), [values.text]);
  const changed = existing === null ? null : changedTerms(values, existing);
  const asksWide =
    reading.kind === 'wide' && (changed === null || changed.effect || changed.keyId || changed.expiresAt);
  // An unchanged label is not sent, so it is not checked.
  const labelProblem = changed?.label === false ? null : hiddenTextMessage('label', values.label.trim());
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
