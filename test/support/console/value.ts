import type { Outcome } from '#shared/ipc/failure';

/** The value of an outcome that has to be a success. */
export function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}
