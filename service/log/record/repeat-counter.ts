import type { Count } from '../../storage/repositories/counts';
import type { WriteContext, Writer } from '../../storage/writer';
import type { SpooledRepeat } from './spool-entry';
import type { Spool } from '../../storage/spool';
import type { CountedRow } from './aggregate';
import { partsOf } from '../parts';

interface RepeatStores {
  readonly writer: Writer;
  readonly spool?: Pick<Spool, 'append'> | undefined;
}

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
  async flush({ writer, spool }: RepeatStores): Promise<void> {
    const rows = [...this.#rows].filter(({ attemptId }) => attemptId !== undefined);
    const spooled = rows.filter(({ spooledAs }) => spooledAs !== undefined);
    // The spool first, because it takes counts also while the database is away.
    for (const part of partsOf(spooled)) {
      await this.#write(part, async (taken) => spool?.append(taken.flatMap(spooledRepeatsOf)));
    }
    const stored = rows.filter(({ spooledAs }) => spooledAs === undefined);
    for (const part of partsOf(stored)) {
      await this.#write(part, (taken) => writer.write((write) => countRepeats(write, taken), 'later'));
    }
  }

  /** Counts are taken before the write and given back if it fails, so that none is lost or written twice. */
  async #write(
    rows: readonly CountedRow[],
    store: (taken: readonly Repeats[]) => Promise<unknown>,
  ): Promise<void> {
    const taken = rows.map((row) => ({ row, by: row.repeats, lastAt: row.lastAt }));
    for (const row of rows) {
      row.repeats = 0;
      this.#rows.delete(row);
    }
    try {
      await store(taken);
    } catch (error) {
      for (const { row, by } of taken) {
        row.repeats += by;
        this.#rows.add(row);
      }
      throw error;
    }
  }
}

/** The repeats of a row that a flush has taken. */
interface Repeats {
  readonly row: CountedRow;
  readonly by: number;
  readonly lastAt: number;
}

function spooledRepeatsOf({ row, by, lastAt }: Repeats): readonly SpooledRepeat[] {
  const { attemptId: id, accountId, spooledAs: verdict } = row;
  if (id === undefined || verdict === undefined || by === 0) return [];
  return [{ kind: 'repeat', id, accountId, verdict, by, lastAt }];
}

async function countRepeats(write: WriteContext, taken: readonly Repeats[]): Promise<void> {
  const counted = taken.flatMap(({ row: { accountId, attemptId, reviewId }, by, lastAt }) =>
    attemptId === undefined || by === 0 ? [] : [{ accountId, id: attemptId, reviewId, by, lastAt }],
  );
  await addRepeats(write, counted);
}

interface CountedRepeats {
  readonly accountId: string;
  /** The id of the row. */
  readonly id: string;
  readonly reviewId: string | null;
  readonly by: number;
  readonly lastAt: number;
}

/** Adds repeats to their rows, of which none may be twice in the list, and to their reviews. */
export async function addRepeats(write: WriteContext, repeats: readonly CountedRepeats[]): Promise<void> {
  const attempts: Count[] = [];
  const reviews = new Map<string, Count>();
  for (const { accountId, id, reviewId, by, lastAt } of repeats) {
    attempts.push({ accountId, id, by, lastAt, seq: await write.nextSeq(accountId) });
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
}
