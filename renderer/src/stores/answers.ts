import { create } from 'zustand';
import type { Range, Review } from '#shared/domain/entities';
import type { Failure } from '#shared/ipc/failure';

/** The operation that carries an answer to the service, or the time since which it is enforced. */
export type Progress = { readonly operationId: string } | { readonly enforcedAt: string };

/** The end of a review as this window knows it. */
export type Ending =
  | { readonly kind: 'authorized'; readonly range: Range; readonly progress: Progress }
  | {
      readonly kind: 'denied';
      readonly keptOut: boolean;
      readonly keyUpdated: boolean;
      readonly progress: Progress;
    }
  /** Answered here with others, in one call. */
  | { readonly kind: 'together'; readonly answer: 'authorize' | 'deny' }
  /** Answered by this console, but not in this window, for example from a notification. */
  | { readonly kind: 'here'; readonly review: Review; readonly operationId: string }
  /** Somebody else was first, or the service closed the review. */
  | { readonly kind: 'elsewhere'; readonly review: Review };

export type AnswerStep = 'authorize' | 'deny' | 'deny-and-update' | 'undo';

/** State of answering one review in this window. */
export interface Answering {
  /** The step that is being sent; no other begins meanwhile. */
  readonly step: AnswerStep | null;
  readonly failure: Failure | null;
  readonly ending: Ending | null;
  /** Milliseconds since the epoch. */
  readonly endedAtMs: number;
  /** The version of the review that the answer made. */
  readonly version: number;
  /** The answer was taken back, and the review is about to be pending again. */
  readonly takenBack: boolean;
  /** The review was pending again after the answer, so its next end may be another answer. */
  readonly reopened: boolean;
}

export const notAnswering: Answering = {
  step: null,
  failure: null,
  ending: null,
  endedAtMs: 0,
  version: 0,
  takenBack: false,
  reopened: false,
};

/** Far more reviews than anybody has on screen at once. */
const REMEMBERED = 2_000;

interface AnswersState {
  /** By the review's id; the latest change comes last. */
  readonly byReview: ReadonlyMap<string, Answering>;
}

/** The answers given in this window. They are not state of a panel, so that a change of screen does not lose Undo. */
export const useAnswers = create<AnswersState>(() => ({ byReview: new Map() }));

export function answeringOf(reviewId: string): Answering {
  return useAnswers.getState().byReview.get(reviewId) ?? notAnswering;
}

export function setAnswering(reviewId: string, change: Partial<Answering>): void {
  setAnswers(new Map([[reviewId, { ...answeringOf(reviewId), ...change }]]));
}

/** Writes many answers in one change of the store. */
export function setAnswers(changed: ReadonlyMap<string, Answering>): void {
  useAnswers.setState(({ byReview }) => {
    const others = [...byReview].filter(([id]) => !changed.has(id));
    return { byReview: new Map([...others, ...changed].slice(-REMEMBERED)) };
  });
}

/** Forgets answers that are no longer shown. */
export function forgetAnswers(reviewIds: ReadonlySet<string>): void {
  useAnswers.setState(({ byReview }) => ({
    byReview: new Map([...byReview].filter(([id]) => !reviewIds.has(id))),
  }));
}
