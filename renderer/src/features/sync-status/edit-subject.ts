import type { Operation } from '#shared/api/routes-operations';
import type { Range, Review } from '#shared/domain/entities';
import type { PolicyEntity } from '#shared/domain/outbox';
import type { OutboxItem, Resolution } from '#shared/ipc/outbox';
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

/** What the form for another edit in the place of a parked one is about. */
export type EditSubject =
  | {
      readonly kind: 'range';
      readonly start: RangeStart;
      /** The range that would be changed, as it stands now; null where one would be added. */
      readonly existing: Range | null;
      /** Whether it can only be this one. */
      readonly fixed: boolean;
    }
  | {
      readonly kind: 'answer';
      readonly review: Review;
      readonly draft: AnswerDraft;
      readonly deny: boolean;
      /** Whether it was answered elsewhere: another answer then only adds to the list. */
      readonly answered: boolean;
    };

/** What can be edited about a parked edit: mine, on top of how it stands now. Null where there is nothing to edit. */
export function editSubject({ operation, base, state, attempts }: OutboxItem): EditSubject | null {
  if (state.kind !== 'parked') return null;
  // It may have arrived all the same, and would then be done besides the other.
  if (state.reason === 'needs_confirmation' && attempts > 0) return null;
  const current = isRange(state.current) ? state.current : null;
  switch (operation.type) {
    case 'range.add': {
      const { cidr, effect, label, keyId, rangeExpiresAt: expiresAt, allowWide } = operation;
      const start = { text: cidr, effect, label, keyId, expiresAt, allowWide };
      return { kind: 'range', start, existing: current, fixed: false };
    }
    case 'range.update':
      return changeSubject(operation, isRange(base) ? base : null, current, state.reason === 'conflict');
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
): EditSubject | null {
  // In a conflict theirs may also be another range that says what this one would say.
  const existing = current?.id === rangeId ? current : current !== null || !isConflict ? base : null;
  const shown = existing ?? base;
  if (shown === null) return null;
  const { label = shown.label, effect = shown.effect, keyId = shown.keyId } = changes;
  const { expiresAt = shown.expiresAt } = changes;
  // It was in the list, however wide.
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
  // One that the form does not know becomes the next shorter one.
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

/** What the form for a range asks for: a change of the range that is there, another one, or, unchanged, nothing of mine. */
export function rangeResolution(
  { existing, fixed }: Extract<EditSubject, { kind: 'range' }>,
  { cidr, effect, label, keyId, expiresAt, allowWide }: RangeRequest,
): Resolution {
  const isSame =
    existing !== null &&
    (fixed || (cidr === existing.cidr && effect === existing.effect && keyId === existing.keyId));
  if (!isSame) {
    return {
      choice: 'edit',
      edit: { type: 'range.add', cidr, effect, label, keyId, expiresAt, allowWide },
    };
  }
  const changes = rangeChanges(existing, { label, effect, keyId, expiresAt });
  return Object.keys(changes).length === 0
    ? { choice: 'take_theirs' }
    : { choice: 'edit', edit: { type: 'range.update', rangeId: existing.id, changes } };
}

/** What the form for an answer asks for. */
export function answerResolution(review: Review, draft: AnswerDraft, deny: boolean): Resolution {
  const edit = deny
    ? {
        type: 'review.deny' as const,
        reviewId: review.id,
        addDenyRange: draft.addDenyRange,
        ...noteOf(draft),
      }
    : { type: 'review.authorize' as const, ...authorizeRequest(review, draft) };
  return { choice: 'edit', edit };
}

const isRange = (entity: PolicyEntity | null): entity is Range => entity !== null && 'cidr' in entity;
const isReview = (entity: PolicyEntity | null): entity is Review => entity !== null && 'evidence' in entity;
