import type { Operation } from '../api/routes-operations';
import { type Cidr, cidrsOverlap } from '../ip/index';
import { type DecidingRange, decidingRangeOf } from './deciding-range';
import type { Account, Key, Mode, Range, Review } from './entities';

type WithoutMaking<O> = O extends Operation ? Omit<O, 'id' | 'madeAt' | 'authorId' | 'expiresAt'> : never;

/** What an operation asks for, without who made it and when. */
export type PolicyChange = WithoutMaking<Operation>;
export type ChangeOf<T extends PolicyChange['type']> = Extract<PolicyChange, { type: T }>;

/** What operations change: the policy of one account, as a console mirrors it. */
export interface PolicyState {
  readonly account: Account | null;
  readonly ranges: ReadonlyMap<string, Range>;
  readonly reviews: ReadonlyMap<string, Review>;
  readonly keys: ReadonlyMap<string, Key>;
}

/** What makes two ranges the same one: an account never has both. */
export interface RangeIdentity {
  readonly cidr: string;
  readonly effect: Range['effect'];
  readonly keyId: string | null;
}

/** The identity as one text, to look ranges up by. */
export function identityText({ cidr, effect, keyId }: RangeIdentity): string {
  return `${cidr} ${effect} ${keyId ?? '*'}`;
}

/** A review that further calls of its address and key count towards: an open one, or a denial that stands. */
export type ActiveReview = Pick<Review, 'id' | 'ip' | 'keyId' | 'status'>;

/** The policy as the rule looks at it. The service loads what one operation needs; a console answers from its mirror. */
export interface PolicyView {
  readonly account: Pick<Account, 'mode' | 'grants'> | null;
  range(id: string): Range | undefined;
  /** Returns true if a range has this id, in whatever account. */
  isTaken(rangeId: string): boolean;
  review(id: string): Review | undefined;
  hasKey(id: string): boolean;
  /** The range that says the same, expired or not. */
  same(identity: RangeIdentity): Range | undefined;
  /** Reviews that a range may answer; a console does not know which denials stand, and leaves them out. */
  activeReviews(): Iterable<ActiveReview>;
  /**
   * Looks up, for an address in `network` (undefined: for any address), the ranges that may decide about it, without the range `exceptId`.
   * The answer may hold others, too.
   */
  rangesAbout(network: Cidr | undefined, exceptId?: string): (address: Cidr) => Iterable<DecidingRange>;
  /** What has become of the answer to a review. */
  answerFacts(review: Review): AnswerFacts;
}

/** What has become of an answer. The service knows it; a console tells it from what it mirrors. */
export interface AnswerFacts {
  /** The range that the answer added, if it is still there. */
  readonly madeRange: Range | undefined;
  /** Another review that further calls of the address, or its /64, and key count towards by now. */
  readonly active: Review | undefined;
  /** Whether another address of its /64 was asked about later and denied. */
  readonly wasDeniedLater: boolean;
  /** The other reviews that the answer settled. */
  readonly settled: readonly {
    readonly review: Review;
    /** Whether the same, or another address of its /64, was asked about anew. */
    readonly isAskedAnew: boolean;
  }[];
}

/** The policy as a console has it: all entities, and nothing else. */
export interface MirrorView extends PolicyView {
  readonly account: Account | null;
  reviews(): Iterable<Review>;
}

/** How a review stands after an operation; its version goes up by one. */
export interface ReviewChange extends Pick<
  Review,
  'id' | 'ip' | 'keyId' | 'status' | 'decidedBy' | 'decidedAt' | 'note' | 'rangeId'
> {
  /** What the audit trail calls it; absent where the change only follows from another one. */
  readonly action?: string;
}

/** What an operation does to a policy. */
export interface PolicyEffect {
  readonly mode?: Mode;
  /** New and changed ranges as they are afterwards. */
  readonly ranges: readonly Range[];
  /** Ranges that are gone, as they were. */
  readonly removed: readonly Range[];
  readonly reviews: readonly ReviewChange[];
  /** Where nothing is left to do: the open review that was asked for. */
  readonly openReview?: Review;
  /** Denials that stand no more, and those that stand again. */
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

/** Why an operation cannot be carried out. The codes are those of the API. */
export interface PolicyRefusal {
  readonly code:
    'invalid_request' | 'invalid_cidr' | 'too_wide' | 'duplicate' | 'stale' | 'already_decided' | 'not_found';
  readonly message: string;
  readonly field?: string;
  /** With `duplicate`: the range that is there already. */
  readonly existing?: Range;
  /** With `stale` and `already_decided`: the entity as it stands. */
  readonly current?: Range | Review;
}

export interface Refused {
  readonly refusal: PolicyRefusal;
}

/** What an operation comes to. */
export type PolicyOutcome = PolicyEffect | Refused;

export function refused(
  code: PolicyRefusal['code'],
  message: string,
  details: Pick<PolicyRefusal, 'field' | 'existing' | 'current'> = {},
): Refused {
  return { refusal: { code, message, ...details } };
}

/** By whom and when an operation is applied to a policy. */
export interface OperationContext {
  /** When it is applied; milliseconds since the epoch. */
  readonly now: number;
  /** Who is named as its author: the e-mail address. */
  readonly author: string;
}

/** The same, with ids for the ranges that are added: the service makes them, a console has stand-ins. */
export interface RuleContext extends OperationContext {
  newRangeId(index: number): string;
}

/** The review after a change. */
export function reviewAfter(review: Review, { action: _action, ...change }: ReviewChange): Review {
  return { ...review, ...change, version: review.version + 1 };
}

/** The service's own window is known only while it is in use; this is its default (SPEC 2). */
const USUAL_LEARNING_WINDOW_SECONDS = 30 * 86_400;

/** The account with another mode, of which learning has not started yet. */
export function withMode(account: Account, mode: Mode): Account {
  const windowSeconds = account.learning?.windowSeconds ?? USUAL_LEARNING_WINDOW_SECONDS;
  const learning =
    mode === 'learning' ? { startedAt: null, lastNewAddressAt: null, windowSeconds, endsAt: null } : null;
  return { ...account, mode, learning };
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
