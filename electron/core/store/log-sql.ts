import { type AddressRange, addressRangeOf } from '#shared/domain/address-range';
import { type AttemptFilter, searchNeedleOf } from '#shared/domain/attempt-filter';
import { lowestIdAt } from '#shared/domain/id-time';
import type { FacetField } from '#shared/ipc/log';
import type { SqlValue } from './database';

/** A statement of the log. Main's connection and the reader's thread run the same ones. */
export interface Query {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** A part of the log: ids below `before`, down to `from` inclusive. */
export interface AttemptWindow {
  readonly before: string | null;
  readonly from: string | null;
  readonly limit: number;
}

/** The number of rows that match, and the ids of the oldest and the newest of them. */
export interface Extent {
  readonly rows: number;
  readonly first: string;
  readonly last: string;
}

/** Conditions that combine with "and". */
export class Terms {
  readonly #terms: string[] = [];
  readonly parameters: SqlValue[] = [];

  add(term: string, ...values: readonly SqlValue[]): this {
    this.#terms.push(term);
    this.parameters.push(...values);
    return this;
  }

  get where(): string {
    return this.#terms.length === 0 ? '' : `WHERE ${this.#terms.join(' AND ')}`;
  }
}

export type KindField = FacetField;

const KIND_COLUMNS: Readonly<Record<KindField, string>> = {
  verdict: 'verdict',
  reason: 'reason',
  keyId: 'key_id',
  country: 'country',
  asn: 'asn',
  method: 'method',
};
export const KIND_FIELDS = Object.keys(KIND_COLUMNS) as readonly KindField[];

export function columnOf(field: KindField): string {
  return `k.${KIND_COLUMNS[field]}`;
}

/** The conditions on `attempt_kinds k`, without the one on the field that is left out. */
export function kindTerms(filter: AttemptFilter, leftOut?: KindField): Terms {
  const terms = new Terms();
  for (const field of KIND_FIELDS) {
    const value = filter[field];
    if (value !== undefined && field !== leftOut) terms.add(`${columnOf(field)} = ?`, value);
  }
  return terms;
}

/** Adds the conditions on the kind to those on a table that has it, without a join. */
export function ofKinds(filter: AttemptFilter, terms: Terms): Terms {
  const kinds = kindTerms(filter);
  if (kinds.where === '') return terms;
  return terms.add(`a.kind IN (SELECT k.id FROM attempt_kinds k ${kinds.where})`, ...kinds.parameters);
}

/** How the rows of a filter are found: by their kind, address or text if these are few, or by reading all. */
export type Lookup = 'kind' | 'address' | 'text' | 'scan';

export interface Plan {
  readonly lookup: Lookup;
  /** What the text is found in. */
  readonly textParts: readonly TextPart[];
}

/** The rows of a text come by their numbers. */
export function indexOf({ lookup }: Pick<Plan, 'lookup'>): string {
  return lookup === 'text' || lookup === 'scan' ? 'NOT INDEXED' : `INDEXED BY attempts_by_${lookup}`;
}

/** The conditions on `attempts a` beside those on the kind. Both columns of time mean the same, and an index has one of them. */
export function rowTerms(filter: AttemptFilter, terms: Terms, plan: Plan, time: 'id' | 'at'): Terms {
  const valueOf = time === 'id' ? lowestIdAt : Number;
  if (filter.fromMs !== undefined) terms.add(`a.${time} >= ?`, valueOf(filter.fromMs));
  if (filter.toMs !== undefined) terms.add(`a.${time} < ?`, valueOf(filter.toMs));
  addressTerms(filter, terms);
  if (!hasText(filter)) return terms;
  if (plan.textParts.length === 0) return terms.add('FALSE');
  const needles = plan.textParts.map(() => searchNeedleOf(filter.text));
  if (plan.lookup === 'text') {
    return terms.add(`a.rowid IN (${plan.textParts.map(rowsOfText).join(' UNION ALL ')})`, ...needles);
  }
  return terms.add(
    `(${plan.textParts.map((part) => `a.${part} IN (${TEXTS_OF[part]})`).join(' OR ')})`,
    ...needles,
  );
}

/** The conditions on the address, which rows and the sums by address have. */
export function addressTerms({ ip }: AttemptFilter, terms: Terms): Terms {
  if (ip === undefined) return terms;
  const { first, last } = addressRangeOf(ip) ?? NO_ADDRESS;
  // A network in a flood is found by its first address, which its text begins with.
  return terms.add('a.address >= ? AND a.address < ?', first, `${last}0`);
}

export const TEXT_PARTS = ['caller', 'path', 'address'] as const;
export type TextPart = (typeof TEXT_PARTS)[number];

/** The callers, paths and addresses in which a text is found. */
export const TEXTS_OF: Readonly<Record<TextPart, string>> = {
  caller: 'SELECT id FROM attempt_callers WHERE instr(text, ?) > 0',
  path: 'SELECT id FROM attempt_paths WHERE instr(text, ?) > 0',
  address: 'SELECT address FROM attempt_ips WHERE instr(text, ?) > 0',
};

function rowsOfText(part: TextPart): string {
  return `SELECT rowid FROM attempts INDEXED BY attempts_by_${part} WHERE ${part} IN (${TEXTS_OF[part]})`;
}

/** The number of rows in each part of which a text is found, as far as there are no more than `most`. */
export function textRowsQuery(filter: AttemptFilter, most: number): Query {
  const needle = searchNeedleOf(filter.text);
  const counts = TEXT_PARTS.map((part) => `(SELECT count(*) FROM (${rowsOfText(part)} LIMIT ?)) AS ${part}`);
  return { sql: `SELECT ${counts.join(', ')}`, parameters: TEXT_PARTS.flatMap(() => [needle, most]) };
}

export function hasText(filter: AttemptFilter): boolean {
  return searchNeedleOf(filter.text) !== '';
}

/** Returns true if no sums answer the filter. */
export function isOfRows(filter: AttemptFilter): boolean {
  return filter.fromMs !== undefined || filter.toMs !== undefined || hasText(filter);
}

/** The number of rows without regard to time and text, from the sums alone. */
export function extentQuery(filter: AttemptFilter): Query {
  const terms =
    filter.ip === undefined ? kindTerms(filter) : addressTerms(filter, ofKinds(filter, new Terms()));
  return {
    sql: `SELECT coalesce(sum(rows), 0) AS rows, coalesce(min(first_id), '') AS first,
        coalesce(max(last_id), '') AS last
      FROM ${filter.ip === undefined ? 'attempt_kinds k' : 'attempt_addresses a'} ${terms.where}`,
    parameters: terms.parameters,
  };
}

export const ADDRESS_SPAN_QUERY: Query = {
  // Each is found in the index alone, both at once are not.
  sql: 'SELECT (SELECT min(address) FROM attempt_ips) AS first, (SELECT max(address) FROM attempt_ips) AS last',
  parameters: [],
};

/** Returns the filter without its address if that has all addresses of the log, as the sums by kind are fewer then. */
export function withoutVainAddress(filter: AttemptFilter, first: string, last: string): AttemptFilter {
  const range = filter.ip === undefined ? null : addressRangeOf(filter.ip);
  if (range === null || first < range.first || last >= `${range.last}0`) return filter;
  return { ...filter, ip: undefined };
}

/**
 * The matching rows, newest first. Few of them are looked up and sorted; of many, the newest are met soon on the way down from
 * the newest row that matches.
 */
export function pageQuery(
  filter: AttemptFilter,
  { before, from, limit }: AttemptWindow,
  extent: Extent,
  plan: Plan,
): Query {
  const terms = ofKinds(filter, new Terms()).add('a.id <= ? AND a.id >= ?', extent.last, extent.first);
  if (before !== null) terms.add('a.id < ?', before);
  if (from !== null) terms.add('a.id >= ?', from);
  rowTerms(filter, terms, plan, 'id');
  return {
    sql: `SELECT body FROM attempts WHERE rowid IN (
        SELECT a.rowid FROM attempts a ${plan.lookup === 'scan' ? 'INDEXED BY attempts_by_id' : indexOf(plan)} ${terms.where}
        ORDER BY a.id DESC LIMIT ?) ORDER BY id DESC`,
    parameters: [...terms.parameters, limit],
  };
}

/** Matches nothing, because it is above every address. */
const NO_ADDRESS: AddressRange = { first: '~', last: '~' };
