import { addressRangeOf } from '#shared/domain/address-range';
import { searchNeedleOf } from '#shared/domain/attempt-filter';
import { parseRangeText } from '#shared/ip/index';
import type { RouteRequest } from '#shared/api/route-types';
import type { AccountPolicy } from '../../policy/policy';
import { Refusal } from '../../policy/refusal';
import { epochMsOf } from '../../runtime/clock';
import type { AttemptFilter } from '../../storage/repositories/attempt-filter';

/** The filter of the log as the query string has it. */
export type AttemptFilterQuery = Omit<RouteRequest<'exportAttempts'>['query'], 'format'>;

/** Reads the addresses of `?ip=`. @throws Refusal if the text means none. */
function readIpSpan(text: string): AttemptFilter['ipSpan'] {
  const span = addressRangeOf(text);
  if (span !== null) return span;
  const parsed = parseRangeText(text, { allowWide: true });
  const why = parsed.ok ? 'This text means no address.' : parsed.error.message;
  throw new Refusal('invalid_request', `ip: ${why}`, { field: 'ip' });
}

function readText(text: string, policy: Pick<AccountPolicy, 'keys'>): AttemptFilter['text'] {
  const needle = searchNeedleOf(text);
  if (needle === '') return undefined;
  const keyIds = [...policy.keys.values()]
    .filter(({ name }) => name.toLowerCase().includes(needle))
    .map(({ id }) => id);
  return { needle, keyIds };
}

/** Reads a filter whose form is valid. @throws Refusal `invalid_request`, which names the field that has no meaning. */
export function readFilter(query: AttemptFilterQuery, policy: Pick<AccountPolicy, 'keys'>): AttemptFilter {
  const { ip, q, keyId, verdict, reason, country } = query;
  const from = query.from === undefined ? undefined : epochMsOf(query.from);
  const to = query.to === undefined ? undefined : epochMsOf(query.to);
  if (from !== undefined && to !== undefined && from >= to) {
    throw new Refusal('invalid_request', 'from: must be before "to".', { field: 'from' });
  }
  return {
    keyId,
    verdict,
    reason,
    country,
    from,
    to,
    ipSpan: ip === undefined ? undefined : readIpSpan(ip),
    text: q === undefined ? undefined : readText(q, policy),
  };
}
