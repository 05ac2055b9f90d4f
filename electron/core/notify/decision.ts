import type { Cause, NotificationPreferences, Quiet } from '#shared/ipc/notifications';
import type { Announcement } from '../ports';
import type { Facts } from './facts';

/** A notification that a person has before them. */
export interface OnScreen {
  readonly cause: Cause;
  readonly announcement: Announcement;
  /** For how many things it stands. */
  readonly count: number;
  /** When it was last shown or changed, in milliseconds since the epoch. */
  readonly shownAtMs: number;
}

/** The one notification that stands for many questions. */
export interface Summary {
  /** Whether it tells what happened in a pause, or that too much happens at once. */
  readonly kind: 'burst' | 'paused';
  /** How many of its questions are still open. */
  readonly left: number;
}

/** What was said already. */
export interface History {
  /** By the ids that the presenter knows them by. */
  readonly onScreen: ReadonlyMap<string, OnScreen>;
  /** The ids of the questions whose own notification is on the screen. */
  readonly openQuestions: ReadonlySet<string>;
  readonly summary: Summary | null;
  /** When a summary was last told, also if it is gone since. */
  readonly summarisedAtMs: number | null;
  /** Whether the subject needs no announcement (any more); kept over restarts. */
  wasAnnounced(cause: Cause, subject: string): boolean;
  /** Whether it was held back; kept over restarts. */
  isHeld(cause: Cause, subject: string): boolean;
}

export type SuppressReason = Quiet['reason'] | 'muted' | 'overtaken';
export type WithdrawReason = 'answered' | 'summarised' | 'over' | 'off';

export type Decision =
  /** Also in the place of what is shown under the id. The subjects need no announcement from then on. */
  | {
      readonly do: 'show';
      readonly id: string;
      readonly cause: Cause;
      readonly announcement: Announcement;
      readonly subjects: readonly string[];
      readonly count: number;
    }
  /** One notification for many questions: those that are new, and those that it takes in from the screen. */
  | {
      readonly do: 'summarise';
      readonly kind: Summary['kind'];
      readonly announcement: Announcement;
      readonly fresh: readonly string[];
      readonly takenIn: readonly string[];
    }
  /** What is on the screen has changed a little: nobody need look up. */
  | {
      readonly do: 'update';
      readonly id: string;
      readonly announcement: Announcement;
      readonly count: number;
    }
  | { readonly do: 'withdraw'; readonly id: string; readonly reason: WithdrawReason }
  /** Nothing is shown about it now; it is announced when that ends, if it is the case then. */
  | {
      readonly do: 'hold';
      readonly cause: Cause;
      readonly subjects: readonly string[];
      readonly reason: SuppressReason;
    }
  /** Nothing will be shown about it. */
  | {
      readonly do: 'drop';
      readonly cause: Cause;
      readonly subjects: readonly string[];
      readonly reason: SuppressReason;
    }
  /** It is over, and news when it begins again. */
  | { readonly do: 'forget'; readonly cause: Cause; readonly subjects: readonly string[] }
  /** There may be more to say then. */
  | { readonly do: 'wait'; readonly untilMs: number };

/** What one cause wants. Pure. */
export type Provider = (
  facts: Facts,
  preferences: NotificationPreferences,
  history: History,
) => readonly Decision[];
