import { randomUUID } from 'node:crypto';
import type { RouteRequest } from '#shared/api/route-types';
import type { Author, ServiceContext } from '../policy/context';
import { writePolicy } from '../policy/policy-write';
import { sourceOf } from '../storage/repositories/sources';
import { lookAhead, publish, requireSource, unlessTakenOver, type EditContext } from './source-edit';
import { LEASE_MS, writeRanges, type ClaimedSource } from './write-ranges';

/** Removes the ranges of a source that is marked as removed, then the source. @throws LeaseLostError */
export async function removeWithRanges(
  context: ServiceContext,
  author: Author,
  source: ClaimedSource,
): Promise<void> {
  await writeRanges(context, author, source, new Set(), async (write) => {
    const { tx, policy } = write;
    await tx.sources.delete(policy.id, source.id);
    await tx.feed.insertTombstones([
      { account_id: policy.id, changed_seq: await write.seq(), kind: 'source', entity_id: source.id },
    ]);
  });
}

/** Removes a source and its ranges. @throws Refusal `not_found`, `stale` or `would_block`. */
export async function removeSource(
  context: EditContext,
  author: Author,
  sourceId: string,
  { confirmImpact }: RouteRequest<'removeSource'>['query'],
  baseVersion: number | undefined,
): Promise<void> {
  if (confirmImpact !== true) {
    await lookAhead(context, author, sourceId, baseVersion, () => ({ removing: 1 }));
  }
  const lease = randomUUID();
  const source = await writePolicy(context, author, async (write): Promise<ClaimedSource> => {
    const { tx, policy, now } = write;
    const before = await requireSource(write, sourceId, baseVersion);
    const changes = { lease, next_at: now + LEASE_MS, removing: 1 as const };
    const after = await tx.sources.update(policy.id, sourceId, changes, await write.seq());
    await write.audit({ action: 'source.remove', target: sourceId, before: sourceOf(before), after: null });
    await publish(write, after);
    return { ...after, lease };
  });
  await unlessTakenOver(() => removeWithRanges(context, author, source));
}
