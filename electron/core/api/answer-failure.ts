import { impactSchema } from '#shared/api/impact';
import { type Problem, problemSchema } from '#shared/api/problem';
import { sentencesInWords } from '#shared/domain/sentence';
import { t } from '#shared/i18n/t';
import type { Failure } from '#shared/ipc/failure';
import { refusalWords } from '#shared/ipc/refusal-words';

/** An answer that the route does not promise. */
export interface RefusedAnswer {
  readonly status: number;
  /** The `Retry-After` header. */
  readonly retryAfter: string | undefined;
  readonly text: string;
}

const DEFAULT_RETRY_AFTER_SECONDS = 5;
const LONGEST_RETRY_AFTER_SECONDS = 600;
const LONGEST_SENTENCE = 500;

/**
 * Returns the failure for an answer with an error status. `host` is host and port; `nowMs` is compared with dates in
 * headers.
 */
export function answerFailure(answer: RefusedAnswer, host: string, nowMs: number): Failure {
  const problem = problemOf(answer.text);
  const { status } = answer;
  const code = problem?.code ?? `http_${status}`;
  const say = (otherwise: string): string =>
    problem === undefined
      ? otherwise
      : (sentencesInWords(problem.detailWords) ?? refusalWords(problem.code, problem.detail)).slice(
          0,
          LONGEST_SENTENCE,
        );

  if (status === 401) {
    return code === 'token_expired'
      ? { kind: 'unauthorized', code, message: say(t('network.tokenExpired')) }
      : { kind: 'unauthorized', code: 'unauthorized', message: say(t('network.tokenWrong')) };
  }
  if (status === 403) {
    const required = problem?.required ?? '';
    return { kind: 'forbidden', required, message: say(t('network.forbidden')) };
  }
  if (status === 429) {
    return {
      kind: 'rate_limited',
      retryAfterSeconds: retryAfterSeconds(answer.retryAfter, nowMs),
      message: say(t('network.asksToWait', { host })),
    };
  }
  if (status === 502 || status === 503 || status === 504) {
    const message = say(t('network.cannotNow', { host, status: String(status) }));
    const service = problem?.service;
    return service === undefined
      ? { kind: 'unreachable', message }
      : { kind: 'unreachable', message, service };
  }
  if (problem === undefined) return foreignAnswer(status, host);
  if (status === 404 || status === 409 || status === 412) {
    const current = problem.current ?? problem.existing ?? null;
    const impact = impactSchema.safeParse(problem).data;
    return { kind: 'conflict', code, message: say(''), current, ...(impact && { impact }) };
  }
  if (status >= 400 && status < 500) {
    const first = problem.errors?.[0];
    const field = problem.field ?? first?.field ?? '';
    return { kind: 'invalid', code, field, message: say('') };
  }
  return { kind: 'service', code, message: say('') };
}

/** No Gatehouse service answers like this, so most likely the URL belongs to something else. */
function foreignAnswer(status: number, host: string): Failure {
  if (status >= 300 && status < 400) {
    const message = t('network.elsewhere', { host, status: String(status) });
    return { kind: 'service', code: 'redirected', message };
  }
  if (status === 404) {
    return { kind: 'service', code: 'not_gatehouse', message: t('network.notGatehouse', { host }) };
  }
  return {
    kind: 'service',
    code: `http_${status}`,
    message: t('network.error', { host, status: String(status) }),
  };
}

function problemOf(text: string): Problem | undefined {
  try {
    const parsed = problemSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Parses seconds or an HTTP date (RFC 9110, 10.2.3). Bounded, so that no answer silences the console for a day. */
function retryAfterSeconds(header: string | undefined, nowMs: number): number {
  if (header === undefined) return DEFAULT_RETRY_AFTER_SECONDS;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - nowMs) / 1000;
  if (Number.isNaN(seconds)) return DEFAULT_RETRY_AFTER_SECONDS;
  return Math.min(Math.max(Math.ceil(seconds), 0), LONGEST_RETRY_AFTER_SECONDS);
}
