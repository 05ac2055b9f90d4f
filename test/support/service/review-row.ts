import type { ReviewRow } from '#service/storage/repositories/reviews';

type Given =
  | 'id'
  | 'account_id'
  | 'ip'
  | 'ip_sort'
  | 'key_id'
  | 'first_at'
  | 'last_at'
  | 'suggested_cidr'
  | 'changed_seq';

/** Returns the row of a pending review that one call has opened. */
export function reviewRow(fields: Pick<ReviewRow, Given> & Partial<ReviewRow>): ReviewRow {
  return {
    status: 'pending',
    reason: 'untrusted',
    count: 1,
    address_count: 1,
    callers: '[]',
    overflow: 0,
    score: null,
    evidence: '[]',
    proposal: null,
    country: null,
    region: null,
    asn: null,
    as_name: null,
    decided_by: null,
    decided_at: null,
    note: null,
    range_id: null,
    made_range: 0,
    settled_by: null,
    active: 1,
    version: 1,
    ...fields,
  };
}
