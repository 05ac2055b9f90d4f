import type { Outcome } from '#shared/ipc/failure';

/** @throws Error with the failure. */
export function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}
