import type { Operation } from '#shared/api/routes-operations';
import { networkInScope, rangeOfAnswer } from '#shared/domain/answer-review';
import type { Range, Review } from '#shared/domain/entities';
import { hostOf } from '#shared/domain/settle-reviews';
import { UNRECOGNISED } from '#shared/domain/told';
import type { PolicyEntity } from '#shared/domain/outbox';
import { succeeded } from '#shared/ipc/failure';
import type { OperationRequest } from '#shared/ipc/outbox';
import { type Cidr, cidrContainsCidr, formatCidr, parseCidr } from '#shared/ip/index';
import { type QueuedOperation, isRange, isReview, type NewOperation } from './queued-operation';
import { asFailure, idAndTime, type Planned, planOperation, type Planning } from './plan-operation';

type OperationOf<T extends Operation['type']> = Extract<Operation, { type: T }>;

/**
 * Repeats an operation that waits for a person, based on the current state of its entity, under a new id, because the service has
 * answered to the old one. Returns an empty list if nothing is left to do. Pure.
 */
export function keepMine(
  queued: QueuedOperation,
  current: PolicyEntity | null,
  planning: Planning,
): readonly NewOperation[] {
  const { operation, base, state } = queued;
  const again = { ...operation, ...idAndTime(planning) };
  delete again.expiresAt;
  if (state.kind !== 'conflicted') return [{ operation: again, base }];
  if (state.code === 'would_block') return [{ operation: { ...again, confirmImpact: true }, base }];
  switch (operation.type) {
    case 'range.add':
      // The range exists with another label or expiry, and is changed to what was asked for.
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

/** Returns the operations that replace one that waits for a person, or the refusal that the service would give. */
export function planInstead(
  request: OperationRequest,
  current: PolicyEntity | null,
  planning: Planning,
): Planned {
  if (request.type !== 'review.authorize' && request.type !== 'review.deny')
    return planOperation(planning, request);
  const review = isReview(current) && current.id === request.reviewId ? current : null;
  if (review === null || review.status === 'pending') return planOperation(planning, request);
  // A review is answered once (docs/behaviour.md 1.8.4), so this answer is kept like one that came second.
  if (request.type === 'review.deny') return succeeded(keepOut(request, review, planning));
  const network = networkInScope(review, request.scope, planning.view.account);
  if ('refusal' in network) return asFailure(network);
  return succeeded(letIn({ ...request, ...idAndTime(planning) }, review, planning));
}

/** Makes the operations behind a decided one start from the range that it left. Returns an empty list where that is not known. */
export function rebased(
  followers: readonly QueuedOperation[],
  on: { readonly rangeId: string; readonly version: number } | null,
) {
  if (on === null) return [];
  let { version } = on;
  return followers.flatMap((queued): QueuedOperation[] => {
    const { operation } = queued;
    if (operation.type !== 'range.update' && operation.type !== 'range.remove') return [];
    const baseVersion = version;
    version += 1;
    return [{ ...queued, operation: { ...operation, rangeId: on.rangeId, baseVersion } }];
  });
}

type AddFields = Pick<
  OperationOf<'range.add'>,
  'cidr' | 'effect' | 'label' | 'keyId' | 'rangeExpiresAt' | 'allowWide'
>;

function adding(planning: Planning, fields: AddFields): NewOperation {
  return {
    operation: { ...idAndTime(planning), type: 'range.add', rangeId: planning.newId(), ...fields },
    base: null,
  };
}

function changing(
  planning: Planning,
  range: Range,
  changes: OperationOf<'range.update'>['changes'],
): NewOperation {
  const { id: rangeId, version: baseVersion } = range;
  return {
    operation: { ...idAndTime(planning), type: 'range.update', rangeId, baseVersion, changes },
    base: range,
  };
}

function removing(planning: Planning, range: Range): NewOperation {
  const { id: rangeId, version: baseVersion } = range;
  return { operation: { ...idAndTime(planning), type: 'range.remove', rangeId, baseVersion }, base: range };
}

function updateAgain(
  operation: OperationOf<'range.update'>,
  base: Range | null,
  current: Range | null,
  planning: Planning,
): readonly NewOperation[] {
  const { rangeId, changes } = operation;
  if (current === null) {
    if (base === null) return [];
    // The range was removed elsewhere, so it is added again with the changes.
    const { cidr } = base;
    const { label = base.label, effect = base.effect, keyId = base.keyId } = changes;
    const { expiresAt: rangeExpiresAt = base.expiresAt } = changes;
    // A range that was in the list was confirmed before, however wide it is.
    const known = effect === UNRECOGNISED ? 'deny' : effect;
    return [adding(planning, { cidr, label, effect: known, keyId, rangeExpiresAt, allowWide: true })];
  }
  if (current.id !== rangeId) {
    // Another range says what this one would say, so it is removed first.
    const range = planning.view.range(rangeId) ?? base;
    const version = range === null ? {} : { baseVersion: range.version };
    return [
      removing(planning, current),
      {
        operation: { ...idAndTime(planning), type: 'range.update', rangeId, changes, ...version },
        base: range,
      },
    ];
  }
  return [changing(planning, current, changes)];
}

/**
 * Returns true if a denied range overrides an authorized `network`: the longer prefix decides, and `deny` at equal length
 * (docs/behaviour.md 1.2.2).
 */
function standsAgainst({ cidr, effect }: Range, network: Cidr): boolean {
  const denied = effect === 'deny' ? parseCidr(cidr) : undefined;
  return denied !== undefined && cidrContainsCidr(network, denied);
}

/**
 * A review is answered once, so the range of this answer is added to the list instead, and a denied range of the other answer
 * that overrides it is removed. A wider denied range stays, because it also keeps others out.
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
 * Takes back the current answer. A range of the answer that somebody has changed since is removed first. Returns an empty list if
 * no answer settled the review.
 */
function reopenAgain(
  operation: OperationOf<'review.reopen'>,
  base: PolicyEntity | null,
  current: PolicyEntity | null,
  planning: Planning,
): readonly NewOperation[] {
  const again = (): OperationOf<'review.reopen'> => ({ ...operation, ...idAndTime(planning) });
  if (isRange(current)) {
    return [removing(planning, current), { operation: again(), base }];
  }
  if (!isReview(current) || current.id !== operation.reviewId) return [];
  if (current.status !== 'authorized' && current.status !== 'denied') return [];
  return [{ operation: { ...again(), baseVersion: current.version }, base: current }];
}

/** A denied range for this one address overrides every range that authorizes it. */
function keepOut(
  { note = '' }: Pick<OperationOf<'review.deny'>, 'note'>,
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
