import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { operationResultSchema } from '#shared/api/routes-operations';
import { permissionSchema } from '#shared/domain/entities';
import {
  firstAddress,
  formatAddress,
  formatCidr,
  parseAddress,
  parseCidr,
  sortableAddress,
} from '#shared/ip/index';
import { auditEventOf, type AuditRow } from '../repositories/audit';
import { reviewOf, type ReviewRow } from '../repositories/reviews';
import { sourceOf, type SourceRow } from '../repositories/sources';
import type { Schema } from '../schema';
import { BreachCount, type Invariant } from './finding';

const ROWS_PER_READ = 2_000;

interface Row {
  readonly id: string;
}

/** Yields the rows of a table in the order of their ids, a page at a time. */
async function* rowsOf<R extends Row>(
  db: Kysely<Schema>,
  table: keyof Schema,
  columns: readonly string[] | undefined,
): AsyncGenerator<R, void, undefined> {
  const selected = columns === undefined ? sql`*` : sql.join(columns.map((column) => sql.ref(column)));
  let after = '';
  for (let isComplete = false; !isComplete;) {
    const { rows } = await sql<R>`SELECT ${selected} FROM ${sql.table(table)} WHERE id > ${after}
      ORDER BY id LIMIT ${sql.lit(ROWS_PER_READ)}`.execute(db);
    yield* rows;
    after = rows.at(-1)?.id ?? after;
    isComplete = rows.length < ROWS_PER_READ;
  }
}

/** What is wrong with a row is found by reading it. */
interface Reading<R extends Row> {
  readonly table: keyof Schema;
  /** All by default. */
  readonly columns?: readonly string[];
  readonly isGood: (row: R) => boolean;
}

/** Returns an invariant of rows that have to be read one by one. A row that cannot be read breaks it. */
function eachRow<R extends Row>(sentence: string, { table, columns, isGood }: Reading<R>): Invariant {
  return {
    sentence,
    breach: async (db) => {
      const broken = new BreachCount();
      for await (const row of rowsOf<R>(db, table, columns)) {
        if (!isReadAs(isGood, row)) broken.add(row.id);
      }
      return broken;
    },
  };
}

function isReadAs<R>(isGood: (row: R) => boolean, row: R): boolean {
  try {
    return isGood(row);
  } catch {
    return false;
  }
}

function isCanonical(text: string): boolean {
  const cidr = parseCidr(text);
  return cidr !== undefined && formatCidr(cidr) === text;
}

/** The log has networks too, for whose first address they are sorted. */
function isSortedBy({ ip, ip_sort }: { readonly ip: string; readonly ip_sort: string }): boolean {
  if (ip.includes('/')) {
    const network = parseCidr(ip);
    return network !== undefined && isCanonical(ip) && sortableAddress(firstAddress(network)) === ip_sort;
  }
  const parsed = parseAddress(ip);
  return parsed.ok && formatAddress(parsed.address) === ip && sortableAddress(parsed.address) === ip_sort;
}

const permissions = z.array(permissionSchema);

interface OperationText extends Row {
  readonly result: string;
  readonly fingerprint: string;
}

/** Refused operations are not remembered. */
function isRemembered({ id, result, fingerprint }: OperationText): boolean {
  const read = operationResultSchema.parse(JSON.parse(result));
  return read.id === id && ['applied', 'duplicate'].includes(read.status) && fingerprint.length === 64;
}

/** Invariants of texts that only the service can read. */
export const TEXT_INVARIANTS: readonly Invariant[] = [
  eachRow<Row & { cidr: string }>('A range is not written in its canonical form.', {
    table: 'ranges',
    columns: ['id', 'cidr'],
    isGood: ({ cidr }) => isCanonical(cidr),
  }),
  eachRow<Row & { suggested_cidr: string }>('A review suggests a range that is not in its canonical form.', {
    table: 'reviews',
    columns: ['id', 'suggested_cidr'],
    isGood: ({ suggested_cidr }) => isCanonical(suggested_cidr),
  }),
  eachRow<Row & { ip: string; ip_sort: string }>('A review is not found under its address.', {
    table: 'reviews',
    columns: ['id', 'ip', 'ip_sort'],
    isGood: isSortedBy,
  }),
  eachRow<Row & { ip: string; ip_sort: string }>('A call is not found under its address.', {
    table: 'attempts',
    columns: ['id', 'ip', 'ip_sort'],
    isGood: isSortedBy,
  }),
  eachRow<ReviewRow>('A review cannot be read.', {
    table: 'reviews',
    isGood: (row) => reviewOf({ ...row, key_name: '' }).id === row.id,
  }),
  eachRow<AuditRow>('An event of the audit trail cannot be read.', {
    table: 'audit',
    isGood: (row) => auditEventOf(row).id === row.id,
  }),
  eachRow<SourceRow>('A source cannot be read.', {
    table: 'sources',
    isGood: (row) => sourceOf(row).id === row.id,
  }),
  eachRow<Row & { permissions: string }>("A user's permissions cannot be read.", {
    table: 'users',
    columns: ['id', 'permissions'],
    isGood: (row) => permissions.safeParse(JSON.parse(row.permissions)).success,
  }),
  eachRow<OperationText>('The result of an operation is not its own, or cannot be read.', {
    table: 'operations',
    columns: ['id', 'result', 'fingerprint'],
    isGood: isRemembered,
  }),
];
