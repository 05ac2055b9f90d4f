import type { Operation } from '#shared/api/routes-operations';
import { alreadyDecided, knownReview, networkInScope } from '#shared/domain/answer-review';
import { addRanges, removeRange, updateRange } from '#shared/domain/change-ranges';
import type { Permission, Range, Review } from '#shared/domain/entities';
import type { MirrorView, PolicyRefusal, Refused, RuleContext } from '#shared/domain/policy-state';
import { isAnswered } from '#shared/domain/reopen-review';
import type { CallRequest } from '#shared/ipc/derive';
import type { OperationRequest } from '#shared/ipc/outbox';
import { failed, type Failure, type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import { isoTime } from '../text';
import {
  type QueuedOperation,
  isAnswer,
  isReview,
  isUnsent,
  type NewOperation,
  reviewSubject,
} from './queued-operation';

export interface Planning {
  /** The shown state, which is what the author of the operation sees. */
  readonly view: MirrorView;
  /** The last operation on an entity, by {@link subjectOf}, that the service has not acknowledged. */
  readonly lastOn: (subject: string) => QueuedOperation | undefined;
  /** Returns the id under which the service knows a range, or the given one if no other is known. */
  readonly realId: (rangeId: string) => string;
  /** Returns true if the range stands in for one that the service will make under an id of its own. */
  readonly isStandIn: (range: Range) => boolean;
  readonly newId: () => string;
  /** Milliseconds since the epoch by the service's clock, which decides when something ends. */
  readonly nowMs: number;
}

type RequestOf<T extends OperationRequest['type']> = Omit<Extract<OperationRequest, { type: T }>, 'type'>;

export type Planned = Outcome<readonly NewOperation[]>;

/** Returns the operations that a person asks for, or the refusal that the service would give. */
export function planOperation(planning: Planning, request: OperationRequest): Planned {
  switch (request.type) {
    case 'range.add':
      return planAddRange(planning, request);
    case 'range.update':
      return planUpdateRange(planning, request);
    case 'review.authorize':
      return planAuthorize(planning, request);
    case 'review.deny':
      return planDeny(planning, request);
  }
}

export function idAndTime({ newId, nowMs }: Planning) {
  return { id: newId(), madeAt: isoTime(nowMs) };
}

function contextOf({ newId, nowMs, view }: Planning): RuleContext {
  return {
    now: nowMs,
    author: view.account?.me.email ?? '',
    newRangeId: newId,
  };
}

export function asFailure({ refusal }: Refused): { readonly ok: false; readonly failure: Failure } {
  const { code, message, field = '', existing, current = existing ?? null } = refusal;
  return failed(
    isInvalid(code)
      ? { kind: 'invalid', code, field, message }
      : { kind: 'conflict', code, message, current },
  );
}

function isInvalid(code: PolicyRefusal['code']): boolean {
  return code === 'invalid_request' || code === 'invalid_cidr' || code === 'too_wide';
}

/** Returns one operation for each range that the text means, so that later operations can name each range. */
export function planAddRange(planning: Planning, request: RequestOf<'range.add'>): Planned {
  const { cidr: text, effect, label, keyId, expiresAt: rangeExpiresAt, allowWide, confirmImpact } = request;
  const fields = { cidr: text, effect, label, keyId, rangeExpiresAt, allowWide };
  const change = { type: 'range.add', ...fields, ...confirmed(confirmImpact) } as const;
  const outcome = addRanges(planning.view, change, contextOf(planning));
  if ('refusal' in outcome) return asFailure(outcome);
  return succeeded(
    outcome.ranges.map(({ id: rangeId, cidr }) => ({
      // `allowWide` was confirmed for the whole text, of which this range may be a part.
      operation: { ...idAndTime(planning), ...change, rangeId, cidr },
      base: null,
    })),
  );
}

interface Confirmable {
  readonly confirmImpact?: boolean | undefined;
}

/** Only a confirmation is sent, because an older service does not know the field. */
function confirmed(confirmImpact: boolean | undefined): { readonly confirmImpact?: true } {
  return confirmImpact === true ? { confirmImpact } : {};
}

function shownId({ view, realId }: Planning, id: string): string {
  return view.range(id) === undefined ? realId(id) : id;
}

/** A range that only stands in for one of the service cannot be named to the service. */
function editable({ view, isStandIn }: Planning, rangeId: string): Outcome<Range> {
  const range = view.range(rangeId);
  if (range === undefined) throw new Error(`range ${rangeId} is not shown`);
  if (!isStandIn(range)) return succeeded(range);
  const message = t('refusals.notSynced');
  return failed({ kind: 'conflict', code: 'not_synced', message, current: range });
}

export function planUpdateRange(
  planning: Planning,
  request: RequestOf<'range.update'> & { readonly version?: number } & Confirmable,
): Planned {
  const change = {
    type: 'range.update',
    rangeId: shownId(planning, request.rangeId),
    baseVersion: request.version,
    changes: request.changes,
    ...confirmed(request.confirmImpact),
  } as const;
  const outcome = updateRange(planning.view, change, contextOf(planning));
  if ('refusal' in outcome) return asFailure(outcome);
  const before = editable(planning, change.rangeId);
  if (!before.ok) return before;
  const operation: Operation = { ...idAndTime(planning), ...change, baseVersion: before.value.version };
  return succeeded([{ operation, base: before.value }]);
}

/** Returns no operation if the range is gone already. */
export function planRemoveRange(
  planning: Planning,
  request: { readonly rangeId: string; readonly version: number } & Confirmable,
): Planned {
  const change = {
    type: 'range.remove',
    rangeId: shownId(planning, request.rangeId),
    baseVersion: request.version,
    ...confirmed(request.confirmImpact),
  } as const;
  const outcome = removeRange(planning.view, change);
  if ('refusal' in outcome) return outcome.refusal.code === 'not_found' ? succeeded([]) : asFailure(outcome);
  const before = editable(planning, change.rangeId);
  if (!before.ok) return before;
  const operation: Operation = { ...idAndTime(planning), ...change };
  return succeeded([{ operation, base: before.value }]);
}

export function planAuthorize(planning: Planning, request: RequestOf<'review.authorize'>): Planned {
  const { reviewId, scope, durationSeconds, thisKeyOnly, note } = request;
  const base = answerable(planning, reviewId);
  if ('refusal' in base) return asFailure(base);
  const network = networkInScope(base, scope, planning.view.account);
  if ('refusal' in network) return asFailure(network);
  const operation: Operation = {
    ...idAndTime(planning),
    type: 'review.authorize',
    reviewId,
    scope,
    thisKeyOnly,
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(note === undefined ? {} : { note }),
  };
  return succeeded([{ operation, base }]);
}

export function planDeny(
  planning: Planning,
  { reviewId, addDenyRange, note, confirmImpact }: RequestOf<'review.deny'>,
): Planned {
  const base = answerable(planning, reviewId);
  if ('refusal' in base) return asFailure(base);
  const operation: Operation = {
    ...idAndTime(planning),
    type: 'review.deny',
    reviewId,
    addDenyRange,
    ...confirmed(confirmImpact),
    ...(note === undefined ? {} : { note }),
  };
  return succeeded([{ operation, base }]);
}

/**
 * Returns no operation if the review is pending already. `acknowledged` is the review in the service's answer to this console,
 * which may be newer than the shown one.
 */
export function planReopen(planning: Planning, reviewId: string, acknowledged: Review | null): Planned {
  const shown = knownReview(planning.view, reviewId);
  if ('refusal' in shown) return asFailure(shown);
  if (shown.status === 'pending') return succeeded([]);
  if (!isAnswered(shown)) return asFailure(alreadyDecided(shown));
  const base = acknowledged !== null && acknowledged.version > shown.version ? acknowledged : shown;
  const operation: Operation = {
    ...idAndTime(planning),
    type: 'review.reopen',
    reviewId,
    baseVersion: base.version,
  };
  return succeeded([{ operation, base }]);
}

/** Returns the review as it was before an answer of this console that was not sent yet and can be replaced. */
function answerable({ view, lastOn }: Planning, reviewId: string): Review | Refused {
  const review = knownReview(view, reviewId);
  if ('refusal' in review || review.status === 'pending') return review;
  const own = lastOn(reviewSubject(reviewId));
  if (own !== undefined && isUnsent(own) && isAnswer(own.operation) && isReview(own.base)) return own.base;
  return alreadyDecided(review);
}

/** Returns no operation if what is asked for holds already. */
export function planMode(planning: Planning, request: CallRequest<'mode', 'set'>): Planned {
  const { account } = planning.view;
  const { mode, reportOnly = account?.reportOnly } = request;
  if (account === null || (account.mode === mode && account.reportOnly === reportOnly)) return succeeded([]);
  return succeeded([{ operation: { ...idAndTime(planning), type: 'mode.set', ...request }, base: account }]);
}

/** Returns a failure if the holder of the access token lacks the permission for such operations, else null. */
export function lacks({ account }: Pick<MirrorView, 'account'>, required: Permission): Failure | null {
  if (account === null || account.me.role === 'owner' || account.me.permissions.includes(required))
    return null;
  return { kind: 'forbidden', required, message: t('refusals.needsPermission', { permission: required }) };
}
