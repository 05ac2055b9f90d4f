import type { AttemptFilter } from '#shared/domain/attempt-filter';
import { lowestIdAt } from '#shared/domain/id-time';
import { HOUR_MS } from '#shared/durations';
import type { GroupField } from '#shared/ipc/log';
import {
  columnOf,
  extentQuery,
  hasText,
  indexOf,
  isOfRows,
  KIND_FIELDS,
  type KindField,
  kindTerms,
  ofKinds,
  type Query,
  rowTerms,
  Terms,
} from './log-sql';

export interface GroupPart {
  readonly offset: number;
  readonly limit: number;
}

/** A time in milliseconds since the epoch, in buckets of equal length from `fromMs` on. */
export interface Buckets {
  readonly fromMs: number;
  readonly bucketMs: number;
  readonly count: number;
}

export function countQuery(filter: AttemptFilter): Query {
  if (!isOfRows(filter)) return extentQuery(filter);
  const terms = rowTerms(filter, ofKinds(filter, new Terms()));
  return {
    sql: `SELECT count(*) AS rows FROM attempts a ${hasText(filter) ? 'NOT INDEXED' : ''} ${terms.where}`,
    parameters: terms.parameters,
  };
}

/**
 * Sums by kind of the rows that fit the address and the text, as the table `name`. The kinds have their own sums; those of a part
 * of the addresses are summed up, and those of a time or a text row by row.
 */
function sumsByKind(filter: AttemptFilter) {
  const own = rowTerms(filter, new Terms());
  if (own.where === '') return { with: '', from: 'attempt_kinds k', name: 'k', parameters: [] };
  // The sign keeps SQLite from walking along an index of kinds, with a jump for each row.
  const sums = `SELECT a.kind, ${SUMS_OF[tableOf(filter)]} FROM ${tableOf(filter)} a ${own.where} GROUP BY +a.kind`;
  return {
    with: `WITH s AS MATERIALIZED (${sums})`,
    from: 's JOIN attempt_kinds k ON k.id = s.kind',
    name: 's',
    parameters: own.parameters,
  };
}

type SummedTable = 'attempts' | 'attempt_addresses';

function tableOf(filter: AttemptFilter): SummedTable {
  return isOfRows(filter) ? 'attempts' : 'attempt_addresses';
}

function sumsOf(name: string): string {
  return `sum(${name}.rows) AS rows, sum(${name}.calls) AS calls, min(${name}.first_id) AS first_id, max(${name}.last_id) AS last_id`;
}

const SUMS_OF: Readonly<Record<SummedTable, string>> = {
  attempts: 'count(*) AS rows, sum(a.calls) AS calls, min(a.id) AS first_id, max(a.id) AS last_id',
  attempt_addresses: sumsOf('a'),
};

/** The groups with the most calls first, each with its newest row and the time of its oldest one. */
export function groupsQuery(filter: AttemptFilter, by: GroupField, { offset, limit }: GroupPart): Query {
  const summed = by === 'address' ? addressSums(filter) : fieldSums(filter, by);
  return {
    sql: `${summed.with} SELECT rows, calls,
        (SELECT body FROM attempts WHERE id = g.last_id) AS newest,
        (SELECT json_extract(body, '$.firstAt') FROM attempts WHERE id = g.first_id) AS first_at
      FROM (${summed.sql} ORDER BY calls DESC, value LIMIT ? OFFSET ?) g`,
    parameters: [...summed.parameters, limit, offset],
  };
}

/** Without a time or text the addresses come in their order, and nothing is sorted but the groups. */
function addressSums(filter: AttemptFilter) {
  const table = tableOf(filter);
  const terms = rowTerms(filter, ofKinds(filter, new Terms()));
  const value = isOfRows(filter) ? '+a.address' : 'a.address';
  return {
    with: '',
    sql: `SELECT a.address AS value, ${SUMS_OF[table]} FROM ${table} a ${terms.where} GROUP BY ${value}`,
    parameters: terms.parameters,
  };
}

function fieldSums(filter: AttemptFilter, by: KindField) {
  const sums = sumsByKind(filter);
  const terms = kindTerms(filter);
  return {
    with: sums.with,
    sql: `SELECT ${columnOf(by)} AS value, ${sumsOf(sums.name)} FROM ${sums.from} ${terms.where} GROUP BY value`,
    parameters: [...sums.parameters, ...terms.parameters],
  };
}

