import { writeSightings } from '../account/sighting';
import type { AttemptRow } from '../storage/repositories/attempts';
import type { Count } from '../storage/repositories/counts';
import type { ReviewRow } from '../storage/repositories/reviews';
import type { SightingRow } from '../storage/repositories/sightings';
import type { WriteContext } from '../storage/writer';
import type { AttemptFacts } from './attempt-facts';

/** Told of each new question, within the write that asks it. */
export type OnReviewOpened = (write: WriteContext, review: ReviewRow) => Promise<void>;

const questionOf = (accountId: string, keyId: string, ip: string): string => `${accountId} ${keyId} ${ip}`;

/** The rows of the first sights of one write, which reach the disk together. */
export class FirstSightRows {
  readonly #write: WriteContext;
  /** By account, key and address: memory learns of new questions only after the commit. */
  readonly #questions = new Map<string, ReviewRow>();
  readonly #raised = new Map<string, Omit<Count, 'seq'>>();
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

  addQuestion(row: ReviewRow): void {
    this.#questions.set(questionOf(row.account_id, row.key_id, row.ip), row);
  }

  /** Counts the call towards a question of this write. Answers which one that is, if there is one. */
  countTowardsNew({ policy, keyId, ip }: AttemptFacts, at: number): string | undefined {
    const question = questionOf(policy.id, keyId, ip);
    const row = this.#questions.get(question);
    if (row === undefined) return undefined;
    this.#questions.set(question, { ...row, count: row.count + 1, last_at: Math.max(row.last_at, at) });
    return row.id;
  }

  /** Counts the call towards a question that was there before. */
  countTowards(accountId: string, id: string, at: number): void {
    const other = this.#raised.get(id);
    const by = (other?.by ?? 0) + 1;
    this.#raised.set(id, { accountId, id, by, lastAt: Math.max(at, other?.lastAt ?? 0) });
  }

  /** Writes what was gathered: some statements in all, not some for each sight. */
  async write(onReviewOpened: OnReviewOpened): Promise<void> {
    const { tx, nextSeq } = this.#write;
    const questions = [...this.#questions.values()];
    await tx.reviews.insertAll(questions);
    for (const review of questions) await onReviewOpened(this.#write, review);
    const raised: Count[] = [];
    for (const count of this.#raised.values()) {
      raised.push({ ...count, seq: await nextSeq(count.accountId) });
    }
    await tx.counts.reviews(raised);
    await tx.attempts.insertAll(this.#attempts);
    await writeSightings(this.#write, this.#sightings);
  }
}
