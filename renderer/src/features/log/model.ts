import type { Attempt } from '#shared/domain/entities';
import { MINUTE_MS } from '#shared/durations';
import type { LogFilter } from '#shared/ipc/log';
import { parseRangeText } from '#shared/ip/index';
import { agentWords } from '../../domain/agent-words';
import { LAST_MS, type LogDraft, textOfPlace } from '../../stores/log-draft';

/** Returns the reason why the text of the address filter is no address or range; null if it is one, or empty. */
export function ipProblem(ipText: string): string | null {
  if (ipText.trim() === '') return null;
  // A filter may be as wide as it likes.
  const read = parseRangeText(ipText, { allowWide: true });
  return read.ok ? null : read.error.message;
}

/** Returns the filter of the fields. An invalid address does not filter; its field shows the problem. */
export function filterOf(draft: LogDraft, nowMs: number): LogFilter {
  const fromMs = draft.last === null ? draft.fromMs : wholeMinute(nowMs - LAST_MS[draft.last]);
  const ip = draft.ipText.trim();
  const text = draft.text.trim();
  return {
    ...(draft.verdict === null ? {} : { verdict: draft.verdict }),
    ...(draft.reason === null ? {} : { reason: draft.reason }),
    ...(draft.keyId === null ? {} : { keyId: draft.keyId }),
    ...(draft.country === null ? {} : { country: draft.country }),
    ...(draft.network === null ? {} : { asn: draft.network.asn }),
    ...(draft.method === null ? {} : { method: draft.method }),
    ...(ip === '' || ipProblem(ip) !== null ? {} : { ip }),
    ...(text === '' ? {} : { text }),
    ...(fromMs === null ? {} : { fromMs }),
    ...(draft.toMs === null ? {} : { toMs: draft.toMs }),
  };
}

/** The filter then stays the same for a while. */
function wholeMinute(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}

export function sameFilter(a: LogFilter, b: LogFilter): boolean {
  return fieldsOf(a) === fieldsOf(b);
}

function fieldsOf(filter: LogFilter): string {
  return JSON.stringify(Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function isEmptyDraft(draft: LogDraft): boolean {
  return textOfPlace({ logDraft: draft, logView: 'rows' }) === '';
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
