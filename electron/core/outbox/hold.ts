import type { Operation } from '#shared/api/routes-operations';
import { isLoosening } from '#shared/domain/loosening';
import { type QueuedOperation, isRange } from './queued-operation';

/** An edit that loosens protection is sent within this time, or asks again. */
export const LOOSENING_HOLD_MS = 15 * 60_000;
/** How far back this computer's clock may jump without being taken for one that cannot be believed. */
const CLOCK_SLACK_MS = 60_000;

const meantSince = ({ createdAt, confirmedAt }: QueuedOperation): number => confirmedAt ?? createdAt;

/** Asked of every waiting edit before each batch; an edit whose content changes is another operation object. */
const answers = new WeakMap<Operation, boolean>();

export function loosens({ operation, base }: QueuedOperation): boolean {
  const known = answers.get(operation);
  if (known !== undefined) return known;
  const answer = isLoosening(operation, isRange(base) ? base : null);
  answers.set(operation, answer);
  return answer;
}

/** The service remembers what it answered to an id for 30 days at least (docs/behaviour.md 4.14.4); a day less for clocks that differ. */
const REMEMBERED_MS = 29 * 86_400_000;

/** Whether the edit has to ask again before it is sent. */
export function needsConfirmation(entry: QueuedOperation, nowMs: number): boolean {
  // Sent once more it might take effect once more.
  if (entry.attempts > 0 && nowMs - meantSince(entry) > REMEMBERED_MS) return true;
  if (!loosens(entry)) return false;
  // The service may have it already. It is asked under the same id, and refuses by itself what comes too late.
  if (entry.attempts > 0 && entry.operation.expiresAt !== undefined) return false;
  const ageMs = nowMs - meantSince(entry);
  return ageMs > LOOSENING_HOLD_MS || ageMs < -CLOCK_SLACK_MS;
}

/**
 * Until when the service may apply it, by the service's clock: that is how a request that is late on its way is refused
 * too. Undefined where it may take its time, or the service's clock is not known.
 */
export function expiryFor(entry: QueuedOperation, clockOffsetMs: number | null): string | undefined {
  if (clockOffsetMs === null || !loosens(entry)) return undefined;
  return new Date(meantSince(entry) + LOOSENING_HOLD_MS + clockOffsetMs).toISOString();
}
