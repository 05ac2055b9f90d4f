import { create } from 'zustand';
import type { Range, Review } from '#shared/domain/entities';
import type { Failure } from '#shared/ipc/failure';

/** The edit that carries an answer to the service, or when that has carried it out already. */
export type Progress = { readonly operationId: string } | { readonly enforcedAt: string };

/** How a question ended, as this window knows it. */
export type Ending =
  | { readonly kind: 'authorized'; readonly range: Range; readonly progress: Progress }
  | {
      readonly kind: 'denied';
      readonly keptOut: boolean;
      readonly keyUpdated: boolean;
      readonly progress: Progress;
    }
  /** Answered on this computer, but not in this window: from a notification, say. */
  | { readonly kind: 'here'; readonly review: Review; readonly operationId: string }
  /** Somebody else was first, or the question went away by itself. */
  | { readonly kind: 'elsewhere'; readonly review: Review };

export type AnswerStep = 'authorize' | 'deny' | 'deny-and-update' | 'undo';

/** How far this window is with answering one question. */
export interface Answering {
  /** What is on its way; nothing else can be done about the question meanwhile. */
  readonly step: AnswerStep | null;
  readonly failure: Failure | null;
  readonly ending: Ending | null;
  /** When the question ended; milliseconds since 1970. */
  readonly endedAtMs: number;
  /** The version of the question that the answer made. */
  readonly version: number;
  /** The answer was taken back again, and the question is about to be open. */
  readonly takenBack: boolean;
  /** The question was open again after the answer: however it ends now, that may be another answer. */
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

/** How many questions are remembered: far more than anybody has on screen at once. */
const REMEMBERED = 500;

interface AnswersState {
  /** By the question's id; what changed last is the last. */
  readonly byReview: ReadonlyMap<string, Answering>;
}

/** What was answered in this window. Here and not in a card, so that a change of screen does not take Undo away. */
export const useAnswers = create<AnswersState>(() => ({ byReview: new Map() }));

/** How far this window is with the question now. */
export const answeringOf = (reviewId: string): Answering =>
  useAnswers.getState().byReview.get(reviewId) ?? notAnswering;

export function setAnswering(reviewId: string, change: Partial<Answering>): void {
  useAnswers.setState(({ byReview }) => {
    const others = [...byReview].filter(([id]) => id !== reviewId);
    const changed = [reviewId, { ...answeringOf(reviewId), ...change }] as const;
    return { byReview: new Map([...others, changed].slice(-REMEMBERED)) };
  });
}

/** Forgets how the question was answered: its card was put away. */
export function forgetAnswer(reviewId: string): void {
  useAnswers.setState(({ byReview }) => ({
    byReview: new Map([...byReview].filter(([id]) => id !== reviewId)),
  }));
}
