import { decodeTime } from 'ulid';
import type { AttemptFilter } from '#shared/domain/attempt-filter';
import { type Attempt, attemptSchema } from '#shared/domain/entities';
import type { BucketCalls, FacetCount, GroupField, LogFacets, LogGroup } from '#shared/ipc/log';
import { SqliteThread, SqliteThreadError } from '#shared/sqlite/sqlite-thread';
import { parseJson } from '../text';
import type { LocalDatabase } from './database';
import {
  type Buckets,
  countQuery,
  facetsQuery,
  type GroupPart,
  groupsQuery,
  timelineQuery,
} from './log-figures-sql';
import {
  type AttemptWindow,
  type Extent,
  extentQuery,
  type KindField,
  pageQuery,
  type Query,
} from './log-sql';

type Row = Readonly<Record<string, unknown>>;

const MOST_FACET_VALUES = 100;
/** Finding each of more rows by an index takes longer than reading all in their order. */
const FEW_ROWS = 20_000;

/**
 * Reads the log in a thread, whose connection sees what is committed, so that a million rows hold up nothing in this one. The
 * thread starts with the first read. While the disk takes no more, the newest rows are in the memory of main's connection alone,
 * which reads itself then.
 */
export class LogReader {
  readonly #database: LocalDatabase;
  readonly #file: string | undefined;
  #thread: SqliteThread | undefined;

  /** A database in memory has no file. */
  constructor(database: LocalDatabase, file: string | undefined) {
    this.#database = database;
    this.#file = file;
  }

  /** Resolves with the matching rows, newest first. */
  async page(filter: AttemptFilter, window: AttemptWindow): Promise<readonly Attempt[]> {
    const [all, extent] = await Promise.all([this.#extent({}), this.#extent(filter)]);
    if (extent.rows === 0) return [];
    const rows = await this.#all(pageQuery(filter, window, extent, all.rows));
    return rows.flatMap((row) => {
      const parsed = attemptSchema.safeParse(parseJson(row['body']));
      return parsed.success ? [parsed.data] : [];
    });
  }

  /** Resolves with the number of matching rows. */
  async count(filter: AttemptFilter): Promise<number> {
    const [row] = await this.#all(countQuery(filter));
    return Number(row?.['rows']);
  }

  async groups(filter: AttemptFilter, by: GroupField, part: GroupPart): Promise<readonly LogGroup[]> {
    const rows = await this.#all(groupsQuery(filter, by, part));
    return rows.flatMap((row) => {
      const newest = attemptSchema.safeParse(parseJson(row['newest']));
      if (!newest.success) return [];
      return [
        {
          rows: Number(row['rows']),
          calls: Number(row['calls']),
          firstAt: String(row['first_at']),
          newest: newest.data,
        },
      ];
    });
  }

  async facets(filter: AttemptFilter): Promise<LogFacets> {
    const rows = await this.#all(facetsQuery(filter, MOST_FACET_VALUES));
    const of = (field: KindField): FacetCount[] =>
      rows.flatMap((row) =>
        row['field'] === field ? [{ value: String(row['value']), rows: Number(row['rows']) }] : [],
      );
    return {
      verdict: of('verdict'),
      reason: of('reason'),
      keyId: of('keyId'),
      country: of('country'),
      asn: of('asn'),
    };
  }

  /** Resolves with the time from the first to the last row; undefined if the log is empty. */
  async span(): Promise<{ readonly fromMs: number; readonly toMs: number } | undefined> {
    const { rows, first, last } = await this.#extent({});
    return rows === 0 ? undefined : { fromMs: decodeTime(first), toMs: decodeTime(last) };
  }

  /** Resolves with the calls in each bucket, without gaps. */
  async timeline(filter: AttemptFilter, buckets: Buckets): Promise<readonly BucketCalls[]> {
    const [all, found] = await Promise.all([this.#extent({}), this.#extent(filter)]);
    const isFew = found.rows < Math.min(all.rows, FEW_ROWS);
    const rows = await this.#all(timelineQuery(filter, buckets, isFew));
    const calls = new Map(rows.map((row) => [Number(row['bucket']), row]));
    return Array.from({ length: buckets.count }, (_, bucket) => ({
      allowed: Number(calls.get(bucket)?.['allowed'] ?? 0),
      blocked: Number(calls.get(bucket)?.['blocked'] ?? 0),
    }));
  }

  /** Resolves when the thread has ended, after the statements that it was given. */
  async close(): Promise<void> {
    await this.#thread?.close();
  }

  /** Returns undefined if the thread would not see the newest rows, or may not start any more. */
  #fileToRead(): string | undefined {
    const { isOpen, trouble } = this.#database;
    return isOpen && trouble === undefined ? this.#file : undefined;
  }

  async #extent(filter: AttemptFilter): Promise<Extent> {
    const [row] = await this.#all(extentQuery(filter));
    return { rows: Number(row?.['rows']), first: String(row?.['first']), last: String(row?.['last']) };
  }

  async #all({ sql, parameters }: Query): Promise<readonly Row[]> {
    const file = this.#fileToRead();
    if (file === undefined) return this.#database.all(sql, parameters);
    this.#thread ??= new SqliteThread({ file, access: 'read' });
    try {
      const { columns = [], rows = [] } = await this.#thread.run(sql, parameters);
      return rows.map((values) => Object.fromEntries(columns.map((name, index) => [name, values[index]])));
    } catch (error) {
      if (!this.#database.isOpen) throw error;
      // The next read starts another thread, because one that has ended never answers again.
      if (error instanceof SqliteThreadError) this.#thread = undefined;
      // A thread that does not get what it needs from a full disk must not hide the log.
      return this.#database.all(sql, parameters);
    }
  }
}
