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
  ownPart,
  timelineQuery,
} from './log-figures-sql';
import {
  ADDRESS_SPAN_QUERY,
  type AttemptWindow,
  type Extent,
  extentQuery,
  hasText,
  type KindField,
  pageQuery,
  type Plan,
  type Query,
  TEXT_PARTS,
  textRowsQuery,
  withoutVainAddress,
} from './log-sql';

import {
  type BlockedCalls,
  blockedCallersQuery,
  type DecidedCalls,
  decidedCallsQuery,
} from './range-figures-sql';

type Row = Readonly<Record<string, unknown>>;

/** Calls with one key that one range decided about. */
export interface CallsOfRange {
  readonly rangeId: string;
  readonly keyId: string;
  readonly allowed: number;
  readonly blocked: number;
}

/** Blocked calls from one address with one key. */
export interface BlockedCaller {
  readonly ip: string;
  readonly keyId: string;
  readonly calls: number;
}

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
  readonly #fewRows: number;
  #thread: SqliteThread | undefined;

  /** A database in memory has no file. Up to `fewRows` rows are looked up one by one. */
  constructor(database: LocalDatabase, file: string | undefined, fewRows = FEW_ROWS) {
    this.#database = database;
    this.#file = file;
    this.#fewRows = fewRows;
  }

  /** Resolves with the matching rows, newest first. */
  async page(asked: AttemptFilter, window: AttemptWindow): Promise<readonly Attempt[]> {
    const filter = await this.#reduced(asked);
    const extent = await this.#extent(filter);
    if (extent.rows === 0) return [];
    const plan = await this.#plan(filter, window.limit);
    const rows = await this.#all(pageQuery(filter, window, extent, plan));
    return rows.flatMap((row) => {
      const parsed = attemptSchema.safeParse(parseJson(row['body']));
      return parsed.success ? [parsed.data] : [];
    });
  }

  /** Resolves with the number of matching rows. */
  async count(asked: AttemptFilter): Promise<number> {
    const filter = await this.#reduced(asked);
    const [row] = await this.#all(countQuery(filter, await this.#planOfSums(filter)));
    return Number(row?.['rows']);
  }

  async groups(asked: AttemptFilter, by: GroupField, part: GroupPart): Promise<readonly LogGroup[]> {
    const filter = await this.#reduced(asked);
    // The sums by kind are those of all kinds.
    const plan = await this.#planOfSums(by === 'address' ? filter : ownPart(filter));
    const rows = await this.#all(groupsQuery(filter, by, part, plan));
    return rows.flatMap((row) => {
      const newest = attemptSchema.safeParse(parseJson(row['newest']));
      if (!newest.success) return [];
      return [
        {
          rows: Number(row['rows']),
          calls: Number(row['calls']),
          blocked: Number(row['blocked']),
          firstAt: String(row['first_at']),
          newest: newest.data,
        },
      ];
    });
  }

  async facets(asked: AttemptFilter): Promise<LogFacets> {
    const filter = await this.#reduced(asked);
    const plan = await this.#planOfSums(ownPart(filter));
    const rows = await this.#all(facetsQuery(filter, MOST_FACET_VALUES, plan));
    const of = (field: KindField): FacetCount[] =>
      rows.flatMap((row) =>
        row['field'] === field
          ? [{ value: String(row['value']), rows: Number(row['rows']), name: textOrNull(row['name']) }]
          : [],
      );
    return {
      verdict: of('verdict'),
      reason: of('reason'),
      keyId: of('keyId'),
      country: of('country'),
      asn: of('asn'),
      method: of('method'),
    };
  }

  /** Resolves with the time from the first to the last row; undefined if the log is empty. */
  async span(): Promise<{ readonly fromMs: number; readonly toMs: number } | undefined> {
    const { rows, first, last } = await this.#extent({});
    return rows === 0 ? undefined : { fromMs: decodeTime(first), toMs: decodeTime(last) };
  }

  /** Resolves with the calls in each bucket, without gaps. */
  async timeline(asked: AttemptFilter, buckets: Buckets): Promise<readonly BucketCalls[]> {
    const filter = await this.#reduced(asked);
    const rows = await this.#all(timelineQuery(filter, buckets, await this.#plan(filter)));
    const calls = new Map(rows.map((row) => [Number(row['bucket']), row]));
    return Array.from({ length: buckets.count }, (_, bucket) => ({
      allowed: Number(calls.get(bucket)?.['allowed'] ?? 0),
      blocked: Number(calls.get(bucket)?.['blocked'] ?? 0),
    }));
  }

  /** Resolves with the calls of each range by key; a range and key without calls is missing. */
  async decidedBy(asked: DecidedCalls): Promise<readonly CallsOfRange[]> {
    const rows = await this.#all(decidedCallsQuery(asked));
    return rows.map((row) => ({
      rangeId: String(row['range_id']),
      keyId: String(row['key_id']),
      allowed: Number(row['allowed']),
      blocked: Number(row['blocked']),
    }));
  }

  /** Resolves with the blocked calls by address and key, those with the most calls first. */
  async blockedCallers(asked: BlockedCalls): Promise<readonly BlockedCaller[]> {
    const rows = await this.#all(blockedCallersQuery(asked));
    return rows.map((row) => ({
      ip: String(row['ip']),
      keyId: String(row['key_id']),
      calls: Number(row['calls']),
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

  /**
   * Decides how the rows of a filter are found. Those of a page are looked up if they are fewer than the way down from the newest
   * row would meet.
   */
  async #plan(filter: AttemptFilter, pageLimit?: number): Promise<Plan> {
    const [all, extent] = await Promise.all([this.#extent({}), this.#extent(filter)]);
    const most = pageLimit === undefined ? all.rows : Math.floor(Math.sqrt(pageLimit * all.rows));
    const few = Math.min(all.rows, this.#fewRows, most);
    const byOthers = filter.ip === undefined ? 'kind' : 'address';
    const lookup = extent.rows < few ? byOthers : 'scan';
    if (!hasText(filter)) return { lookup, textParts: [] };
    const [found] = await this.#all(textRowsQuery(filter, few + 1));
    const counts = TEXT_PARTS.map((part) => Number(found?.[part]));
    const textParts = TEXT_PARTS.filter((_, index) => counts[index] !== 0);
    const rows = counts.reduce((sum, count) => sum + count, 0);
    return { lookup: rows < Math.min(few, extent.rows) ? 'text' : lookup, textParts };
  }

  async #planOfSums(filter: AttemptFilter): Promise<Plan> {
    return hasText(filter) ? await this.#plan(filter) : { lookup: 'scan', textParts: [] };
  }

  /** Leaves out an address that does not filter. */
  async #reduced(filter: AttemptFilter): Promise<AttemptFilter> {
    if (filter.ip === undefined) return filter;
    const [span] = await this.#all(ADDRESS_SPAN_QUERY);
    return withoutVainAddress(filter, String(span?.['first']), String(span?.['last']));
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

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
