import { DAY_SECONDS } from '../durations';
import type { Operation } from '../api/routes-operations';
import { type Cidr, cidrsOverlap } from '../ip/index';
import { type DecidingRange, decidingRangeOf } from './deciding-range';
import type { Account, Key, Mode, Range, Review } from './entities';

type WithoutMaking<O> = O extends Operation ? Omit<O, 'id' | 'madeAt' | 'authorId' | 'expiresAt'> : never;

/** The content of an operation, without its author and time. */
export type PolicyChange = WithoutMaking<Operation>;
export type ChangeOf<T extends PolicyChange['type']> = Extract<PolicyChange, { type: T }>;

export interface PolicyState {
  readonly account: Account | null;
  readonly ranges: ReadonlyMap<string, Range>;
  readonly reviews: ReadonlyMap<string, Review>;
  readonly keys: ReadonlyMap<string, Key>;
}

/** The fields by which two ranges are the same. An account never has both (docs/behaviour.md 1.2.3). */
export interface RangeIdentity {
  readonly cidr: string;
  readonly effect: Range['effect'];
  readonly keyId: string | null;
  /** Each source keeps ranges of its own, beside those of people. */
  readonly sourceId?: string | null;
}

export function identityText({ cidr, effect, keyId, sourceId = null }: RangeIdentity): string {
  const text = `${cidr} ${effect} ${keyId ?? '*'}`;
  return sourceId === null ? text : `${text} ${sourceId}`;
}

/** A review towards which further calls of its address and key count: a pending one, or one whose denial stands. */
export type ActiveReview = Pick<Review, 'id' | 'ip' | 'keyId' | 'status'>;

/** The input of the rule. The service loads what one operation needs; a console answers from its mirror. */
export interface PolicyView {
  readonly account: Pick<Account, 'mode' | 'reportOnly' | 'grants'> | null;
  range(id: string): Range | undefined;
  /** Returns true if a range of any account has this id. */
  isTaken(rangeId: string): boolean;
  review(id: string): Review | undefined;
  hasKey(id: string): boolean;
  /** The range with this identity, expired or not. */
  same(identity: RangeIdentity): Range | undefined;
  /**
   * Reviews that a range of this network may settle. It may return other reviews as well. A console does not know which denials
   * stand, and omits them.
   */
  activeReviews(network: Cidr): Iterable<ActiveReview>;
  /**
   * Returns a lookup of the ranges that may decide about an address in `network` (undefined: about any address), without the
   * range `exceptId`. It may return other ranges as well.
   */
  rangesAbout(network: Cidr | undefined, exceptId?: string): (address: Cidr) => Iterable<DecidingRange>;
  answerFacts(review: Review): AnswerFacts;
}

/** Facts about an answer's effects. The service knows them; a console derives them from its mirror. */
export interface AnswerFacts {
  /** The range that the answer added, if it is still there. */
  readonly madeRange: Range | undefined;
  /** Another review towards which calls of the address, or its /64, and key count by now. */
  readonly active: Review | undefined;
  /** True if a later review of another address in its /64 was denied. */
  readonly wasDeniedLater: boolean;
  /** The other reviews that the answer settled. */
  readonly settled: readonly {
    readonly review: Review;
    /** True if there is a newer review of the same address, or of another one in its /64. */
    readonly isAskedAnew: boolean;
  }[];
}

export interface MirrorView extends PolicyView {
  readonly account: Account | null;
  reviews(): Iterable<Review>;
}

/** The state of a review after an operation. Its version grows by one. */
export interface ReviewChange extends Pick<
  Review,
  'id' | 'ip' | 'keyId' | 'status' | 'decidedBy' | 'decidedAt' | 'note' | 'rangeId'
> {
  /** The action in the audit trail; absent if the change only follows from another one. */
  readonly action?: string;
}

export interface PolicyEffect {
  readonly mode?: Mode;
  /** The account's new setting of report-only. */
  readonly reportOnly?: boolean;
  /** New and changed ranges in their new state. */
  readonly ranges: readonly Range[];
  /** Removed ranges in their last state. */
  readonly removed: readonly Range[];
  readonly reviews: readonly ReviewChange[];
  /** The pending review that was asked for, if nothing is left to do. */
  readonly openReview?: Review;
  /** Denials that end, and denials that stand again. */
  readonly endedDenials: readonly ActiveReview[];
  readonly restoredDenials: readonly ActiveReview[];
}

export const NO_EFFECT: PolicyEffect = {
  ranges: [],
  removed: [],
  reviews: [],
  endedDenials: [],
  restoredDenials: [],
};

/** The reason why an operation cannot be applied. The codes are those of the API (docs/behaviour.md 4.2). */
export interface PolicyRefusal {
  readonly code:
    | 'invalid_request'
    | 'invalid_cidr'
    | 'too_wide'
    | 'duplicate'
    | 'stale'
    | 'already_decided'
    | 'kept_by_source'
    | 'not_found';
  readonly message: string;
  readonly field?: string;
  /** The range that exists already, with `duplicate`. */
  readonly existing?: Range;
  /** The entity in its current state, with `stale` and `already_decided`. */
  readonly current?: Range | Review;
}

export interface Refused {
  readonly refusal: PolicyRefusal;
}

export type PolicyOutcome = PolicyEffect | Refused;

export function refused(
  code: PolicyRefusal['code'],
  message: string,
  details: Pick<PolicyRefusal, 'field' | 'existing' | 'current'> = {},
): Refused {
  return { refusal: { code, message, ...details } };
}

export interface OperationContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The author's e-mail address. */
  readonly author: string;
}

/** The context with ids for added ranges: real ones in the service, stand-ins in a console. */
export interface RuleContext extends OperationContext {
  newRangeId(index: number): string;
}

export function reviewAfter(review: Review, { action: _action, ...change }: ReviewChange): Review {
  return { ...review, ...change, version: review.version + 1 };
}

/** The default of the service (docs/behaviour.md 6), whose own window is known only while it is in use. */
const USUAL_LEARNING_WINDOW_SECONDS = 30 * DAY_SECONDS;

/** Returns the account with what the effect changes of it; learning, if chosen, has not started yet. */
export function withMode(account: Account, { mode, reportOnly }: PolicyEffect): Account {
  const reporting =
    reportOnly === undefined || reportOnly === account.reportOnly ? account : { ...account, reportOnly };
  if (mode === undefined) return reporting;
  const windowSeconds = account.learning?.windowSeconds ?? USUAL_LEARNING_WINDOW_SECONDS;
  const learning =
    mode === 'learning' ? { startedAt: null, lastNewAddressAt: null, windowSeconds, endsAt: null } : null;
  return { ...reporting, mode, learning };
}

/** Implements {@link PolicyView.rangesAbout} by one walk over all ranges. */
export function rangesAbout(
  ranges: Iterable<Range>,
  network: Cidr | undefined,
  exceptId: string | undefined,
): () => readonly DecidingRange[] {
  const about: DecidingRange[] = [];
  for (const range of ranges) {
    const deciding = range.id === exceptId ? undefined : decidingRangeOf(range);
    if (deciding === undefined) continue;
    if (network === undefined || cidrsOverlap(deciding.cidr, network)) about.push(deciding);
  }
  return () => about;
}
