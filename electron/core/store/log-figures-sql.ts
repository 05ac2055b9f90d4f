import { type AttemptFilter, searchNeedleOf } from '#shared/domain/attempt-filter';
import { HOUR_MS } from '#shared/durations';
import type { GroupField, GroupOrder } from '#shared/ipc/log';
import {
  addressTerms,
  columnOf,
  extentQuery,
  hasText,
  indexOf,
  isOfRows,
  KIND_FIELDS,
  type KindField,
  kindTerms,
  ofKinds,
  type Plan,
  type Query,
  rowTerms,
  Terms,
  TEXTS_OF,
} from './log-sql';

export interface GroupPart {
  /** By default those with the most calls come first. */
  readonly order?: GroupOrder | undefined;
  readonly offset: number;
  readonly limit: number;
}

const ORDERS: Readonly<Record<GroupOrder, string>> = {
  calls: 'calls DESC',
  first_seen: 'first_id DESC',
};

/** A time in milliseconds since the epoch, in buckets of equal length from `fromMs` on. */
export interface Buckets {
  readonly fromMs: number;
  readonly bucketMs: number;
  readonly count: number;
}

export function countQuery(filter: AttemptFilter, plan: Plan): Query {
  if (!isOfRows(filter)) return extentQuery(filter);
  const found = rowsOf(filter, plan);
  return {
    sql: `${found.with} SELECT count(*) AS rows ${found.from}`,
    parameters: [...found.withParameters, ...found.parameters],
  };
}

/**
 * The matching rows: a few are looked up; of many, the index is read that has all that a filter asks of a row. It is joined with
 * what it may refer to, as SQLite tells by a Bloom filter that most rows match nothing of it.
 */
function rowsOf(filter: AttemptFilter, plan: Plan) {
  if (plan.lookup !== 'scan') {
    const { where, parameters } = rowTerms(filter, ofKinds(filter, new Terms()), plan, 'at');
    return { with: '', withParameters: [], from: `FROM attempts a ${indexOf(plan)} ${where}`, parameters };
  }
  const kinds = kindTerms(filter);
  const sets =
    kinds.where === '' ? [] : [{ part: 'kind', sql: `SELECT k.id FROM attempt_kinds k ${kinds.where}` }];
  const withParameters = [...kinds.parameters];
  const [textPart, otherPart] = plan.textParts;
  const isOfOnePart = textPart !== undefined && otherPart === undefined;
  if (isOfOnePart) {
    sets.push({ part: textPart, sql: TEXTS_OF[textPart] });
    withParameters.push(searchNeedleOf(filter.text));
  }
  const terms = rowTerms({ ...filter, text: isOfOnePart ? undefined : filter.text }, new Terms(), plan, 'at');
  const tables = sets.map(({ part, sql }) => `${part}s (id) AS MATERIALIZED (${sql})`);
  const joins = sets.map(({ part }) => `CROSS JOIN ${part}s ON ${part}s.id = a.${part}`);
  return {
    with: tables.length === 0 ? '' : `WITH ${tables.join(', ')}`,
    from: `FROM attempts a INDEXED BY attempts_by_time ${joins.join(' ')} ${terms.where}`,
    withParameters,
    parameters: terms.parameters,
  };
}

/** The part of a filter that is not about kinds. */
export function ownPart({ ip, text, fromMs, toMs }: AttemptFilter): AttemptFilter {
  return { ip, text, fromMs, toMs };
}

/**
 * Sums by kind of the rows that fit address, time and text, as the table `name`. The kinds have their own sums, those of a part of
 * the addresses are summed up, and those of a time or a text row by row.
 */
function sumsByKind(filter: AttemptFilter, plan: Plan) {
  const own = ownPart(filter);
  if (own.ip === undefined && !isOfRows(own)) {
    return { with: '', from: 'attempt_kinds k', name: 'k', parameters: [] };
  }
  const { from, sums, terms, isInOrder } = summed(own, plan, 'kind');
  // The sign keeps SQLite from walking along an index of kinds, with a jump for each row.
  const value = isInOrder ? 'a.kind' : '+a.kind';
  return {
    with: `WITH s AS MATERIALIZED (SELECT a.kind, ${sums} FROM ${from} ${terms.where} GROUP BY ${value})`,
    from: 's JOIN attempt_kinds k ON k.id = s.kind',
    name: 's',
    parameters: terms.parameters,
  };
}

/** The table that is summed up. Without a text an index has the rows in the order of their kinds or addresses, with their calls. */
function summed(filter: AttemptFilter, plan: Plan, by: 'kind' | 'address') {
  if (!isOfRows(filter)) {
    const terms = addressTerms(filter, ofKinds(filter, new Terms()));
    return { from: 'attempt_addresses a', sums: sumsOf('a'), terms, isInOrder: by === 'address' };
  }
  const isByKind = filter.ip === undefined && by === 'kind';
  const lookup = hasText(filter) ? plan.lookup : isByKind ? 'kind' : 'address';
  return {
    from: `attempts a ${indexOf({ lookup })}`,
    sums: 'count(*) AS rows, sum(a.calls) AS calls, min(a.id) AS first_id, max(a.id) AS last_id',
    terms: rowTerms(filter, ofKinds(filter, new Terms()), plan, 'id'),
    isInOrder: lookup === by,
  };
}

function sumsOf(name: string): string {
  return `sum(${name}.rows) AS rows, sum(${name}.calls) AS calls, min(${name}.first_id) AS first_id, max(${name}.last_id) AS last_id`;
}

