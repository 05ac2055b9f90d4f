import {
  anyContains,
  cidrsOverlap,
  hostCidrOf,
  subnetAround,
  type Cidr,
  type IpAddress,
  type SubnetPrefixLengths,
} from '#shared/ip/index';
import { ensureRange, newRange } from '#shared/domain/change-ranges';
import type { Range, RangeSource } from '#shared/domain/entities';
import { systemAuthor } from './context';
import { contextOf, writeEffect } from './apply-change';
import { LoadedPolicy } from './loaded-policy';
import { withinPolicy, type PolicyWrite } from './policy-write';
import type { AccountPolicy } from './policy';
import type { WriteContext } from '../storage/writer';

async function startOrContinueLearning(write: PolicyWrite, isNewAddress: boolean): Promise<void> {
  const { tx, policy, now } = write;
  const { learning_started_at: startedAt, learning_last_new_at: lastNewAt } = await tx.accounts.get(
    policy.id,
  );
  if (startedAt !== null && !isNewAddress) return;
  const learning = {
    startedAt: startedAt ?? now,
    lastNewAddressAt: isNewAddress ? now : lastNewAt,
  };
  await tx.accounts.setLearning(policy.id, learning, await write.seq());
  write.afterCommit(() => {
    if (policy.mode === 'learning') policy.learning = learning;
  });
}

/** Learning starts with the first attempt, whatever its verdict (docs/behaviour.md 1.4.1). */
export function noteLearningAttempt(write: WriteContext, policy: AccountPolicy): Promise<void> {
  return withinPolicy(write, policy, systemAuthor(policy.id), (inner) =>
    startOrContinueLearning(inner, false),
  );
}

/**
 * Returns the range that learning or the trust review would add for an address, or undefined for a trusted proxy. The range
 * never contains a proxy, because a proxy that stops naming its callers would let everybody in (docs/behaviour.md 1.5.3).
 */
export function grantAround(
  address: IpAddress,
  sizes: SubnetPrefixLengths,
  trustedProxies: readonly Cidr[],
): Cidr | undefined {
  if (anyContains(trustedProxies, address)) return undefined;
  const subnet = subnetAround(address, sizes);
  return trustedProxies.some((proxies) => cidrsOverlap(proxies, subnet)) ? hostCidrOf(address) : subnet;
}

/** Adds a range from {@link grantAround} for all keys and returns it. The audit trail names `system`. */
export function addGrant(
  write: WriteContext,
  policy: AccountPolicy,
  cidr: Cidr,
  source: Extract<RangeSource, 'learning' | 'automatic'>,
): Promise<Range> {
  return withinPolicy(write, policy, systemAuthor(policy.id), async (inner) => {
    const view = new LoadedPolicy(inner);
    const context = contextOf(inner);
    const fields = { cidr, effect: 'authorize', label: '', source, keyId: null, expiresAt: null } as const;
    const wanted = newRange(fields, inner.newId(), context);
    await view.loadSame(wanted);
    const { range, effect } = ensureRange(view, wanted, context);
    await writeEffect(inner, view, effect);
    if (source === 'learning') await startOrContinueLearning(inner, true);
    return range;
  });
}
