import type { Operation } from '#shared/api/routes-operations';
import { rangeOfAnswer } from '#shared/domain/answer-review';
import type { Range, Review } from '#shared/domain/entities';
import { hostOf } from '#shared/domain/settle-reviews';
import { UNRECOGNISED } from '#shared/domain/told';
import type { PolicyEntity } from '#shared/domain/outbox';
import { type Cidr, cidrContainsCidr, formatCidr, parseCidr } from '#shared/ip/index';
import { isoTime } from '../text';
import { type QueuedOperation, isRange, isReview, type NewOperation } from './queued-operation';
import type { Planning } from './plan-operation';

type OperationOf<T extends Operation['type']> = Extract<Operation, { type: T }>;

/**
 * A parked edit once more, on top of how its entity stands now: under a new id, because the service has answered to the
 * old one. Empty when nothing is left to do. Pure.
 */
export function keepMine(
  entry: QueuedOperation,
  current: PolicyEntity | null,
  planning: Planning,
): readonly NewOperation[] {
  const { operation, base, state } = entry;
  const isConflict = state.kind === 'parked' && state.reason === 'conflict';
  const again = { ...operation, ...common(planning) };
  delete again.expiresAt;
  if (!isConflict) return [{ operation: again, base }];
  switch (operation.type) {
    case 'range.add':
      // It is there already, in another way: it is made to be what was asked for.
      return isRange(current)
        ? [changing(planning, current, { label: operation.label, expiresAt: operation.rangeExpiresAt })]
        : [{ operation: again, base }];
    case 'range.update':
      return updateAgain(operation, isRange(base) ? base : null, isRange(current) ? current : null, planning);
    case 'range.remove':
      return isRange(current) ? [removing(planning, current)] : [];
    case 'review.authorize':
      return isReview(current) ? letIn(operation, current, planning) : [];
    case 'review.deny':
      return isReview(current) ? keepOut(operation, current, planning) : [];
    case 'review.reopen':
      return reopenAgain(operation, base, current, planning);
    case 'mode.set':
      return [{ operation: again, base: current ?? base }];
  }
}

/**
 * The edits behind one that was decided, made to start from what it leaves: the range with this version (and id), or
 * nothing new where that is not known.
 */
export function rebased(
  followers: readonly QueuedOperation[],
  on: { readonly rangeId: string; readonly version: number } | null,
) {
  if (on === null) return [];
  let { version } = on;
  return followers.flatMap((entry): QueuedOperation[] => {
    const { operation } = entry;
    if (operation.type !== 'range.update' && operation.type !== 'range.remove') return [];
    const baseVersion = version;
    version += 1;
    return [{ ...entry, operation: { ...operation, rangeId: on.rangeId, baseVersion } }];
  });
}

const common = ({ newId, nowMs }: Planning) => ({ id: newId(), madeAt: isoTime(nowMs) });

type AddFields = Pick<
  OperationOf<'range.add'>,
  'cidr' | 'effect' | 'label' | 'keyId' | 'rangeExpiresAt' | 'allowWide'
>;

const adding = (planning: Planning, fields: AddFields): NewOperation => ({
  operation: { ...common(planning), type: 'range.add', rangeId: planning.newId(), ...fields },
  base: null,
});

const changing = (
  planning: Planning,
  range: Range,
  changes: OperationOf<'range.update'>['changes'],
): NewOperation => {
  const { id: rangeId, version: baseVersion } = range;
  return {
    operation: { ...common(planning), type: 'range.update', rangeId, baseVersion, changes },
    base: range,
  };
};

const removing = (planning: Planning, range: Range): NewOperation => {
  const { id: rangeId, version: baseVersion } = range;
  return { operation: { ...common(planning), type: 'range.remove', rangeId, baseVersion }, base: range };
};