/** The groups in their order, each with its newest row and the time of its oldest one. */
export function groupsQuery(
  filter: AttemptFilter,
  by: GroupField,
  { order = 'calls', offset, limit }: GroupPart,
  plan: Plan,
): Query {
  const sums = by === 'address' ? addressSums(filter, plan) : fieldSums(filter, by, plan);
  return {
    sql: `${sums.with} SELECT rows, calls, blocked,
        (SELECT body FROM attempts WHERE id = g.last_id) AS newest,
        (SELECT json_extract(body, '$.firstAt') FROM attempts WHERE id = g.first_id) AS first_at
      FROM (${sums.sql} ORDER BY ${ORDERS[order]}, value LIMIT ? OFFSET ?) g`,
    parameters: [...sums.parameters, limit, offset],
  };
}

const IS_BLOCKED = `a.kind IN (SELECT id FROM attempt_kinds WHERE verdict = 'blocked')`;

function addressSums(filter: AttemptFilter, plan: Plan) {
  const { from, sums, terms, isInOrder } = summed(filter, plan, 'address');
  const value = isInOrder ? 'a.address' : '+a.address';
  return {
    with: '',
    sql: `SELECT a.address AS value, ${sums}, sum(iif(${IS_BLOCKED}, a.calls, 0)) AS blocked FROM ${from} ${terms.where} GROUP BY ${value}`,
    parameters: terms.parameters,
  };
}

function fieldSums(filter: AttemptFilter, by: KindField, plan: Plan) {
  const sums = sumsByKind(filter, plan);
  const terms = kindTerms(filter);
  return {
    with: sums.with,
    sql: `SELECT ${columnOf(by)} AS value, ${sumsOf(sums.name)},
        sum(iif(k.verdict = 'blocked', ${sums.name}.calls, 0)) AS blocked FROM ${sums.from} ${terms.where} GROUP BY value`,
    parameters: [...sums.parameters, ...terms.parameters],
  };
}

/** The name of a value in the newest of its rows, where the value does not say it. */
const NAME_OF: Partial<Readonly<Record<KindField, string>>> = { keyId: '$.keyName', asn: '$.asName' };

/** The rows for each value of each field, the most first. A field's own filter is left out, so that its other values are seen. */
export function facetsQuery(filter: AttemptFilter, limit: number, plan: Plan): Query {
  const sums = sumsByKind(filter, plan);
  const parameters = [...sums.parameters];
  const facets = KIND_FIELDS.map((field) => {
    const terms = kindTerms(filter, field);
    parameters.push(...terms.parameters, limit);
    const path = NAME_OF[field];
    const name =
      path === undefined
        ? 'NULL'
        : `(SELECT json_extract(body, '${path}') FROM attempts WHERE id = f.last_id)`;
    return `SELECT '${field}' AS field, f.value, f.rows, ${name} AS name
      FROM (SELECT ${columnOf(field)} AS value, sum(${sums.name}.rows) AS rows, max(${sums.name}.last_id) AS last_id
        FROM ${sums.from} ${terms.where} GROUP BY value ORDER BY rows DESC, value LIMIT ?) f`;
  });
  return { sql: `${sums.with} ${facets.join(' UNION ALL ')}`, parameters };
}

/** Returns true if the sums by hour answer the filter. */
function isOfHours(filter: AttemptFilter, { fromMs, bucketMs }: Buckets): boolean {
  const { ip, country, asn, method } = filter;
  const isOfKeys = [ip, country, asn, method].every((value) => value === undefined) && !hasText(filter);
  const times = [fromMs, bucketMs, filter.fromMs ?? 0, filter.toMs ?? 0];
  return isOfKeys && times.every((ms) => ms % HOUR_MS === 0);
}

function verdictSums(isBlocked: string, calls: string): string {
  return `sum(iif(${isBlocked}, 0, ${calls})) AS allowed, sum(iif(${isBlocked}, ${calls}, 0)) AS blocked`;
}

/**
 * The calls in buckets, each at the first call of its row. Buckets of whole hours come from the sums by hour, unless the filter
 * has what those do not know. A row of the answer is a bucket by its number; empty ones may be missing.
 */
export function timelineQuery(filter: AttemptFilter, buckets: Buckets, plan: Plan): Query {
  const { fromMs, bucketMs, count } = buckets;
  const endMs = fromMs + bucketMs * count;
  const inBuckets = {
    ...filter,
    fromMs: Math.max(fromMs, filter.fromMs ?? fromMs),
    toMs: Math.min(endMs, filter.toMs ?? endMs),
  };
  if (isOfHours(filter, buckets)) {
    const [from, hours] = [fromMs / HOUR_MS, bucketMs / HOUR_MS];
    const terms = kindTerms(filter).add(
      'k.hour >= ? AND k.hour < ?',
      inBuckets.fromMs / HOUR_MS,
      inBuckets.toMs / HOUR_MS,
    );
    return {
      // Numbers are bound as floating-point ones.
      sql: `SELECT CAST((k.hour - ?) / ? AS INTEGER) AS bucket, ${verdictSums("k.verdict = 'blocked'", 'k.calls')}
        FROM attempt_hours k ${terms.where} GROUP BY bucket`,
      parameters: [from, hours, ...terms.parameters],
    };
  }
  const found = rowsOf(inBuckets, plan);
  return {
    // Numbers are bound as floating-point ones.
    sql: `${found.with} SELECT CAST((a.at - ?) / ? AS INTEGER) AS bucket, ${verdictSums('a.is_blocked', 'a.calls')}
      ${found.from} GROUP BY bucket`,
    parameters: [...found.withParameters, fromMs, bucketMs, ...found.parameters],
  };
}
