import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import type { AnswerDraft } from '../stores/ui';
import { secondsOf } from './durations';
import { hiddenTextMessage } from './hidden-text';
import { holds, readRange } from './range-check';

/** The scope that the choices come to, or the reason why they come to none yet. */
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
      message: t('answer.severalRanges', { number: meaning.texts.length }),
    };
  }
  if (!holds(meaning, review.ip)) {
    return { kind: 'problem', message: t('answer.notInRange', { range: text, ip: review.ip }) };
  }
  return { kind: 'own', text, wide: reading.kind === 'wide', notes: meaning.notes };
}

export function authorizeLabel(reading: ScopeReading): string {
  switch (reading.kind) {
    case 'address':
      return t('answer.authorizeAddress');
    case 'subnet':
    case 'own':
      return t('answer.authorizeRange', { range: reading.text });
    case 'incomplete':
    case 'problem':
      return t('answer.authorizeUnfinished');
  }
}

/** Returns the reason why the note is not acceptable, or null. */
export function noteProblem({ note }: Pick<AnswerDraft, 'note'>): string | null {
  return hiddenTextMessage('note', note.trim());
}

export function noteOf({ note }: Pick<AnswerDraft, 'note'>): { readonly note?: string } {
  return note.trim() === '' ? {} : { note: note.trim() };
}

/** Returns true if the choices can be sent. */
export function isComplete(reading: ScopeReading, draft: AnswerDraft): boolean {
  return (
    noteProblem(draft) === null &&
    (reading.kind === 'address' ||
      reading.kind === 'subnet' ||
      (reading.kind === 'own' && (!reading.wide || draft.allowWide)))
  );
}

export function authorizeRequest(review: Review, draft: AnswerDraft) {
  const seconds = secondsOf(draft.duration);
  return {
    reviewId: review.id,
    scope: draft.scope === 'own' ? { cidr: draft.ownText.trim(), allowWide: draft.allowWide } : draft.scope,
    thisKeyOnly: draft.thisKeyOnly,
    ...(seconds === null ? {} : { durationSeconds: seconds }),
    ...noteOf(draft),
  };
}

/** Returns true if the suggested subnet is wider than the address itself. */
export function hasSubnet({ ip, suggestedCidr }: Review): boolean {
  return suggestedCidr !== `${ip}/${ip.includes(':') ? 128 : 32}`;
}
