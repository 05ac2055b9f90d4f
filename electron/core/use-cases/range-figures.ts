import { addressRangeOf } from '#shared/domain/address-range';
import { DAY_MS } from '#shared/durations';
import type { CallRequest, CallResponse } from '#shared/ipc/derive';
import type { Outcome } from '#shared/ipc/failure';
import { isoTime } from '../text';
import { figures, type ReadingCore } from './log-figures';

const IMPACT_MS = DAY_MS;
const LATELY_MS = 7 * DAY_MS;

/** Returns the calls of the last day that the ranges decided about. */
export function rangeImpact(
  core: ReadingCore,
  { rangeIds }: CallRequest<'ranges', 'impact'>,
): Promise<Outcome<CallResponse<'ranges', 'impact'>>> {
  const fromMs = core.clock.now() - IMPACT_MS;
  const spans = rangeIds.flatMap((id) => addressRangeOf(core.replica.view.range(id)?.cidr ?? '') ?? []);
  const addresses = {
    first: spans.reduce((lowest, { first }) => (first < lowest ? first : lowest), '~'),
    last: spans.reduce((highest, { last }) => (last > highest ? last : highest), ''),
  };
  return figures(core, {}, async (log) => ({
    from: isoTime(fromMs),
    calls: [...(await log.decidedBy({ rangeIds, addresses, fromMs }))],
  }));
}

/** Returns who was blocked lately from the addresses of a range. */
export function blockedLately(
  core: ReadingCore,
  { ip, keyId, limit }: CallRequest<'log', 'blockedLately'>,
): Promise<Outcome<CallResponse<'log', 'blockedLately'>>> {
  const fromMs = core.clock.now() - LATELY_MS;
  return figures(core, { ip }, async (log) => {
    const callers = await log.blockedCallers({ ip, keyId, fromMs, limit: limit + 1 });
    return { from: isoTime(fromMs), callers: callers.slice(0, limit), isMore: callers.length > limit };
  });
}
