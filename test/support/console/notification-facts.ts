import { MINUTE_MS } from '#shared/durations';
import type { Review } from '#shared/domain/entities';
import { defaultNotificationPreferences, type NotificationPreferences } from '#shared/ipc/notifications';
import type { Facts } from '#electron/core/notify/facts';
import { reviewNotificationId } from '#electron/core/notify/notification-id';
import type { Decision, History, OnScreen } from '#electron/core/notify/decision';
import { decide } from '#electron/core/notify/policy';
import { reviewAnnouncement } from '#electron/core/notify/review-words';

/** The policy's input; a test names only what matters to it. */

export const STYLE = {
  mayAnswer: true,
  quickSeconds: 3_600,
  hidesDetails: false,
  isReporting: () => false,
} as const;

export const NOW_MS = Date.UTC(2026, 0, 15, 12);

function byId(reviews: readonly Review[]): ReadonlyMap<string, Review> {
  return new Map(reviews.map((review) => [review.id, review]));
}

export interface ReviewsWorld {
  /** Reviews that were announced before. */
  readonly announced?: readonly Review[];
  readonly fresh?: readonly Review[];
  readonly released?: readonly Review[];
  readonly unseen?: readonly Review[];
  readonly leftBehind?: readonly string[];
}

export function reviewFacts({
  announced = [],
  fresh = [],
  released = [],
  unseen = [],
  leftBehind = [],
}: ReviewsWorld): Facts['reviews'] {
  return {
    pending: byId([...announced, ...fresh, ...released, ...unseen]),
    fresh: byId(fresh),
    released: byId(released),
    unseen: new Set(unseen.map(({ id }) => id)),
    leftBehind: new Set(leftBehind),
  };
}

export function makeFacts(facts: Partial<Facts> = {}): Facts {
  return {
    nowMs: NOW_MS,
    quiet: null,
    nextQuietChangeMs: Infinity,
    mutedKeyIds: new Set(),
    isReporting: () => false,
    hidesDetails: false,
    mayAnswer: true,
    serviceName: 'gate.example',
    reviews: reviewFacts({}),
    isOnline: true,
    outage: null,
    serviceState: { state: 'ready', why: null },
    signedOut: null,
    undecidedIds: [],
    sources: [],
    mode: 'manual',
    modeChanges: [],
    learning: null,
    grants: [],
    ...facts,
  };
}

export interface Said {
  /** The reviews whose own notification is on the screen. */
  readonly open?: readonly Review[];
  readonly onScreen?: ReadonlyMap<string, OnScreen>;
  readonly summary?: History['summary'];
  readonly summarisedAtMs?: number | null;
  /** `cause subject` of the announced ones, and of the held ones. */
  readonly announced?: readonly string[];
  readonly held?: readonly string[];
}

/** The screen with a review's notification on it, as it was shown a minute ago. */
function screenOf(reviews: readonly Review[]): readonly (readonly [string, OnScreen])[] {
  return reviews.map((review) => [
    reviewNotificationId(review.id),
    { announcement: reviewAnnouncement(review, STYLE), count: 1, shownAtMs: NOW_MS - MINUTE_MS },
  ]);
}

export function makeHistory(said: Said = {}): History {
  return {
    onScreen: new Map([...(said.onScreen ?? []), ...screenOf(said.open ?? [])]),
    summary: said.summary ?? null,
    summarisedAtMs: said.summarisedAtMs ?? null,
    wasAnnounced: (cause, subject) => said.announced?.includes(`${cause} ${subject}`) ?? false,
    isHeld: (cause, subject) => said.held?.includes(`${cause} ${subject}`) ?? false,
  };
}

export function decided(
  facts: Partial<Facts>,
  said: Said = {},
  preferences: Partial<NotificationPreferences> = {},
): readonly Decision[] {
  return decide({
    facts: makeFacts(facts),
    preferences: { ...defaultNotificationPreferences, ...preferences },
    history: makeHistory(said),
  });
}

/** Returns decisions in short: `show review-1`. */
export function inShort(decisions: readonly Decision[]): readonly string[] {
  return decisions.map((decision) => {
    switch (decision.do) {
      case 'show':
      case 'update':
        return `${decision.do} ${decision.id}`;
      case 'withdraw':
        return `withdraw ${decision.id} ${decision.reason}`;
      case 'summarise':
        return `summarise ${decision.kind} ${decision.fresh.length}`;
      case 'hold':
      case 'drop':
        return `${decision.do} ${decision.cause} ${decision.subjects.join(',')} ${decision.reason}`;
      case 'forget':
        return `forget ${decision.cause} ${decision.subjects.join(',')}`;
      case 'wait':
        return `wait ${decision.untilMs - NOW_MS}`;
    }
  });
}
