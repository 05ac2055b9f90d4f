import { MAX_REVIEW_CALLERS, type ReviewCaller } from '#shared/domain/entities';
import { isoTime } from '../../runtime/clock';
import type { ReviewCount } from '../../storage/repositories/counts';
import { callersOf } from '../../storage/repositories/reviews';
import type { WriteContext } from '../../storage/writer';
import type { AttemptFacts } from '../../gate/call-log';

/** Returns a call in the form in which a review lists its callers. */
export function callerOf(
  ip: string,
  { userAgent, method, path }: Omit<ReviewCaller, 'ip' | 'at'>,
  at: number,
): ReviewCaller {
  return { ip, userAgent, method, path, at: isoTime(at) };
}

/** Returns the latest callers of both lists, each address once; `newer` has the later calls. */
export function latestCallers(
  newer: readonly ReviewCaller[],
  older: readonly ReviewCaller[],
): readonly ReviewCaller[] {
  const others = older.filter(({ ip }) => !newer.some((caller) => caller.ip === ip));
  return [...newer, ...others].slice(0, MAX_REVIEW_CALLERS);
}

interface CountedReview {
  readonly accountId: string;
  readonly id: string;
  by: number;
  lastAt: number;
  /** Addresses that are certainly new to the review; in a flood an estimate, with fractions. */
  addresses: number;
  /** Addresses that may be new to the review, which `write` finds out from the log. The values are their sortable forms. */
  readonly asked: Map<string, string>;
  callers: readonly ReviewCaller[];
}

/** Calls that existing reviews count, gathered so that a few statements write them all. */
export class ReviewCalls {
  readonly #reviews = new Map<string, CountedReview>();

  add(id: string, accountId: string, caller: ReviewCaller, at: number, newAddresses: number): void {
    const review = this.#count(id, accountId, caller, at);
    review.addresses += newAddresses;
  }

  /** Counts a call whose address may be new to the review. */
  addFirstSeen(id: string, facts: AttemptFacts, at: number): void {
    const review = this.#count(id, facts.policy.id, callerOf(facts.ip, facts, at), at);
    review.asked.set(facts.ip, facts.ipSort);
  }

  #count(id: string, accountId: string, caller: ReviewCaller, at: number): CountedReview {
    let review = this.#reviews.get(id);
    if (review === undefined) {
      review = {
        accountId,
        id,
        by: 0,
        lastAt: at,
        addresses: 0,
        asked: new Map<string, string>(),
        callers: [],
      };
      this.#reviews.set(id, review);
    }
    review.by += 1;
    review.lastAt = Math.max(review.lastAt, at);
    review.callers = latestCallers([caller], review.callers);
    return review;
  }

  get isEmpty(): boolean {
    return this.#reviews.size === 0;
  }

  /** Merges counts that could not be written. Their calls came before those here. */
  addOlder(others: ReviewCalls): void {
    for (const [id, other] of others.#reviews) {
      const review = this.#reviews.get(id);
      if (review === undefined) {
        this.#reviews.set(id, other);
        continue;
      }
      review.by += other.by;
      review.lastAt = Math.max(review.lastAt, other.lastAt);
      review.addresses += other.addresses;
      for (const [ip, ipSort] of other.asked) review.asked.set(ip, ipSort);
      review.callers = latestCallers(review.callers, other.callers);
    }
  }

  async write(write: WriteContext): Promise<void> {
    const reviews = [...this.#reviews.values()];
    if (reviews.length === 0) return;
    const { tx, nextSeq } = write;
    const rows = await tx.reviews.callers(reviews.map(({ id }) => id));
    const stored = new Map(rows.map((row) => [row.id, { ip: row.ip, callers: callersOf(row) }]));
    const asked = reviews.flatMap(({ accountId, id, asked: addresses }) => {
      const known = stored.get(id);
      return [...addresses]
        .filter(([ip]) => ip !== known?.ip && known?.callers.every((caller) => caller.ip !== ip) === true)
        .map(([, ipSort]) => ({ accountId, reviewId: id, ipSort }));
    });
    const seen = new Set(
      (await tx.attempts.countedAlready(asked)).map((row) => `${row.review_id} ${row.ip_sort}`),
    );
    const counts: ReviewCount[] = [];
    for (const { accountId, id, by, lastAt, addresses, callers } of reviews) {
      const unseen = asked.filter((each) => each.reviewId === id && !seen.has(`${id} ${each.ipSort}`)).length;
      counts.push({
        accountId,
        id,
        by,
        lastAt,
        addresses: Math.round(addresses) + unseen,
        callers: JSON.stringify(latestCallers(callers, stored.get(id)?.callers ?? [])),
        seq: await nextSeq(accountId),
      });
    }
    await tx.counts.reviews(counts);
  }
}
