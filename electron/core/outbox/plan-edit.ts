import type { z } from 'zod';
import type { addRangeBody, authorizeReviewBody, Scope } from '#shared/api/bodies';
import type { Operation } from '#shared/api/routes-operations';
import { isExpired, networkInScope } from '#shared/domain/apply-operation';
import type { Account, Mode, Permission, Range, Review } from '#shared/domain/entities';
import type { PolicyView } from '#shared/domain/policy-state';
import { formatCidr, parseRangeText } from '#shared/ip/index';
import type { Edit } from '#shared/ipc/outbox';
import { failed, type Failure, type Outcome, succeeded } from '#shared/ipc/failure';
import { isoTime } from '../text';
import { type Entry, isAnswer, isReview, isUnsent, type NewEntry, reviewSubject } from './entry';

/** What a new edit is made from. */
export interface Planning {
  /** What is shown: what the author of the edit sees. */
  readonly view: PolicyView;
  /** The last edit on an entity, by {@link subjectOf}, that the service has not acknowledged. */
  readonly lastOn: (subject: string) => Entry | undefined;
  /** The id under which the service knows a range; the one given where that is not known to be another. */
  readonly realId: (rangeId: string) => string;
  /** Whether a range only stands in for one that the service will make, by an id of its own. */
  readonly isStandIn: (range: Range) => boolean;
  readonly newId: () => string;
  /** By the service's clock, which decides when something ends. */
  readonly nowMs: number;
}

type Planned = Outcome<readonly NewEntry[]>;

/** A new edit as operations for the outbox, or why the service would refuse it. */
export function planEdit(planning: Planning, edit: Edit): Planned {
  switch (edit.type) {
    case 'range.add':
      return planAddRange(planning, edit);
    case 'range.update':
      return planUpdateRange(planning, edit);
    case 'review.authorize':
      return planAuthorize(planning, edit);
    case 'review.deny':
      return planDeny(planning, edit);
  }
}

const common = ({ newId, nowMs }: Planning) => ({ id: newId(), madeAt: isoTime(nowMs) });

const invalid = (code: string, field: string, message: string) =>
  failed({ kind: 'invalid', code, field, message });
const conflict = (code: string, message: string, current: Range | Review | null) =>
  failed({ kind: 'conflict', code, message, current });

/** What the text means: one operation a range, so that each has an id that later edits can name. */
export function planAddRange(planning: Planning, wish: z.output<typeof addRangeBody>): Planned {
  const { view, newId, nowMs } = planning;
  const { effect, label, keyId, expiresAt, allowWide } = wish;
  const read = parseRangeText(wish.cidr, { allowWide });
  if (!read.ok) {
    const code = read.error.code === 'too_wide' ? 'too_wide' : 'invalid_cidr';
    return invalid(code, 'cidr', read.error.message);
  }
  const refusal = refusalOf(planning, keyId, expiresAt);
  if (refusal !== null) return failed(refusal);
  const wanted: string[] = [];
  for (const cidr of read.cidrs.map(formatCidr)) {
    const same = view.same({ cidr, effect, keyId });
    if (same === undefined || isExpired(same, nowMs)) wanted.push(cidr);
    else if (read.cidrs.length === 1) return conflict('duplicate', `${cidr} is in the list already.`, same);
  }
  if (wanted.length === 0) return conflict('duplicate', 'All of these ranges are in the list already.', null);
  return succeeded(
    wanted.map((cidr) => ({
      operation: {
        ...common(planning),
        type: 'range.add',
        rangeId: newId(),
        cidr,
        effect,
        label,
        keyId,
        rangeExpiresAt: expiresAt,
        // Confirmed for the whole text, of which this may be a part.
        allowWide,
      },
      base: null,
    })),
  );
}

function refusalOf(
  { view, nowMs }: Planning,
  keyId: string | null,
  expiresAt: string | null,
): Failure | null {
  if (keyId !== null && view.key(keyId) === undefined) {
    const message = 'There is no API key with this id.';
    return { kind: 'invalid', code: 'invalid_request', field: 'keyId', message };
  }
  if (isExpired({ expiresAt }, nowMs)) {
    const message = 'The expiry must be in the future.';
    return { kind: 'invalid', code: 'invalid_request', field: 'expiresAt', message };
  }
  return null;
}

/** The range as it is shown, if it can be edited and is still as the author saw it. */
function editable(planning: Planning, id: string, version: number | undefined): Outcome<Range> {
  const range = planning.view.range(id) ?? planning.view.range(planning.realId(id));
  if (range === undefined) return conflict('not_found', 'There is no range with this id.', null);
  if (version !== undefined && range.version !== version) {
    return conflict('stale', 'The range was changed by somebody else.', range);
  }
  if (planning.isStandIn(range)) {
    return conflict(
      'not_synced',
      'This range comes from an answer that the service does not have yet. Take the answer back instead, or wait until it is sent.',
      range,
    );
  }
  return succeeded(range);
}

