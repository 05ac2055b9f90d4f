import type { Review } from '#shared/domain/entities';
import { remember, remembered } from '../../../bridge/remembered';
import { hasSubnet, readScope } from '../../../domain/answer';
import { isDuration } from '../../../domain/durations';
import { type AnswerDraft, emptyAnswerDraft } from '../../../stores/ui';
import { type Choices, isWiderThanSuggested } from '../model';

const STORAGE_KEY = 'gatehouse.answerChoices';
const firstChoices: Choices = {
  scope: 'address',
  duration: emptyAnswerDraft.duration,
  thisKeyOnly: emptyAnswerDraft.thisKeyOnly,
};

export function rememberedChoices(): Choices {
  return choicesOf(remembered(STORAGE_KEY));
}

/** Remembers the choices for the next review, except that a wide range was authorized forever. */
export function rememberChoices(review: Review, draft: AnswerDraft): void {
  const last = rememberedChoices();
  const { scope, thisKeyOnly } = draft;
  const wideForGood = draft.duration === 'forever' && isWiderThanSuggested(review, readScope(review, draft));
  const next: Choices = {
    // Without a subnet to choose, the address was no choice.
    scope: scope === 'own' || !hasSubnet(review) ? last.scope : scope,
    duration: wideForGood ? last.duration : draft.duration,
    thisKeyOnly,
  };
  remember(STORAGE_KEY, `${next.scope} ${next.duration} ${next.thisKeyOnly ? 'this' : 'all'}`);
}

/** Parses the stored text, which may be malformed; falls back to the first choices. */
function choicesOf(text: string | null): Choices {
  const [scope, duration, keys] = (text ?? '').split(' ');
  if (scope !== 'address' && scope !== 'subnet') return firstChoices;
  if (duration === undefined || !isDuration(duration)) return firstChoices;
  return { scope, duration, thisKeyOnly: keys === 'this' };
}
