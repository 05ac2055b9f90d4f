import type { Operation } from '#shared/api/routes-operations';
import type { Range, Review } from '#shared/domain/entities';
import { isUndecided, type PolicyEntity } from '#shared/domain/outbox';
import type { ListedOperation, Resolution } from '#shared/ipc/outbox';
import { authorizeRequest, noteOf } from '../../domain/answer';
import { DURATIONS } from '../../domain/durations';
import {
  effectIn,
  rangeChanges,
  type RangeStart,
  type RangeRequest,
  startOf,
} from '../../forms/range-values';
import { type AnswerDraft, emptyAnswerDraft } from '../../stores/ui';

/** Subject of the form that replaces a held operation. */
export type ReplacementSubject =
  | {
      readonly kind: 'range';
      readonly start: RangeStart;
      /** The range that would be changed, as it is now; null if one would be added. */
      readonly existing: Range | null;
      /** True if no other range can be chosen. */
      readonly fixed: boolean;
    }
  | {
      readonly kind: 'answer';
      readonly review: Review;
      readonly draft: AnswerDraft;
      readonly deny: boolean;
      /** True if the review was answered elsewhere; another answer then only adds a range. */
      readonly answered: boolean;
    };

/** Returns the editable part of a held operation on top of the current state; null if there is none. */
export function replacementSubject({
  operation,
  base,
  state,
  attempts,
}: ListedOperation): ReplacementSubject | null {
  if (!isUndecided(state)) return null;
  // It may have arrived in spite of the failure; a replacement would then be applied besides it.
  if (state.kind === 'held' && attempts > 0) return null;
  const current = isRange(state.current) ? state.current : null;
  switch (operation.type) {
    case 'range.add': {
      const { cidr, effect, label, keyId, rangeExpiresAt: expiresAt, allowWide } = operation;
      const start = { text: cidr, effect, label, keyId, expiresAt, allowWide };
      return { kind: 'range', start, existing: current, fixed: false };
    }
    case 'range.update':
      return changeSubject(operation, isRange(base) ? base : null, current, state.kind === 'conflicted');
    case 'range.remove':
      return current === null
        ? null
        : { kind: 'range', start: startOf(current), existing: current, fixed: true };
    case 'review.authorize':
    case 'review.deny':
      return isReview(base)
        ? {
            kind: 'answer',
            review: base,
            draft: draftOf(operation),
            deny: operation.type === 'review.deny',
            answered: isReview(state.current) && state.current.status !== 'pending',
          }
        : null;
    default:
      return null;
  }
}

type Update = Extract<Operation, { type: 'range.update' }>;

function changeSubject(
  { rangeId, changes }: Update,
  base: Range | null,
  current: Range | null,
  isConflict: boolean,
): ReplacementSubject | null {
  // In a conflict, theirs may also be another range with the same content.
  const existing = current?.id === rangeId ? current : current !== null || !isConflict ? base : null;
  const shown = existing ?? base;
  if (shown === null) return null;
  const { label = shown.label, effect = shown.effect, keyId = shown.keyId } = changes;
  const { expiresAt = shown.expiresAt } = changes;
  // An existing range may stay as wide as it is.
  const start = { text: shown.cidr, label, effect: effectIn(effect), keyId, expiresAt, allowWide: true };
  return { kind: 'range', start, existing, fixed: existing !== null };
}

type Answer = Extract<Operation, { type: 'review.authorize' | 'review.deny' }>;

function draftOf(operation: Answer): AnswerDraft {
  if (operation.type === 'review.deny') {
    return { ...emptyAnswerDraft, addDenyRange: operation.addDenyRange, note: operation.note ?? '' };
  }
  const { scope, durationSeconds, thisKeyOnly, note = '' } = operation;
  const own = typeof scope === 'object' ? scope : null;
  // A duration that the form does not have becomes the next shorter one.
  const duration =
    durationSeconds === undefined
      ? 'forever'
      : (DURATIONS.findLast(({ seconds }) => seconds !== null && seconds <= durationSeconds)?.value ??
        'hour');
  return {
    ...emptyAnswerDraft,
    scope: typeof scope === 'string' ? scope : 'own',
    ownText: own?.cidr ?? '',
    allowWide: own?.allowWide ?? false,
    duration,
    thisKeyOnly,
    note,
  };
}

/** Turns the form for a range into a resolution. If nothing differs from the existing range, it accepts theirs. */
export function rangeResolution(
  { existing, fixed }: Extract<ReplacementSubject, { kind: 'range' }>,
  { cidr, effect, label, keyId, expiresAt, allowWide }: RangeRequest,
): Resolution {
  const isSame =
    existing !== null &&
    (fixed || (cidr === existing.cidr && effect === existing.effect && keyId === existing.keyId));
  if (!isSame) {
    return {
      choice: 'replace',
      request: { type: 'range.add', cidr, effect, label, keyId, expiresAt, allowWide },
    };
  }
  const changes = rangeChanges(existing, { label, effect, keyId, expiresAt });
  return Object.keys(changes).length === 0
    ? { choice: 'take_theirs' }
    : { choice: 'replace', request: { type: 'range.update', rangeId: existing.id, changes } };
}

export function answerResolution(review: Review, draft: AnswerDraft, deny: boolean): Resolution {
  const replacement = deny
    ? {
        type: 'review.deny' as const,
        reviewId: review.id,
        addDenyRange: draft.addDenyRange,
        ...noteOf(draft),
      }
    : { type: 'review.authorize' as const, ...authorizeRequest(review, draft) };
  return { choice: 'replace', request: replacement };
}

function isRange(entity: PolicyEntity | null): entity is Range {
  return entity !== null && 'cidr' in entity;
}
function isReview(entity: PolicyEntity | null): entity is Review {
  return entity !== null && 'evidence' in entity;
}
