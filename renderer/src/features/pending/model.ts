import type { Range, Review } from '#shared/domain/entities';
import { secondsOf } from '../../domain/durations';
import { holds, readRange } from '../../domain/range-check';
import type { AnswerDraft } from '../../stores/ui';

/** The edit that carries an answer to the service, or when that has carried it out already. */
export type Progress = { readonly operationId: string } | { readonly enforcedAt: string };

/** The edit that carries the answer, if it is one. */
export const operationOf = (ending: Ending | null): string | null =>
  ending !== null && ending.kind !== 'elsewhere' && 'operationId' in ending.progress
    ? ending.progress.operationId
    : null;

/** How a question ended, as this window knows it. */
export type Ending =
  | { readonly kind: 'authorized'; readonly range: Range; readonly progress: Progress }
  | {
      readonly kind: 'denied';
      readonly keptOut: boolean;
      readonly keyUpdated: boolean;
      readonly progress: Progress;
    }
  /** Somebody else was first, or the question went away by itself. */
  | { readonly kind: 'elsewhere'; readonly review: Review };

/** What would be authorized with the choices made, or why nothing can be yet. */
export type ScopeReading =
  | { readonly kind: 'address' | 'subnet'; readonly text: string }
  | { readonly kind: 'own'; readonly text: string; readonly wide: boolean; readonly notes: readonly string[] }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'problem'; readonly message: string };

export function readScope(review: Review, draft: AnswerDraft): ScopeReading {
  if (draft.scope === 'address') return { kind: 'address', text: review.ip };
  if (draft.scope === 'subnet') return { kind: 'subnet', text: review.suggestedCidr };
  const reading = readRange(draft.ownText);
  if (reading.kind === 'empty') return { kind: 'incomplete' };
  if (reading.kind === 'invalid') return { kind: 'problem', message: reading.message };
  const { meaning } = reading;
  const [text] = meaning.texts;
  if (text === undefined || meaning.texts.length > 1) {
    return {
      kind: 'problem',
      message: `This takes ${meaning.texts.length} ranges. Write one range here, or add them all under Authorized IPs.`,
    };
  }
  if (!holds(meaning, review.ip)) {
    return { kind: 'problem', message: `${text} does not contain ${review.ip}, so it would not let it in.` };
  }
  return { kind: 'own', text, wide: reading.kind === 'wide', notes: meaning.notes };
}

/** The name of the button: it says what will be let in. */
export function authorizeLabel(reading: ScopeReading): string {
  switch (reading.kind) {
    case 'address':
      return 'Authorize this address';
    case 'subnet':
    case 'own':
      return `Authorize ${reading.text}`;
    case 'incomplete':
    case 'problem':
      return 'Authorize this range';
  }
}

/** Whether the choices can be sent as they are. */
export const isComplete = (reading: ScopeReading, draft: AnswerDraft): boolean =>
  reading.kind === 'address' ||
  reading.kind === 'subnet' ||
  (reading.kind === 'own' && (!reading.wide || draft.allowWide));

/** The call that authorizes what was chosen. */
export function authorizeRequest(review: Review, draft: AnswerDraft) {
  const seconds = secondsOf(draft.duration);
  return {
    reviewId: review.id,
    scope: draft.scope === 'own' ? { cidr: draft.ownText.trim(), allowWide: draft.allowWide } : draft.scope,
    thisKeyOnly: draft.thisKeyOnly,
    ...(seconds === null ? {} : { durationSeconds: seconds }),
  };
}

/** The questions to lay out: those on screen keep their places, new ones go on top, or wait while somebody is busy. */
export function arrange(
  shown: readonly Review[],
  pending: readonly Review[],
  hold: boolean,
): { readonly shown: readonly Review[]; readonly waiting: number } {
  const known = new Set(shown.map(({ id }) => id));
  const fresh = pending.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return { shown, waiting: 0 };
  // Cards that are answered already hold nothing up: nobody is about to press a button on them.
  const open = new Set(pending.map(({ id }) => id));
  if (hold && shown.some(({ id }) => open.has(id))) return { shown, waiting: fresh.length };
  return { shown: [...fresh, ...shown], waiting: 0 };
}
