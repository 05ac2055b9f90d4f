import { useMemo, useState } from 'react';
import type { Review } from '#shared/domain/entities';
import { type AnswerDraft, changeAnswerDraft, useUi } from '../../../stores/ui';
import { draftOf } from '../model';
import { rememberedChoices } from './remembered-choices';

export interface Draft {
  readonly draft: AnswerDraft;
  readonly change: (change: Partial<AnswerDraft>) => void;
}

/** Keeps the choices for one review. They start with those remembered when it appeared, and stay when another is answered. */
export function useDraft(review: Review): Draft {
  const [start] = useState(rememberedChoices);
  const changes = useUi((ui) => ui.answerDrafts[review.id]);
  const draft = useMemo(() => draftOf(review, start, changes ?? {}), [review, start, changes]);
  return { draft, change: (change) => changeAnswerDraft(review.id, change) };
}
