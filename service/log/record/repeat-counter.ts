import type { Count } from '../../storage/repositories/counts';
import type { Writer } from '../../storage/writer';
import type { CountedRow } from './aggregate';
import { partsOf } from '../parts';

/** The rows whose repeats are counted in memory and are not on disk yet. */
export class RepeatCounter {
  readonly #rows = new Set<CountedRow>();

  get size(): number {
    return this.#rows.size;
  }

  add(row: CountedRow): void {
    this.#rows.add(row);
  }

  delete(row: CountedRow): void {
    this.#rows.delete(row);
  }

  /** Writes all repeats in several transactions. A row that is not on disk itself keeps its repeats for the next flush. */
  async flush(writer: Writer): Promise<void> {
    const rows = [...this.#rows].filter(({ attemptId }) => attemptId !== undefined);
    for (const part of partsOf(rows)) await this.#write(writer, part);
  }

  /** Counts are taken before the write and given back if it fails, so that none is lost or written twice. */
  async #write(writer: Writer, rows: readonly CountedRow[]): Promise<void> {
    const taken = rows.map((row) => ({ row, by: row.repeats, lastAt: row.lastAt }));
    for (const row of rows) {
      row.repeats = 0;
      this.#rows.delete(row);
    }
    try {
      await writer.write(async (write) => {
        const attempts: Count[] = [];
        const reviews = new Map<string, Count>();
        for (const { row, by, lastAt } of taken) {
          const { accountId, attemptId, reviewId } = row;
          if (attemptId === undefined || by === 0) continue;
          attempts.push({ accountId, id: attemptId, by, lastAt, seq: await write.nextSeq(accountId) });
          if (reviewId === null) continue;
          // Two rows can share one review, which one statement can update only once.
          const other = reviews.get(reviewId);
          reviews.set(reviewId, {
            accountId,
            id: reviewId,
            by: by + (other?.by ?? 0),
            lastAt: Math.max(lastAt, other?.lastAt ?? 0),
            seq: other?.seq ?? (await write.nextSeq(accountId)),
          });
        }
        await write.tx.counts.attempts(attempts);
        await write.tx.counts.reviews([...reviews.values()]);
      }, 'later');
    } catch (error) {
      for (const { row, by } of taken) {
        row.repeats += by;
        this.#rows.add(row);
      }
      throw error;
    }
  }
}
