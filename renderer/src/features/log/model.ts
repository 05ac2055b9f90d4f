import type { Attempt } from '#shared/domain/entities';
import type { LogFilter } from '#shared/ipc/log';
import { parseRangeText } from '#shared/ip/index';
import { agentWords } from '../../domain/agent-words';
import type { LogDraft } from '../../stores/ui';

/** Returns the reason why the text of the address filter is no address or range; null if it is one, or empty. */
export function ipProblem(ipText: string): string | null {
  if (ipText.trim() === '') return null;
  // A filter may be as wide as it likes.
  const read = parseRangeText(ipText, { allowWide: true });
  return read.ok ? null : read.error.message;
}

/** Returns the filter of the fields. An invalid address does not filter; its field shows the problem. */
export function filterOf(draft: LogDraft): LogFilter {
  const ip = draft.ipText.trim();
  const text = draft.text.trim();
  return {
    ...(draft.verdict === null ? {} : { verdict: draft.verdict }),
    ...(draft.reason === null ? {} : { reason: draft.reason }),
    ...(draft.keyId === null ? {} : { keyId: draft.keyId }),
    ...(draft.country === null ? {} : { country: draft.country }),
    ...(draft.network === null ? {} : { asn: draft.network.asn }),
    ...(ip === '' || ipProblem(ip) !== null ? {} : { ip }),
    ...(text === '' ? {} : { text }),
    ...(draft.fromMs === null ? {} : { fromMs: draft.fromMs }),
    ...(draft.toMs === null ? {} : { toMs: draft.toMs }),
  };
}

const FILTER_FIELDS = [
  'verdict',
  'reason',
  'keyId',
  'country',
  'asn',
  'ip',
  'text',
  'fromMs',
  'toMs',
] as const;

export function sameFilter(a: LogFilter, b: LogFilter): boolean {
  return FILTER_FIELDS.every((field) => a[field] === b[field]);
}

export function isEmptyDraft(draft: LogDraft): boolean {
  return (
    draft.verdict === null &&
    draft.reason === null &&
    draft.keyId === null &&
    draft.country === null &&
    draft.network === null &&
    draft.ipText === '' &&
    draft.text === '' &&
    draft.fromMs === null &&
    draft.toMs === null
  );
}

/** Shortens a user agent to a browser's name, or to the first product that it names. */
export function agentColumnWords(userAgent: string): string {
  const words = agentWords(userAgent);
  return words === userAgent ? (/^[^\s/]+\/\S+/.exec(words)?.[0] ?? words) : words;
}

/** Returns for example `GET /v1/orders`; parts that are not known are left out. */
export function requestLine(attempt: Attempt): string {
  return [attempt.method, attempt.path].filter((part) => part !== null).join(' ');
}
