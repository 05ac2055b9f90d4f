import type { ReviewCaller } from '#shared/domain/entities';
import { together } from '#shared/async/together';
import type { Proposal } from '#shared/domain/proposal';
import { reviewSubject } from '#shared/domain/review-subject';
import { MAX_OPEN_REVIEWS } from '../../policy/policy';
import { writeFingerprints } from '../../trust/fingerprint';
import { writeSightings } from '../../trust/sighting';
import type { AttemptRow } from '../../storage/repositories/attempts';
import type { FingerprintRow } from '../../storage/repositories/fingerprints';
import type { ReviewRow } from '../../storage/repositories/reviews';
import type { SightingRow } from '../../storage/repositories/sightings';
import type { WriteContext } from '../../storage/writer';
import type { AttemptFacts } from '../../gate/call-log';
import { callerOf, latestCallers, ReviewCalls } from './review-calls';

/** Called for each new review within the write that opens it. */
export type OnReviewOpened = (write: WriteContext, review: ReviewRow) => Promise<void>;

function subjectOf({ keyId, ip }: Pick<AttemptFacts, 'keyId' | 'ip'>): string {
  return `${keyId} ${reviewSubject(ip)}`;
}

/** A review that this write opens, and its calls so far. */
interface NewReview {
  readonly row: ReviewRow;
  readonly propose: () => Promise<Proposal | null>;
  count: number;
  lastAt: number;
  callers: readonly ReviewCaller[];
  readonly ips: Set<string>;
}

/** The rows of one write of the queue, which are inserted together. */
export class FirstSeenRows {
  readonly #write: WriteContext;
  /** New reviews by key and address (IPv6: /64), because memory learns of them only after the commit. */
  readonly #opened = new Map<string, NewReview>();
  /** The number of new reviews of each key. */
  readonly #openedOf = new Map<string, number>();
  readonly #overflow = new Map<string, NewReview>();
  readonly #calls = new ReviewCalls();
  readonly #attempts: AttemptRow[] = [];
  readonly #sightings: SightingRow[] = [];
  readonly #fingerprints: FingerprintRow[] = [];

  constructor(write: WriteContext) {
    this.#write = write;
  }

  addAttempt(row: AttemptRow): void {
    this.#attempts.push(row);
  }

  addSighting(row: SightingRow): void {
    this.#sightings.push(row);
  }

  addFingerprint(row: FingerprintRow): void {
    this.#fingerprints.push(row);
  }

  /** Returns the number of open reviews of the key, including those of this write. */
  openReviews({ policy, keyId }: AttemptFacts): number {
    return policy.openReviews(keyId) + (this.#openedOf.get(keyId) ?? 0);
  }

  /** Returns true if the key has, stored or in this write, the last review that counts all further addresses. */
  hasOverflowReview({ policy, keyId }: AttemptFacts): boolean {
    return policy.overflowReview(keyId) !== undefined || this.#overflow.has(keyId);
  }

  /** `propose` is called when the rows are inserted, so that the questions of all reviews travel together. */
  addReview(row: ReviewRow, facts: AttemptFacts, propose: NewReview['propose']): void {
    const opened = { row, propose, count: 0, lastAt: row.first_at, callers: [], ips: new Set<string>() };
    this.#opened.set(subjectOf(facts), opened);
    this.#openedOf.set(facts.keyId, (this.#openedOf.get(facts.keyId) ?? 0) + 1);
    if (row.overflow === 1) this.#overflow.set(facts.keyId, opened);
    this.#count(opened, facts, row.first_at);
  }

  /** Counts the call towards its review. Returns the review's id, or undefined if there is none. */
  countTowards(facts: AttemptFacts, at: number): string | undefined {
    const { policy, ip, keyId } = facts;
    const active = policy.activeReview(ip, keyId);
    const isFull = this.openReviews(facts) >= MAX_OPEN_REVIEWS;
    const opened = this.#opened.get(subjectOf(facts)) ?? (isFull ? this.#overflow.get(keyId) : undefined);
    if (active === undefined && opened !== undefined) {
      this.#count(opened, facts, at);
      return opened.row.id;
    }
    const counting = active ?? (isFull ? policy.overflowReview(keyId) : undefined);
    if (counting !== undefined) this.#calls.addFirstSeen(counting.id, facts, at);
    return counting?.id;
  }

  #count(review: NewReview, facts: AttemptFacts, at: number): void {
    review.count += 1;
    review.lastAt = Math.max(review.lastAt, at);
    review.callers = latestCallers([callerOf(facts.ip, facts, at)], review.callers);
    review.ips.add(facts.ip);
  }

  /** Counts the calls of stored reviews. It comes before `insert`, because the stored attempts say which addresses are new. */
  countCalls(): Promise<void> {
    return this.#calls.write(this.#write);
  }

  /** Inserts all rows, with a few statements for the whole batch. */
  async insert(onReviewOpened: OnReviewOpened): Promise<void> {
    await together([
      this.#insertReviews(onReviewOpened),
      this.#write.tx.attempts.insertAll(this.#attempts),
      writeSightings(this.#write, this.#sightings),
      writeFingerprints(this.#write, this.#fingerprints),
    ]);
  }

  async #insertReviews(onReviewOpened: OnReviewOpened): Promise<void> {
    const opened = [...this.#opened.values()];
    const proposals = await together(
      opened.map(async ({ propose }) => {
        const proposal = await propose();
        return proposal === null ? null : JSON.stringify(proposal);
      }),
    );
    const reviews = opened.map(({ row, count, lastAt, callers, ips }, n) => ({
      ...row,
      count,
      last_at: lastAt,
      address_count: ips.size,
      callers: JSON.stringify(callers),
      proposal: proposals[n] ?? null,
    }));
    await this.#write.tx.reviews.insertAll(reviews);
    await together(reviews.map((review) => onReviewOpened(this.#write, review)));
  }
}
