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

/** The choices of the last answer that let something in, in whichever window it was given. */
export const rememberedChoices = (): Choices => choicesOf(remembered(STORAGE_KEY));

/** Keeps the choices for the next question; that a wide range was let in for good is no habit to start with. */
export function rememberChoices(review: Review, draft: AnswerDraft): void {
  const last = rememberedChoices();
  const { scope, thisKeyOnly } = draft;
  const wideForGood = draft.duration === 'forever' && isWiderThanSuggested(review, readScope(review, draft));
  const next: Choices = {
    // Where there is no subnet to choose, the address was no choice.
    scope: scope === 'own' || !hasSubnet(review) ? last.scope : scope,
    duration: wideForGood ? last.duration : draft.duration,
    thisKeyOnly,
  };
  remember(STORAGE_KEY, `${next.scope} ${next.duration} ${next.thisKeyOnly ? 'this' : 'all'}`);
}

/** What is kept is text that anybody could have written: what does not make sense is as if it were not there. */
function choicesOf(text: string | null): Choices {
  const [scope, duration, keys] = (text ?? '').split(' ');
  if (scope !== 'address' && scope !== 'subnet') return firstChoices;
  if (duration === undefined || !isDuration(duration)) return firstChoices;
  return { scope, duration, thisKeyOnly: keys === 'this' };
}
