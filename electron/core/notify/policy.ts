import type { Review } from '#shared/domain/entities';

/** More open notifications than this become one summary. */
export const MOST_OPEN = 5;
/** A summary is told anew at most this often, however many questions arrive. */
export const SUMMARY_INTERVAL_MS = 5_000;

/** What is the case. */
export interface Facts {
  readonly nowMs: number;
  /** The questions as the mirror has them. */
  readonly reviews: readonly Review[];
}

export interface Preferences {
  readonly enabled: boolean;
}

/** What was said already. */
export interface History {
  /** Questions that are never announced (again); kept over restarts. */
  readonly announced: ReadonlySet<string>;
  /** Questions whose own notification is on the screen. */
  readonly open: ReadonlySet<string>;
  /** The questions that the summary on the screen stands for; null when there is none. */
  readonly summarised: ReadonlySet<string> | null;
  /** When a summary was last told, also if it is gone since. */
  readonly summarisedAtMs: number | null;
}

export type Decision =
  | { readonly do: 'show'; readonly review: Review }
  | {
      readonly do: 'withdraw';
      readonly reviewId: string;
      readonly reason: 'answered' | 'summarised' | 'disabled';
    }
  /** `reviewIds` are all that the summary stands for; `fresh` those that were not announced before. */
  | { readonly do: 'summarise'; readonly reviewIds: readonly string[]; readonly fresh: readonly string[] }
  | { readonly do: 'withdraw-summary'; readonly reason: 'answered' | 'disabled' }
  /** There is more to say, later. */
  | { readonly do: 'wait'; readonly delayMs: number };

/** Whether the question is about an address that the lists do not know, which is what this cause announces. */
const isAskedAbout = (review: Review): boolean =>
  review.status === 'pending' && (review.reason === 'unknown' || review.reason === 'untrusted');

/**
 * What to show and what to take back. One notification per question, each announced once; when more than
 * {@link MOST_OPEN} would be open, one summary stands for all of them.
 */
export function decide(facts: Facts, preferences: Preferences, history: History): readonly Decision[] {
  if (!preferences.enabled) return withdrawAll(history);
  const pending = new Map(facts.reviews.filter(isAskedAbout).map((review) => [review.id, review]));
  const decisions: Decision[] = [];

  const stillOpen: string[] = [];
  for (const reviewId of history.open) {
    if (pending.has(reviewId)) stillOpen.push(reviewId);
    else decisions.push({ do: 'withdraw', reviewId, reason: 'answered' });
  }
  const stillSummarised = [...(history.summarised ?? [])].filter((id) => pending.has(id));
  const fresh = [...pending.values()].filter((review) => !history.announced.has(review.id));

  if (fresh.length > 0 && stillOpen.length + stillSummarised.length + fresh.length > MOST_OPEN) {
    return [...decisions, ...summarise(facts.nowMs, history, stillOpen, stillSummarised, fresh)];
  }
  for (const review of fresh) decisions.push({ do: 'show', review });
  if (history.summarised !== null && stillSummarised.length === 0) {
    decisions.push({ do: 'withdraw-summary', reason: 'answered' });
  }
  return decisions;
}

function summarise(
  nowMs: number,
  { summarisedAtMs }: History,
  stillOpen: readonly string[],
  stillSummarised: readonly string[],
  fresh: readonly Review[],
): readonly Decision[] {
  const delayMs = summarisedAtMs === null ? 0 : summarisedAtMs + SUMMARY_INTERVAL_MS - nowMs;
  if (delayMs > 0) return [{ do: 'wait', delayMs }];
  const freshIds = fresh.map((review) => review.id);
  return [
    ...stillOpen.map((reviewId): Decision => ({ do: 'withdraw', reviewId, reason: 'summarised' })),
    { do: 'summarise', reviewIds: [...stillSummarised, ...stillOpen, ...freshIds], fresh: freshIds },
  ];
}

function withdrawAll({ open, summarised }: History): readonly Decision[] {
  const decisions: Decision[] = [...open].map((reviewId) => ({
    do: 'withdraw',
    reviewId,
    reason: 'disabled',
  }));
  return summarised === null ? decisions : [...decisions, { do: 'withdraw-summary', reason: 'disabled' }];
}
