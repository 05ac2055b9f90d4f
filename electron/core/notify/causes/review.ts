import type { Review } from '#shared/domain/entities';
import type { NotificationPreferences } from '#shared/ipc/notifications';
import type { Facts } from '../facts';
import { reviewNotificationId, SUMMARY_ID } from '../notification-id';
import type { Decision, History, SuppressReason, WithdrawReason } from '../decision';
import { HIDDEN_TITLE, reviewAnnouncement, type ReviewStyle, summaryAnnouncement } from '../review-words';
import { updateInPlace } from './update-in-place';

/** More open notifications than this become one summary. */
export const MOST_OPEN = 5;
/** A summary that was put away is shown again at most this often, however many reviews arrive. */
export const SUMMARY_INTERVAL_MS = 5_000;
/** A summary on the screen grows at most this often. */
export const SUMMARY_GROWTH_INTERVAL_MS = 150;
/** The notification of a review with further calls changes at most this often. */
export const UPDATE_INTERVAL_MS = 30_000;

/** Reviews to announce: new ones, and those that were held back until now. */
interface Asked {
  readonly fresh: readonly Review[];
  readonly released: readonly Review[];
}

/**
 * A call from an unknown address was blocked. Each review has one notification and is announced once. One summary stands for all
 * if more than {@link MOST_OPEN} would be open, counting those that the desktop dropped, and for what was held back and is still
 * pending when quiet ends (docs/behaviour.md 8.3.3, 8.3.5).
 */
export function decideReviews(
  facts: Facts,
  preferences: NotificationPreferences,
  history: History,
): readonly Decision[] {
  const { pending, fresh, released, leftBehind } = facts.reviews;
  const [freshOnes, releasedOnes] = [[...fresh.values()], [...released.values()]];
  if (!preferences.enabled || !preferences.causes.question) {
    return [
      ...withdraw([...history.shownReviews], 'off'),
      ...withdrawSummary(history, 'off'),
      ...hold('off', [...freshOnes, ...releasedOnes]),
    ];
  }
  const [stillOpen, answered] = partition([...history.shownReviews], (id) => pending.has(id));
  const gone = [
    ...withdraw([...answered, ...leftBehind], 'answered'),
    ...(history.summary?.left === 0 ? withdrawSummary(history, 'answered') : []),
  ];
  // Notifications on the screen stay as they are during quiet.
  if (facts.quiet !== null) return [...gone, ...hold(facts.quiet, [...freshOnes, ...releasedOnes])];

  const isMuted = ({ keyId }: Review): boolean => facts.mutedKeyIds.has(keyId);
  const [mutedFresh, wantedFresh] = partition(freshOnes, isMuted);
  const [mutedReleased, wantedReleased] = partition(releasedOnes, isMuted);
  const asked: Asked = { fresh: wantedFresh, released: wantedReleased };
  return [
    ...gone,
    ...hold('muted', [...mutedFresh, ...mutedReleased]),
    ...announce(facts, history, stillOpen, asked, styleOf(facts, preferences)),
  ];
}

function announce(
  facts: Facts,
  history: History,
  stillOpen: readonly string[],
  asked: Asked,
  style: ReviewStyle,
): readonly Decision[] {
  const all = [...asked.released, ...asked.fresh];
  const inSummary = history.summary?.left ?? 0;
  const unseen = [...facts.reviews.unseen];
  const isBurst = all.length > 0 && stillOpen.length + unseen.length + inSummary + all.length > MOST_OPEN;
  if (isBurst || asked.released.length > 1) {
    const intervalMs = history.summary === null ? SUMMARY_INTERVAL_MS : SUMMARY_GROWTH_INTERVAL_MS;
    const untilMs = (history.summarisedAtMs ?? -Infinity) + intervalMs;
    if (facts.nowMs >= untilMs) return summarise(history, isBurst ? { stillOpen, unseen } : NONE, asked);
    return [{ do: 'wait', untilMs }, ...update(facts, history, stillOpen, style)];
  }
  return [...all.map((review) => showOne(review, style)), ...update(facts, history, stillOpen, style)];
}

const styleOf = (
  { mayAnswer, hidesDetails }: Facts,
  { quickSeconds }: NotificationPreferences,
): ReviewStyle => ({ mayAnswer, quickSeconds, hidesDetails });

/** The reviews that a summary takes in: those on the screen, and those that the desktop dropped. */
interface TakenIn {
  readonly stillOpen: readonly string[];
  readonly unseen: readonly string[];
}
const NONE: TakenIn = { stillOpen: [], unseen: [] };

function summarise(history: History, { stillOpen, unseen }: TakenIn, asked: Asked): readonly Decision[] {
  const takenIn = [...stillOpen, ...unseen];
  const inSummary = history.summary?.left ?? 0;
  const isOnlyPause = inSummary === 0 || history.summary?.kind === 'paused';
  const kind = isOnlyPause && takenIn.length + asked.fresh.length === 0 ? 'paused' : 'burst';
  const all = [...asked.released, ...asked.fresh];
  return [
    ...withdraw(stillOpen, 'summarised'),
    {
      do: 'summarise',
      kind,
      announcement: summaryAnnouncement(kind, inSummary + takenIn.length + all.length),
      fresh: all.map(({ id }) => id),
      takenIn,
    },
  ];
}

const showOne = (review: Review, style: ReviewStyle): Decision => ({
  do: 'show',
  id: reviewNotificationId(review.id),
  cause: 'question',
  announcement: reviewAnnouncement(review, style),
  subjects: [review.id],
  count: 1,
});

/** Brings the notifications on the screen up to date. */
function update(
  facts: Facts,
  history: History,
  stillOpen: readonly string[],
  style: ReviewStyle,
): readonly Decision[] {
  const { pending } = facts.reviews;
  const singles = stillOpen.flatMap((reviewId) => {
    const review = pending.get(reviewId);
    if (review === undefined) return [];
    const id = reviewNotificationId(reviewId);
    const isHidden = history.onScreen.get(id)?.announcement.title === HIDDEN_TITLE;
    return updateInPlace(facts, history, {
      id,
      announcement: reviewAnnouncement(review, style),
      count: 1,
      // Details are hidden at once when the screen is locked.
      intervalMs: isHidden === style.hidesDetails ? UPDATE_INTERVAL_MS : 0,
    });
  });
  const { summary } = history;
  if (summary === null || summary.left === 0) return singles;
  const changedSummary = updateInPlace(facts, history, {
    id: SUMMARY_ID,
    announcement: summaryAnnouncement(summary.kind, summary.left),
    count: summary.left,
    intervalMs: SUMMARY_INTERVAL_MS,
  });
  return [...singles, ...changedSummary];
}

const withdraw = (reviewIds: readonly string[], reason: WithdrawReason): readonly Decision[] =>
  reviewIds.map((reviewId) => ({ do: 'withdraw', id: reviewNotificationId(reviewId), reason }));

const withdrawSummary = ({ summary }: History, reason: WithdrawReason): readonly Decision[] =>
  summary === null ? [] : [{ do: 'withdraw', id: SUMMARY_ID, reason }];

const hold = (reason: SuppressReason, reviews: readonly Review[]): readonly Decision[] =>
  reviews.length === 0
    ? []
    : [{ do: 'hold', cause: 'question', subjects: reviews.map(({ id }) => id), reason }];

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [T[], T[]] {
  const parts: readonly [T[], T[]] = [[], []];
  for (const item of items) parts[isFirst(item) ? 0 : 1].push(item);
  return parts;
}
