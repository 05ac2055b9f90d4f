import { outcomeOf } from '#shared/domain/apply-operation';
import { decidingRangeOf } from '#shared/domain/deciding-range';
import type { Range } from '#shared/domain/entities';
import type { PolicyChange, PolicyEffect } from '#shared/domain/policy-state';
import { RangeMatcher, type MatchRange } from '../enforcement/matcher';
import type { KeyRow } from '../storage/repositories/keys';
import type { SourceRow } from '../storage/repositories/sources';
import type { Author, ServiceContext } from './context';
import { LoadedPolicy } from './loaded-policy';
import type { ReadonlyRanges } from './policy';
import { PolicyDraft } from './policy-draft';

/** The part of an edit that can block somebody. */
export interface PolicyImpact extends Pick<PolicyEffect, 'mode' | 'reportOnly'> {
  /** New and changed ranges, as the edit leaves them. */
  readonly ranges?: ReadonlyRanges;
  readonly removed?: readonly MatchRange[];
  /** The key as the edit leaves it. */
  readonly key?: KeyRow;
  /** A source of a network or a country as the edit leaves it. */
  readonly source?: SourceRow;
  /** The address and key that the author has just decided about. */
  readonly decided?: { readonly ip: string; readonly keyId: string };
}

/**
 * Looks whom an edit would block of those who were let in lately (docs/behaviour.md 1.15).
 * @throws Refusal `would_block` if there are such addresses.
 */
export type ImpactGuard = (accountId: string, impact: PolicyImpact) => Promise<void>;

/** The means of a change of policy that a person asks for. */
export type ChangeContext = Pick<ServiceContext, 'storage' | 'writer' | 'directory' | 'clock'> & {
  readonly guard: ImpactGuard;
};

function matchRanges(ranges: readonly Range[]): MatchRange[] {
  return ranges.flatMap((range) => {
    const deciding = decidingRangeOf(range);
    return deciding === undefined || deciding.effect === 'unrecognised'
      ? []
      : [{ ...deciding, effect: deciding.effect }];
  });
}

/** Returns true if the change may block somebody and was not confirmed. Nothing is read for the answer. */
export function needsLook(change: PolicyChange): boolean {
  if (change.confirmImpact === true) return false;
  switch (change.type) {
    case 'range.add':
      return change.effect === 'deny';
    case 'range.update': {
      const { effect, keyId, expiresAt } = change.changes;
      return effect !== undefined || keyId !== undefined || expiresAt !== undefined;
    }
    case 'range.remove':
    case 'mode.set':
      return true;
    case 'review.deny':
      return change.addDenyRange;
    // An authorization lets in, and an answer that is taken back is not asked about.
    case 'review.authorize':
    case 'review.reopen':
      return false;
  }
}

/**
 * Looks before the change is written, outside of its transaction, so that calls never wait for it. A change that the rule
 * refuses is left to the transaction.
 * @throws Refusal `would_block`
 */
export async function lookAhead(
  context: Omit<ChangeContext, 'writer'>,
  author: Author,
  change: PolicyChange,
): Promise<void> {
  if (!needsLook(change)) return;
  const { storage, directory, clock } = context;
  const policy = directory.account(author.accountId);
  const now = clock.now();
  const draft = new PolicyDraft(policy, { afterCommit: () => undefined });
  const view = new LoadedPolicy({ tx: storage.read, policy, draft, now });
  // The rule remembers by the object which ranges it made, and the write makes its own.
  const planned = { ...change };
  await view.load(planned);
  // The ids only have to differ from each other.
  const newRangeId = (index: number): string => `planned-${index}`;
  const effect = outcomeOf(view, planned, { now, author: author.actor.name, newRangeId });
  if ('refusal' in effect) return;
  // A person who denies an address has just decided about it.
  const decided = change.type === 'review.deny' ? view.review(change.reviewId) : undefined;
  const { mode, reportOnly, ranges, removed } = effect;
  await context.guard(policy.id, {
    ...(mode !== undefined && { mode }),
    ...(reportOnly !== undefined && { reportOnly }),
    ranges: new RangeMatcher(matchRanges(ranges)),
    removed: matchRanges(removed),
    ...(decided && { decided }),
  });
}