/** The rows for each value of each field, the most first. A field's own filter is left out, so that its other values are seen. */
export function facetsQuery(filter: AttemptFilter, limit: number): Query {
  const sums = sumsByKind(filter);
  const parameters = [...sums.parameters];
  const facets = KIND_FIELDS.map((field) => {
    const terms = kindTerms(filter, field);
    parameters.push(...terms.parameters, limit);
    return `SELECT * FROM (SELECT '${field}' AS field, ${columnOf(field)} AS value, sum(${sums.name}.rows) AS rows
      FROM ${sums.from} ${terms.where} GROUP BY value ORDER BY rows DESC, value LIMIT ?)`;
  });
  return { sql: `${sums.with} ${facets.join(' UNION ALL ')}`, parameters };
}

function verdictSums(calls: string): string {
  return ['allowed', 'blocked']
    .map((verdict) => `coalesce(sum(iif(k.verdict = '${verdict}', ${calls}, 0)), 0) AS ${verdict}`)
    .join(', ');
}

function isInHours({ ip, country, asn, ...rest }: AttemptFilter): boolean {
  return ip === undefined && country === undefined && asn === undefined && !isOfRows(rest);
}

/**
 * The calls in buckets, each at the first call of its row. Buckets of whole hours come from the sums by hour, unless the filter
 * has what those do not know: then a few rows are found by their kind or address, and of many all are read. A row of the answer
 * is a bucket by its number; empty ones may be missing.
 */
export function timelineQuery(
  filter: AttemptFilter,
  { fromMs, bucketMs, count }: Buckets,
  isFew: boolean,
): Query {
  const isWholeHours = fromMs % HOUR_MS === 0 && bucketMs % HOUR_MS === 0;
  if (isInHours(filter) && isWholeHours) {
    const [from, hours] = [fromMs / HOUR_MS, bucketMs / HOUR_MS];
    const terms = kindTerms(filter).add('k.hour >= ? AND k.hour < ?', from, from + hours * count);
    return {
      // Numbers are bound as floating-point ones.
      sql: `SELECT CAST((k.hour - ?) / ? AS INTEGER) AS bucket, ${verdictSums('k.calls')}
        FROM attempt_hours k ${terms.where} GROUP BY bucket`,
      parameters: [from, hours, ...terms.parameters],
    };
  }
  // Their order would cost a jump to each row whose address or text is looked at.
  const isScanned = filter.ip !== undefined || hasText(filter);
  if (isWholeHours && (isFew || isScanned)) {
    const [from, hours] = [fromMs / HOUR_MS, bucketMs / HOUR_MS];
    const few = ofKinds(filter, new Terms()).add('a.hour >= ? AND a.hour < ?', from, from + hours * count);
    rowTerms(filter, few);
    return {
      sql: `SELECT CAST((a.hour - ?) / ? AS INTEGER) AS bucket, ${verdictSums('a.calls')}
        FROM attempts a ${isFew ? `INDEXED BY ${indexOf(filter)}` : 'NOT INDEXED'}
        CROSS JOIN attempt_kinds k ON k.id = a.kind
        ${few.where} GROUP BY bucket`,
      parameters: [from, hours, ...few.parameters],
    };
  }
  const bounds = Array.from({ length: count + 1 }, (_, index) => lowestIdAt(fromMs + index * bucketMs));
  const buckets = bounds.slice(1).map((end, index) => [bounds[index], end]);
  const inBucket = new Terms().add('a.id >= b.value ->> 0 AND a.id < b.value ->> 1');
  const terms = rowTerms(filter, ofKinds(filter, inBucket));
  return {
    // A subquery for each bucket reads the rows in their order. A GROUP BY would sort them.
    sql: `SELECT bucket, sums ->> 0 AS allowed, sums ->> 1 AS blocked FROM (
        SELECT b.key AS bucket, (SELECT json_array(allowed, blocked) FROM (
          SELECT ${verdictSums('a.calls')} FROM attempts a INDEXED BY attempts_by_id
          CROSS JOIN attempt_kinds k ON k.id = a.kind ${terms.where})) AS sums
        FROM json_each(?) b)`,
    parameters: [...terms.parameters, JSON.stringify(buckets)],
  };
}
