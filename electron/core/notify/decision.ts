import type { Cause, NotificationPreferences, Quiet } from '#shared/ipc/notifications';
import type { Announcement } from '../ports';
import type { Facts } from './facts';

export interface OnScreen {
  readonly announcement: Announcement;
  /** The number of subjects that it covers. */
  readonly count: number;
  /** The time at which it was last shown or changed, in milliseconds since the epoch. */
  readonly shownAtMs: number;
}

/** The one notification that stands for many reviews. */
export interface Summary {
  /** `paused` tells what happened during quiet, `burst` that many reviews are open. */
  readonly kind: 'burst' | 'paused';
  /** The number of its reviews that are still pending. */
  readonly left: number;
}

/** The announcements so far. */
export interface History {
  /** Notifications by the ids of the presenter. */
  readonly onScreen: ReadonlyMap<string, OnScreen>;
  readonly summary: Summary | null;
  /** The time of the last summary, even if it is gone since, in milliseconds since the epoch. */
  readonly summarisedAtMs: number | null;
  /** Returns true if the subject needs no announcement any more; kept over restarts. */
  wasAnnounced(cause: Cause, subject: string): boolean;
  /** Returns true if the subject was held back; kept over restarts. */
  isHeld(cause: Cause, subject: string): boolean;
}

export type SuppressReason = Quiet['reason'] | 'muted' | 'overtaken';
export type WithdrawReason = 'answered' | 'summarised' | 'over' | 'off';

export type Decision =
  /** Shows a notification, or replaces the one with this id. Its subjects need no announcement from then on. */
  | {
      readonly do: 'show';
      readonly id: string;
      readonly cause: Cause;
      readonly announcement: Announcement;
      readonly subjects: readonly string[];
      readonly count: number;
    }
  /** Shows one notification for many reviews: new ones, and those that it takes in from the screen. */
  | {
      readonly do: 'summarise';
      readonly kind: Summary['kind'];
      readonly announcement: Announcement;
      readonly fresh: readonly string[];
      readonly takenIn: readonly string[];
    }
  /** Changes a notification on the screen without drawing attention. */
  | {
      readonly do: 'update';
      readonly id: string;
      readonly announcement: Announcement;
      readonly count: number;
    }
  | { readonly do: 'withdraw'; readonly id: string; readonly reason: WithdrawReason }
  /** `hold`: the subjects are announced later if they are still the case then. `drop`: they are never announced. */
  | {
      readonly do: 'hold' | 'drop';
      readonly cause: Cause;
      readonly subjects: readonly string[];
      readonly reason: SuppressReason;
    }
  /** Ends the subjects, so that they are announced when they begin again. */
  | { readonly do: 'forget'; readonly cause: Cause; readonly subjects: readonly string[] }
  /** Evaluates again then. */
  | { readonly do: 'wait'; readonly untilMs: number };

/** The input of the policy. */
export interface Situation {
  readonly facts: Facts;
  readonly preferences: NotificationPreferences;
  readonly history: History;
}

/** Returns the decisions of one cause. Pure. */
export type Provider = (situation: Situation) => readonly Decision[];

export function isOff(cause: Cause, { enabled, causes }: NotificationPreferences): boolean {
  return !enabled || !causes[cause];
}
