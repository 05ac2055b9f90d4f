import { fillsList } from '#shared/domain/source-spec';
import { RangeMatcher, type MatchRange } from '../enforcement/matcher';
import type { ChangeContext } from '../policy/impact';
import { matchRangeOf } from '../policy/policy';
import { yieldToEventLoop } from '../runtime/yield-to-event-loop';
import type { SourceRow } from '../storage/repositories/sources';
import { keptRanges, sharedFields } from './write-ranges';

/**
 * Looks whom the source, as an edit leaves it, would block by the ranges that it has now. What it will yield is not known.
 * @throws Refusal `would_block`
 */
export async function lookAtSource(context: ChangeContext, source: SourceRow): Promise<void> {
  const { account_id: accountId, id, kind, removing } = source;
  if (!fillsList(kind)) {
    await context.guard(accountId, { source });
    return;
  }
  const removed: MatchRange[] = [];
  const ranges = new RangeMatcher();
  for await (const rows of keptRanges(context, id)) {
    for (const row of rows) {
      if (removing === 1) removed.push(matchRangeOf(row));
      else ranges.set(matchRangeOf({ ...row, ...sharedFields(source) }));
      await yieldToEventLoop();
    }
  }
  await context.guard(accountId, { ranges, removed });
}
