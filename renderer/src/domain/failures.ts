import type { Range, Review } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import type { Failure } from '#shared/ipc/failure';
import { capital, formatMoment } from '../ui/format';

export interface FailureText {
  readonly message: string;
  /** The field that it is about; null if it is about the whole form. */
  readonly field: string | null;
}

const PERMISSION_WORDS: Readonly<Record<string, string>> = {
  authorized_ips: '“Authorized IPs”',
  api_keys: '“API keys”',
};

/** The only function that turns failures into words. */
export function explainFailure(failure: Failure, nowMs: number): FailureText {
  switch (failure.kind) {
    case 'invalid':
      return { message: sentence(failure.message), field: failure.field === '' ? null : failure.field };
    case 'conflict':
      return {
        message: conflictSentence(failure, nowMs),
        field: failure.code === 'duplicate' ? 'cidr' : null,
      };
    case 'unreachable':
      return {
        message:
          failure.service === undefined
            ? `The service cannot be reached, so nothing was changed. ${sentence(failure.message)}`
            : `The service cannot do it at the moment, so nothing was changed. ${sentence(failure.message)}`,
        field: null,
      };
    case 'unauthorized':
      return {
        message:
          failure.code === 'token_expired'
            ? 'The access token has expired. Enter a new one; nothing was changed.'
            : 'The service does not accept the access token. Nothing was changed.',
        field: 'token',
      };
    case 'forbidden':
      return {
        message: `Your access token may not do this: it lacks the permission ${PERMISSION_WORDS[failure.required] ?? `“${failure.required}”`}. An owner of the account can give it to you.`,
        field: null,
      };
    case 'rate_limited':
      return {
        message: `Too many tries. The service takes the next one in ${Math.max(1, Math.ceil(failure.retryAfterSeconds))} s.`,
        field: null,
      };
    case 'service':
      return { message: `The service reported a problem: ${sentence(failure.message)}`, field: null };
    case 'storage':
      return { message: `${sentence(failure.message)} Nothing was changed.`, field: null };
    case 'internal':
      return {
        message: `Something went wrong in the console itself${failure.message === '' ? '.' : `: ${sentence(failure.message)}`} Details are in its log.`,
        field: null,
      };
  }
}

function conflictSentence(failure: Extract<Failure, { kind: 'conflict' }>, nowMs: number): string {
  const { code, current } = failure;
  if (code === 'already_decided' && current !== null && 'decidedAt' in current) {
    return answeredSentence(current, nowMs);
  }
  if (code === 'duplicate' && current !== null && 'cidr' in current) return duplicateSentence(current);
  if (code === 'stale')
    return 'Somebody else changed this in the meantime. Look at it again before you go on.';
  if (code === 'not_found') return 'This is not there any more: somebody else removed it in the meantime.';
  return sentence(failure.message);
}

function duplicateSentence(range: Range): string {
  const label = range.label === '' ? '' : `, labelled “${range.label}”`;
  const what = range.effect === 'authorize' ? 'authorized' : 'denied';
  return `${range.cidr} is ${what} already${label}.`;
}

/** Describes the end of a review that this window did not answer. */
export function answeredSentence(review: Review, nowMs: number): string {
  const by = review.decidedBy === null ? '' : ` by ${review.decidedBy}`;
  const at = review.decidedAt === null ? '' : ` at ${formatMoment(review.decidedAt, nowMs)}`;
  switch (review.status) {
    case 'authorized':
      return `Answered already: authorized${by}${at}.`;
    case 'denied':
      return `Answered already: denied${by}${at}.`;
    case 'superseded':
      return `Nothing left to answer: another range covers this address now${at}.`;
    case 'expired':
      return `Nothing left to answer: the review expired${at}.`;
    case 'pending':
      return 'The review is open again.';
    case UNRECOGNISED:
      return `Answered already, in a way that this console does not know${by}${at}. Update it.`;
  }
}

function sentence(message: string): string {
  const trimmed = message.trim();
  if (trimmed === '') return 'No details were given.';
  const first = capital(trimmed);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}

export function fieldMessage(text: FailureText | null, field: string): string | null {
  return text !== null && text.field === field ? text.message : null;
}

/** Returns the message for the form as a whole, which includes messages about fields that the form does not show. */
export function formMessage(text: FailureText | null, fields: readonly string[]): string | null {
  return text !== null && (text.field === null || !fields.includes(text.field)) ? text.message : null;
}
