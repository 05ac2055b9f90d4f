import type { ReviewCaller } from '#shared/domain/entities';
import { reviewSubject } from '#shared/domain/review-subject';
import { MAX_OPEN_REVIEWS } from '../../policy/policy';
import { writeSightings } from '../../trust/sighting';
import type { AttemptRow } from '../../storage/repositories/attempts';
import type { ReviewRow } from '../../storage/repositories/reviews';
import type { SightingRow } from '../../storage/repositories/sightings';
import type { WriteContext } from '../../storage/writer';
import type { AttemptFacts } from '../../gate/call-log';
import { callerOf, latestCallers, ReviewCalls } from './review-calls';

/** Told of each new question, within the write that asks it. */
export type OnReviewOpened = (write: WriteContext, review: ReviewRow) => Promise<void>;

const subjectOf = ({ keyId, ip }: Pick<AttemptFacts, 'keyId' | 'ip'>): string =>
  `${keyId} ${reviewSubject(ip)}`;

/** A review that is opened by this write, with the calls of it that it counts. */
interface NewReview {
  readonly row: ReviewRow;
  count: number;
  lastAt: number;
  callers: readonly ReviewCaller[];
  readonly ips: Set<string>;
}

/** The rows of the first sights of one write, which reach the disk together. */
export class FirstSeenRows {
  readonly #write: WriteContext;
  /** By key and address, or its /64: memory learns of new reviews only after the commit. */
  readonly #opened = new Map<string, NewReview>();
  /** By key: how many were opened, and which of them counts the rest. */
  readonly #openedOf = new Map<string, number>();
  readonly #overflow = new Map<string, NewReview>();
  readonly #calls = new ReviewCalls();
  readonly #attempts: AttemptRow[] = [];
  readonly #sightings: SightingRow[] = [];

  constructor(write: WriteContext) {
    this.#write = write;
  }

  addAttempt(row: AttemptRow): void {
    this.#attempts.push(row);
  }

  addSighting(row: SightingRow): void {
    this.#sightings.push(row);
  }

  /** How many open reviews the key has with those of this write. */
  openReviews({ policy, keyId }: AttemptFacts): number {
    return policy.openReviews(keyId) + (this.#openedOf.get(keyId) ?? 0);
  }

  /** Whether one of the key's open reviews, with those of this write, counts the rest. */
  hasOverflowReview({ policy, keyId }: AttemptFacts): boolean {
    return policy.overflowReview(keyId) !== undefined || this.#overflow.has(keyId);
  }

  addReview(row: ReviewRow, facts: AttemptFacts): void {
    const opened = { row, count: 0, lastAt: row.first_at, callers: [], ips: new Set<string>() };
    this.#opened.set(subjectOf(facts), opened);
    this.#openedOf.set(facts.keyId, (this.#openedOf.get(facts.keyId) ?? 0) + 1);
    if (row.overflow === 1) this.#overflow.set(facts.keyId, opened);
    this.#count(opened, facts, row.first_at);
  }

  /** Counts the call towards the review of it, if there is one. Answers which one that is. */
  countTowards(facts: AttemptFacts, at: number): string | undefined {
    const { policy, ip, keyId } = facts;
    const standing = policy.activeReview(ip, keyId);
    const isFull = this.openReviews(facts) >= MAX_OPEN_REVIEWS;
    const opened = this.#opened.get(subjectOf(facts)) ?? (isFull ? this.#overflow.get(keyId) : undefined);
    if (standing === undefined && opened !== undefined) {
      this.#count(opened, facts, at);
      return opened.row.id;
    }
    const counting = standing ?? (isFull ? policy.overflowReview(keyId) : undefined);
    if (counting !== undefined) this.#calls.addFirstSight(counting.id, facts, at);
    return counting?.id;
  }

  #count(review: NewReview, facts: AttemptFacts, at: number): void {
    review.count += 1;
    review.lastAt = Math.max(review.lastAt, at);
    review.callers = latestCallers([callerOf(facts.ip, facts, at)], review.callers);
    review.ips.add(facts.ip);
  }

  /** Writes what was gathered: some statements in all, not some for each sight. */
  async write(onReviewOpened: OnReviewOpened): Promise<void> {
    const { tx } = this.#write;
    const reviews = [...this.#opened.values()].map(({ row, count, lastAt, callers, ips }) => ({
      ...row,
      count,
      last_at: lastAt,
      address_count: ips.size,
      callers: JSON.stringify(callers),
    }));
    await tx.reviews.insertAll(reviews);
    for (const review of reviews) await onReviewOpened(this.#write, review);
    // Before the attempts, which tell the addresses that were counted before.
    await this.#calls.write(this.#write);
    await tx.attempts.insertAll(this.#attempts);
    await writeSightings(this.#write, this.#sightings);
  }
}
