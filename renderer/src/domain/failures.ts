import type { Range, Review } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import type { Failure } from '#shared/ipc/failure';
import { capital, formatAtMoment } from '../ui/format';

export interface FailureText {
  readonly message: string;
  /** The field that it is about; null if it is about the whole form. */
  readonly field: string | null;
}

/** The field whose value somebody or something else has already. */
const CONFLICT_FIELDS: Readonly<Record<string, string>> = { duplicate: 'cidr', email_taken: 'email' };

/** The only function that turns failures into words. */
export function explainFailure(failure: Failure, nowMs: number): FailureText {
  switch (failure.kind) {
    case 'invalid':
      return { message: sentence(failure.message), field: failure.field === '' ? null : failure.field };
    case 'conflict':
      return {
        message: conflictSentence(failure, nowMs),
        field: CONFLICT_FIELDS[failure.code] ?? null,
      };
    case 'unreachable': {
      const why = sentence(failure.message);
      return {
        message: t(failure.service === undefined ? 'failures.unreachable' : 'failures.cannotNow', { why }),
        field: null,
      };
    }
    case 'unauthorized':
      return {
        message: t(failure.code === 'token_expired' ? 'failures.tokenExpired' : 'failures.tokenWrong'),
        field: 'token',
      };
    case 'forbidden':
      return {
        message:
          failure.required === 'owner'
            ? t('failures.ownersOnly')
            : t('failures.forbidden', { permission: permissionName(failure.required) }),
        field: null,
      };
    case 'rate_limited': {
      const seconds = Math.max(1, Math.ceil(failure.retryAfterSeconds));
      return { message: t('failures.tooManyTries', { seconds }), field: null };
    }
    case 'service':
      return { message: t('failures.ofService', { why: sentence(failure.message) }), field: null };
    case 'storage':
      return { message: t('failures.ofStorage', { why: sentence(failure.message) }), field: null };
    case 'internal':
      return {
        message:
          failure.message === ''
            ? t('failures.ofConsole')
            : t('failures.ofConsoleBecause', { why: sentence(failure.message) }),
        field: null,
      };
  }
}

/** A permission has the name of the screen that it opens. */
export function permissionName(permission: string): string {
  if (permission === 'authorized_ips') return t('frame.screen_ranges');
  return permission === 'api_keys' ? t('frame.screen_keys') : permission;
}

function conflictSentence(failure: Extract<Failure, { kind: 'conflict' }>, nowMs: number): string {
  const { code, current } = failure;
  if (code === 'already_decided' && current !== null && 'decidedAt' in current) {
    return answeredSentence(current, nowMs);
  }
  if (code === 'duplicate' && current !== null && 'cidr' in current) return duplicateSentence(current);
  if (code === 'stale') return t('failures.stale');
  if (code === 'not_found') return t('failures.gone');
  return sentence(failure.message);
}

function duplicateSentence({ cidr, label, effect }: Range): string {
  const done = effect === 'authorize' ? 'authorize' : 'deny';
  return label === ''
    ? t(`failures.duplicate_${done}`, { cidr })
    : t(`failures.labelled_${done}`, { cidr, label });
}

/** Describes the end of a review that this window did not answer. */
export function answeredSentence({ status, decidedBy: by, decidedAt }: Review, nowMs: number): string {
  if (decidedAt === null || status === 'pending' || status === UNRECOGNISED) {
    return t(`failures.answered_${status}`);
  }
  const at = formatAtMoment(decidedAt, nowMs);
  return by === null || status === 'superseded' || status === 'expired'
    ? t(`failures.answeredAt_${status}`, { at })
    : t(`failures.answeredBy_${status}`, { by, at });
}

function sentence(message: string): string {
  const trimmed = message.trim();
  if (trimmed === '') return t('failures.noDetails');
  // An e-mail address at the beginning stays as it is.
  const first = /^\S+@/.test(trimmed) ? trimmed : capital(trimmed);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}

export function fieldMessage(text: FailureText | null, field: string): string | null {
  return text !== null && text.field === field ? text.message : null;
}

/** Returns the message for the form as a whole, which includes messages about fields that the form does not show. */
export function formMessage(text: FailureText | null, fields: readonly string[]): string | null {
  return text !== null && (text.field === null || !fields.includes(text.field)) ? text.message : null;
}
