import type { AddressRange } from '#shared/domain/address-range';
import type { AttemptFilter } from '#shared/domain/attempt-filter';
import { lowestIdAt } from '#shared/domain/id-time';
import { addressTerms, type Query, Terms } from './log-sql';

/** The calls of a time that ranges decided about. */
export interface DecidedCalls {
  readonly rangeIds: readonly string[];
  /** Holds the addresses of all of these ranges. */
  readonly addresses: AddressRange;
  /** Milliseconds since the epoch. */
  readonly fromMs: number;
}

/**
 * The calls of each range by key. A row of the log names its range in its body alone, so that only those of the time and the
 * addresses are read, which the index tells.
 */
export function decidedCallsQuery({ rangeIds, addresses, fromMs }: DecidedCalls): Query {
  return {
    sql: `WITH wanted (id) AS MATERIALIZED (SELECT value FROM json_each(?)),
        decided AS MATERIALIZED (SELECT json_extract(a.body, '$.rangeId') AS range_id, a.kind, a.is_blocked, a.calls
          FROM attempts a INDEXED BY attempts_by_time WHERE a.at >= ? AND a.address >= ? AND a.address <= ?)
      SELECT d.range_id, k.key_id, sum(iif(d.is_blocked, 0, d.calls)) AS allowed,
        sum(iif(d.is_blocked, d.calls, 0)) AS blocked
      FROM decided d JOIN wanted w ON w.id = d.range_id JOIN attempt_kinds k ON k.id = d.kind
      GROUP BY d.range_id, k.key_id`,
    parameters: [JSON.stringify(rangeIds), fromMs, addresses.first, addresses.last],
  };
}

/** The calls of a time that were blocked from addresses. */
export type BlockedCalls = Required<Pick<AttemptFilter, 'ip' | 'keyId' | 'fromMs'>> & {
  readonly limit: number;
};

/** Calls by address and key, those with the most calls first. A revoked key stays blocked from everywhere. */
export function blockedCallersQuery({ ip, keyId, fromMs, limit }: BlockedCalls): Query {
  const kinds = new Terms().add("k.verdict = 'blocked' AND k.reason <> 'revoked_key'");
  if (keyId !== undefined) kinds.add('k.key_id = ?', keyId);
  const rows = addressTerms({ ip }, new Terms()).add('a.id >= ?', lowestIdAt(fromMs ?? 0));
  return {
    sql: `WITH callers AS MATERIALIZED (SELECT a.address, k.key_id, sum(a.calls) AS calls, max(a.id) AS last_id
        FROM attempts a INDEXED BY attempts_by_address
        JOIN (SELECT k.id, k.key_id FROM attempt_kinds k ${kinds.where}) k ON k.id = a.kind ${rows.where}
        GROUP BY a.address, k.key_id ORDER BY calls DESC, last_id DESC LIMIT ?)
      SELECT json_extract(a.body, '$.ip') AS ip, c.key_id, c.calls FROM callers c
      CROSS JOIN attempts a ON a.id = c.last_id ORDER BY c.calls DESC, c.last_id DESC`,
    parameters: [...kinds.parameters, ...rows.parameters, limit],
  };
}
