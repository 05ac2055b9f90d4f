import type { Operation } from '#shared/api/routes-operations';
import { DAY_MS, MINUTE_MS } from '#shared/durations';
import { isLoosening } from '#shared/domain/loosening';
import { type QueuedOperation, isRange } from './queued-operation';

/** An operation that loosens protection is sent within this time, or asks for confirmation (docs/behaviour.md 8.4.3). */
export const LOOSENING_HOLD_MS = 15 * MINUTE_MS;
/** A clock that went back further than this is not trusted. */
const CLOCK_SLACK_MS = MINUTE_MS;

function meantSince({ createdAt, confirmedAt }: QueuedOperation): number {
  return confirmedAt ?? createdAt;
}

/** A cache, because every waiting operation is asked before each batch. An operation whose content changes is another object. */
const knownLoosening = new WeakMap<Operation, boolean>();

export function loosens({ operation, base }: QueuedOperation): boolean {
  const known = knownLoosening.get(operation);
  if (known !== undefined) return known;
  const answer = isLoosening(operation, isRange(base) ? base : null);
  knownLoosening.set(operation, answer);
  return answer;
}

/** The service remembers results for at least 30 days (docs/behaviour.md 4.14.4). One day less allows for clocks that differ. */
const REMEMBERED_MS = 29 * DAY_MS;

/** Returns true if a person has to confirm the operation before it is sent. */
export function needsConfirmation(queued: QueuedOperation, nowMs: number): boolean {
  // The service may have forgotten the id, and would apply the operation a second time.
  if (queued.attempts > 0 && nowMs - meantSince(queued) > REMEMBERED_MS) return true;
  if (!loosens(queued)) return false;
  // The service may have applied it already. It is asked under the same id, and refuses a late one by `expiresAt`.
  if (queued.attempts > 0 && queued.operation.expiresAt !== undefined) return false;
  const ageMs = nowMs - meantSince(queued);
  return ageMs > LOOSENING_HOLD_MS || ageMs < -CLOCK_SLACK_MS;
}

/**
 * The time, by the service's clock, until which the service may apply the operation, so that a request that is late on its way is
 * refused. Undefined if the operation loosens nothing or the service's clock is not known.
 */
export function expiryFor(queued: QueuedOperation, clockOffsetMs: number | null): string | undefined {
  if (clockOffsetMs === null || !loosens(queued)) return undefined;
  return new Date(meantSince(queued) + LOOSENING_HOLD_MS + clockOffsetMs).toISOString();
}