export function planUpdateRange(
  planning: Planning,
  { rangeId, version, changes }: Extract<Edit, { type: 'range.update' }> & { readonly version?: number },
): Planned {
  const before = editable(planning, rangeId, version);
  if (!before.ok) return before;
  const range = before.value;
  const { effect = range.effect, keyId = range.keyId } = changes;
  const refusal = refusalOf(planning, keyId, changes.expiresAt ?? null);
  if (refusal !== null) return failed(refusal);
  const same = planning.view.same({ cidr: range.cidr, effect, keyId });
  if (same !== undefined && same.id !== range.id && !isExpired(same, planning.nowMs)) {
    return conflict('duplicate', `${same.cidr} is in the list already.`, same);
  }
  const operation: Operation = {
    ...common(planning),
    type: 'range.update',
    rangeId: range.id,
    baseVersion: range.version,
    changes,
  };
  return succeeded([{ operation, base: range }]);
}

/** Nothing is planned for a range that is gone already. */
export function planRemoveRange(
  planning: Planning,
  { rangeId, version }: { readonly rangeId: string; readonly version: number },
): Planned {
  const { view, realId } = planning;
  if (view.range(rangeId) === undefined && view.range(realId(rangeId)) === undefined) return succeeded([]);
  const before = editable(planning, rangeId, version);
  if (!before.ok) return before;
  const { id, version: baseVersion } = before.value;
  const operation: Operation = { ...common(planning), type: 'range.remove', rangeId: id, baseVersion };
  return succeeded([{ operation, base: before.value }]);
}

export function planAuthorize(
  planning: Planning,
  request: z.output<typeof authorizeReviewBody> & { readonly reviewId: string },
): Planned {
  const { reviewId, scope, durationSeconds, thisKeyOnly, note } = request;
  const review = answerable(planning, reviewId);
  if (!review.ok) return review;
  const { value: base } = review;
  const refusal = scopeRefusal(base, scope, planning.view.account);
  if (refusal !== null) return failed(refusal);
  const operation: Operation = {
    ...common(planning),
    type: 'review.authorize',
    reviewId,
    scope,
    thisKeyOnly,
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(note === undefined ? {} : { note }),
  };
  return succeeded([{ operation, base }]);
}

/** Why nothing can be let in with this scope, naming its field; null where something can. */
export function scopeRefusal(review: Review, scope: Scope, account: Account | null): Failure | null {
  if (networkInScope(review, scope, account) !== undefined) return null;
  const say = (code: string, message: string): Failure => ({
    kind: 'invalid',
    code,
    field: 'scope.cidr',
    message,
  });
  if (typeof scope === 'string') return say('invalid_cidr', 'The account has no subnet for this address.');
  const read = parseRangeText(scope.cidr, { allowWide: scope.allowWide ?? false });
  if (!read.ok) {
    return say(read.error.code === 'too_wide' ? 'too_wide' : 'invalid_cidr', read.error.message);
  }
  return read.cidrs.length > 1
    ? say('invalid_cidr', 'An approval adds one range; this text means several.')
    : say('invalid_cidr', `${scope.cidr} does not contain ${review.ip}, the address in question.`);
}

export function planDeny(
  planning: Planning,
  { reviewId, addDenyRange, note }: Omit<Extract<Edit, { type: 'review.deny' }>, 'type'>,
): Planned {
  const review = answerable(planning, reviewId);
  if (!review.ok) return review;
  const operation: Operation = {
    ...common(planning),
    type: 'review.deny',
    reviewId,
    addDenyRange,
    ...(note === undefined ? {} : { note }),
  };
  return succeeded([{ operation, base: review.value }]);
}

/**
 * Nothing is planned for a question that is open. `acknowledged` is the review as the service's answer to this console
 * has it, which what is shown may not have yet.
 */
export function planReopen(planning: Planning, reviewId: string, acknowledged: Review | null): Planned {
  const shown = planning.view.review(reviewId);
  if (shown === undefined) return conflict('not_found', 'There is no review with this id.', null);
  if (shown.status === 'pending') return succeeded([]);
  if (shown.status !== 'authorized' && shown.status !== 'denied') return alreadyDecided(shown);
  const base = acknowledged !== null && acknowledged.version > shown.version ? acknowledged : shown;
  const operation: Operation = {
    ...common(planning),
    type: 'review.reopen',
    reviewId,
    baseVersion: base.version,
  };
  return succeeded([{ operation, base }]);
}

/** The question as it was before any answer of this console that can still be taken back. */
function answerable({ view, lastOn }: Planning, reviewId: string): Outcome<Review> {
  const review = view.review(reviewId);
  if (review === undefined) return conflict('not_found', 'There is no review with this id.', null);
  if (review.status === 'pending') return succeeded(review);
  const own = lastOn(reviewSubject(reviewId));
  if (own !== undefined && isUnsent(own) && isAnswer(own.operation) && isReview(own.base)) {
    return succeeded(own.base);
  }
  return alreadyDecided(review);
}

/** How the question was settled, as a failure. */
export function alreadyDecided(review: Review) {
  const by = review.decidedBy === null ? '' : ` by ${review.decidedBy}`;
  return conflict('already_decided', `This question was answered already: ${review.status}${by}.`, review);
}

/** Nothing is planned where the mode is that one already. */
export function planMode(planning: Planning, mode: Mode): readonly NewEntry[] {
  const { account } = planning.view;
  if (account === null || account.mode === mode) return [];
  return [{ operation: { ...common(planning), type: 'mode.set', mode }, base: account }];
}

/** Why the holder of the access token may not make such edits, or null. */
export function lacks({ account }: PolicyView, required: Permission): Failure | null {
  if (account === null || account.me.role === 'owner' || account.me.permissions.includes(required))
    return null;
  return { kind: 'forbidden', required, message: `This needs the permission ${required}.` };
}
