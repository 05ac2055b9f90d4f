import { useMemo, useState } from 'react';
import type { Effect } from '#shared/domain/entities';
import { expiresAtOf, type ExpiryChoice, expiryAt, expiryProblem } from '../domain/expiry';
import type { FailureText } from '../domain/failures';
import { type RangeReading, readRange } from '../domain/range-check';

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
export interface RangeWish {
  readonly cidr: string;
  readonly effect: Effect;
  readonly label: string;
  readonly keyId: string | null;
  readonly expiresAt: string | null;
  readonly allowWide: boolean;
}

interface RangeValues {
  readonly text: string;
  readonly effect: Effect;
  readonly label: string;
  readonly keyId: string | null;
  readonly expiry: ExpiryChoice;
  readonly confirmedWide: boolean;
}

export interface RangeForm {
  readonly values: RangeValues;
  readonly change: (change: Partial<RangeValues>) => void;
  readonly reading: RangeReading;
  /** Whether somebody has tried to send it: from then on what is missing is said. */
  readonly submitted: boolean;
  /** What can be sent, or null while something is missing, which the fields then say. */
  readonly submit: (nowMs: number) => RangeWish | null;
}

/** What is typed into a form for a range. `RangeFields` shows it. */
export function useRangeForm(start: RangeStart): RangeForm {
  const [values, setValues] = useState<RangeValues>(() => ({
    text: start.text,
    effect: start.effect,
    label: start.label,
    keyId: start.keyId,
    expiry: expiryAt(start.expiresAt),
    confirmedWide: start.allowWide,
  }));
  const [submitted, setSubmitted] = useState(false);
  const reading = useMemo(() => readRange(values.text), [values.text]);
  return {
    values,
    change: (change) => setValues((before) => ({ ...before, ...change })),
    reading,
    submitted,
    submit: (nowMs) => {
      setSubmitted(true);
      const { text, effect, label, keyId, expiry, confirmedWide } = values;
      if (reading.kind === 'empty' || reading.kind === 'invalid') return null;
      if (expiryProblem(expiry, nowMs) !== null || (reading.kind === 'wide' && !confirmedWide)) return null;
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
