import type { Connection, ServiceRef } from '#shared/ipc/contract';
import type { Failure } from '#shared/ipc/failure';
import { isoTime } from '../text';

export interface Moment {
  readonly nowMs: number;
  /** The last moment at which the service is known to have answered, or null. */
  readonly lastAnswerMs: number | null;
}

/** The state after the service answered. An unchanged state is the same object. */
export function afterAnswer(current: Connection, service: ServiceRef, nowMs: number): Connection {
  if (current.kind === 'online' && current.service.url === service.url) return current;
  return { kind: 'online', service, since: isoTime(nowMs) };
}

/**
 * The state after a failure. `since` stays that of the first failure in a row, because it says since when the console
 * shows what may be out of date.
 */
export function afterFailure(
  current: Connection,
  service: ServiceRef,
  failure: Failure,
  moment: Moment,
): Connection {
  const { message } = failure;
  if (failure.kind === 'unauthorized') return { kind: 'unauthorized', service, code: failure.code, message };
  if (failure.kind === 'forbidden') return { kind: 'unauthorized', service, code: 'forbidden', message };
  return unreachable(current, service, message, moment);
}

export function unreachable(
  current: Connection,
  service: ServiceRef,
  message: string,
  { nowMs, lastAnswerMs }: Moment,
): Connection {
  const since = current.kind === 'unreachable' ? current.since : isoTime(lastAnswerMs ?? nowMs);
  return { kind: 'unreachable', service, since, message };
}