function updateAgain(
  operation: OperationOf<'range.update'>,
  base: Range | null,
  current: Range | null,
  planning: Planning,
): readonly NewOperation[] {
  const { rangeId, changes } = operation;
  if (current === null) {
    if (base === null) return [];
    // Removed elsewhere: it is added again as it would be now.
    const { cidr } = base;
    const { label = base.label, effect = base.effect, keyId = base.keyId } = changes;
    const { expiresAt: rangeExpiresAt = base.expiresAt } = changes;
    // It was in the list, however wide.
    const known = effect === UNRECOGNISED ? 'deny' : effect;
    return [adding(planning, { cidr, label, effect: known, keyId, rangeExpiresAt, allowWide: true })];
  }
  if (current.id !== rangeId) {
    // Another range says what this one would say. It makes room.
    const range = planning.view.range(rangeId) ?? base;
    const version = range === null ? {} : { baseVersion: range.version };
    return [
      removing(planning, current),
      { operation: { ...common(planning), type: 'range.update', rangeId, changes, ...version }, base: range },
    ];
  }
  return [changing(planning, current, changes)];
}

/** Whether a denied range goes before one that is let in: the longer prefix wins, and at equal length the denial. */
function standsAgainst({ cidr, effect }: Range, network: Cidr): boolean {
  const denied = effect === 'deny' ? parseCidr(cidr) : undefined;
  return denied !== undefined && cidrContainsCidr(network, denied);
}

/**
 * A question is answered once. What its other answer would have added is added to the list, and what stands against it
 * goes. A wider denial does not: it is none of this answer's business what else it keeps out.
 */
function letIn(
  answer: OperationOf<'review.authorize'>,
  review: Review,
  planning: Planning,
): readonly NewOperation[] {
  const { view, nowMs } = planning;
  const wanted = rangeOfAnswer(review, answer, view.account, nowMs);
  if (wanted === undefined || 'refusal' in wanted) return [];
  const { label, keyId, expiresAt } = wanted;
  const cidr = formatCidr(wanted.cidr);
  const theirs = review.rangeId === null ? undefined : view.range(review.rangeId);
  const isOpposed = theirs !== undefined && standsAgainst(theirs, wanted.cidr);
  const room = isOpposed ? [removing(planning, theirs)] : [];
  const same = view.same({ cidr, effect: 'authorize', keyId });
  if (same !== undefined) {
    return same.expiresAt === expiresAt ? room : [...room, changing(planning, same, { expiresAt })];
  }
  const allowWide = typeof answer.scope === 'object' && answer.scope.allowWide === true;
  const fields = { cidr, effect: 'authorize', label, keyId, rangeExpiresAt: expiresAt, allowWide } as const;
  return [...room, adding(planning, fields)];
}

/**
 * Takes back the answer that stands now; a range of the answer that somebody has changed since goes first. There is
 * nothing to take back where it was no answer that settled the question.
 */
function reopenAgain(
  operation: OperationOf<'review.reopen'>,
  base: PolicyEntity | null,
  current: PolicyEntity | null,
  planning: Planning,
): readonly NewOperation[] {
  const again = (): OperationOf<'review.reopen'> => ({ ...operation, ...common(planning) });
  if (isRange(current)) {
    return [removing(planning, current), { operation: again(), base }];
  }
  if (!isReview(current) || current.id !== operation.reviewId) return [];
  if (current.status !== 'authorized' && current.status !== 'denied') return [];
  return [{ operation: { ...again(), baseVersion: current.version }, base: current }];
}

/** Whatever lets the address in, a denial of this one address goes before it. */
function keepOut(
  { note = '' }: OperationOf<'review.deny'>,
  review: Review,
  planning: Planning,
): readonly NewOperation[] {
  const network = hostOf(review);
  if (network === undefined) return [];
  const cidr = formatCidr(network);
  if (planning.view.same({ cidr, effect: 'deny', keyId: null }) !== undefined) return [];
  const fields = { cidr, effect: 'deny', label: note, keyId: null } as const;
  return [adding(planning, { ...fields, rangeExpiresAt: null, allowWide: false })];
}
