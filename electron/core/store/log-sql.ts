import { type AddressRange, addressRangeOf } from '#shared/domain/address-range';
import { type AttemptFilter, searchNeedleOf } from '#shared/domain/attempt-filter';
import { lowestIdAt } from '#shared/domain/id-time';
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

export type KindField = 'verdict' | 'reason' | 'keyId' | 'country' | 'asn';

const KIND_COLUMNS: Readonly<Record<KindField, string>> = {
  verdict: 'verdict',
  reason: 'reason',
  keyId: 'key_id',
  country: 'country',
  asn: 'asn',
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

/** The conditions on `attempts a`, or without a time or text on `attempt_addresses a`, beside those on the kind. */
export function rowTerms(filter: AttemptFilter, terms: Terms): Terms {
  if (filter.ip !== undefined) {
    const { first, last } = addressRangeOf(filter.ip) ?? NO_ADDRESS;
    // A network in a flood is found by its first address, which its text begins with.
    terms.add('a.address >= ? AND a.address < ?', first, `${last}0`);
  }
  if (filter.fromMs !== undefined) terms.add('a.id >= ?', lowestIdAt(filter.fromMs));
  if (filter.toMs !== undefined) terms.add('a.id < ?', lowestIdAt(filter.toMs));
  const needle = searchNeedleOf(filter.text);
  if (needle !== '') terms.add('instr(a.search, ?) > 0', needle);
  return terms;
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
    filter.ip === undefined ? kindTerms(filter) : rowTerms({ ip: filter.ip }, ofKinds(filter, new Terms()));
  return {
    sql: `SELECT coalesce(sum(rows), 0) AS rows, coalesce(min(first_id), '') AS first,
        coalesce(max(last_id), '') AS last
      FROM ${filter.ip === undefined ? 'attempt_kinds k' : 'attempt_addresses a'} ${terms.where}`,
    parameters: terms.parameters,
  };
}

/** The index by which a few rows are found. With neither address nor kind to filter by there are not few. */
export function indexOf({ ip }: AttemptFilter): string {
  return ip === undefined ? 'attempts_by_kind' : 'attempts_by_address';
}

/**
 * The matching rows, newest first. Few of them are found by their kind or address and sorted; of many, the newest are met soon
 * on the way down from the newest row that matches.
 */
export function pageQuery(
  filter: AttemptFilter,
  { before, from, limit }: AttemptWindow,
  extent: Extent,
  allRows: number,
): Query {
  const isRare = extent.rows < allRows && extent.rows ** 2 < limit * allRows;
  const terms = ofKinds(filter, new Terms()).add('a.id <= ? AND a.id >= ?', extent.last, extent.first);
  if (before !== null) terms.add('a.id < ?', before);
  if (from !== null) terms.add('a.id >= ?', from);
  rowTerms(filter, terms);
  return {
    sql: `SELECT body FROM attempts WHERE rowid IN (
        SELECT a.rowid FROM attempts a INDEXED BY ${isRare ? indexOf(filter) : 'attempts_by_id'} ${terms.where}
        ORDER BY a.id DESC LIMIT ?) ORDER BY id DESC`,
    parameters: [...terms.parameters, limit],
  };
}

/** Matches nothing, because it is above every address. */
const NO_ADDRESS: AddressRange = { first: '~', last: '~' };
