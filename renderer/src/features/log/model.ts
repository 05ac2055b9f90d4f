import type { Attempt } from '#shared/domain/entities';
import type { LogFilter } from '#shared/ipc/log';
import { parseRangeText } from '#shared/ip/index';
import type { LogDraft } from '../../stores/ui';

/** Why the text of the address filter means no address; null when it does, or is empty. */
export function ipProblem(ipText: string): string | null {
  if (ipText.trim() === '') return null;
  // However wide: looking at everything does no harm.
  const read = parseRangeText(ipText, { allowWide: true });
  return read.ok ? null : read.error.message;
}

/** The filter that the fields ask for. An address that means nothing does not filter: its field says so. */
export function filterOf(draft: LogDraft): LogFilter {
  const ip = draft.ipText.trim();
  const text = draft.text.trim();
  return {
    ...(draft.verdict === null ? {} : { verdict: draft.verdict }),
    ...(draft.reason === null ? {} : { reason: draft.reason }),
    ...(draft.keyId === null ? {} : { keyId: draft.keyId }),
    ...(ip === '' || ipProblem(ip) !== null ? {} : { ip }),
    ...(text === '' ? {} : { text }),
  };
}

const FILTER_FIELDS = ['verdict', 'reason', 'keyId', 'ip', 'text'] as const;

export const sameFilter = (a: LogFilter, b: LogFilter): boolean =>
  FILTER_FIELDS.every((field) => a[field] === b[field]);

export const isEmptyDraft = (draft: LogDraft): boolean =>
  draft.verdict === null &&
  draft.reason === null &&
  draft.keyId === null &&
  draft.ipText === '' &&
  draft.text === '';

/** `GET /v1/orders`, as far as it is known. */
export const requestLine = (attempt: Attempt): string =>
  [attempt.method, attempt.path].filter((part) => part !== null).join(' ');
