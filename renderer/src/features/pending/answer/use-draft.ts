import { useMemo, useState } from 'react';
import type { Review } from '#shared/domain/entities';
import { type AnswerDraft, changeAnswerDraft, useUi } from '../../../stores/ui';
import { draftOf } from '../model';
import { rememberedChoices } from './remembered-choices';

export interface Draft {
  readonly draft: AnswerDraft;
  readonly change: (change: Partial<AnswerDraft>) => void;
}

/**
 * The choices for one question. They start with those of the last answer before the question appeared: an answer to
 * another one must not change the choices of those that are on screen already.
 */
export function useDraft(review: Review): Draft {
  const [start] = useState(rememberedChoices);
  const changes = useUi((ui) => ui.answerDrafts[review.id]);
  const draft = useMemo(() => draftOf(review, start, changes ?? {}), [review, start, changes]);
  return { draft, change: (change) => changeAnswerDraft(review.id, change) };
}
