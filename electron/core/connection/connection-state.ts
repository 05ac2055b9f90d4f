import type { ServiceState } from '#shared/domain/entities';
import type { Connection, ServiceRef } from '#shared/ipc/connection';
import type { Failure } from '#shared/ipc/failure';
import { isoTime } from '../text';

export interface Moment {
  readonly nowMs: number;
  /** The time of the service's last known answer. */
  readonly lastAnswerMs: number | null;
}

/** The content of an answer that concerns the connection. */
export interface Told {
  readonly state?: ServiceState | undefined;
  /** The answer contained something that only a newer console knows. */
  readonly isNewer?: boolean;
}

/** Returns the state after an answer. An unchanged state is the same object. */
export function afterAnswer(
  current: Connection,
  service: ServiceRef,
  nowMs: number,
  { state, isNewer = false }: Told = {},
): Connection {
  const isSame = current.kind === 'online' && current.service.url === service.url;
  if (isSame && isSameState(current.state, state) && (current.isNewer ?? false) === isNewer) return current;
  const since = isSame ? current.since : isoTime(nowMs);
  return { kind: 'online', service, since, ...(state && { state }), ...(isNewer && { isNewer }) };
}

function isSameState(a: ServiceState | undefined, b: ServiceState | undefined): boolean {
  return a?.state === b?.state && a?.why === b?.why && a?.letsIn === b?.letsIn;
}

/**
 * Returns the state after a failure. `since` stays the time of the first failure in a row, because the shown data may be
 * outdated since then.
 */
export function afterFailure(
  current: Connection,
  service: ServiceRef,
  failure: Failure,
  moment: Moment,
  told?: ServiceState,
): Connection {
  const { message } = failure;
  if (failure.kind === 'unauthorized') return { kind: 'unauthorized', service, code: failure.code, message };
  if (failure.kind === 'forbidden') return { kind: 'unauthorized', service, code: 'forbidden', message };
  const trouble = troubleOf(failure);
  // Without an answer that can be read, nobody knows how calls are decided.
  const state = failure.kind === 'unreachable' ? failure.service : trouble === 'console' ? told : undefined;
  return {
    ...unreachable(current, service, message, moment),
    ...(trouble !== undefined && { trouble }),
    ...(state !== undefined && { state }),
  };
}

type Unreachable = Extract<Connection, { kind: 'unreachable' }>;

function troubleOf(failure: Failure): Unreachable['trouble'] {
  if (failure.kind === 'internal' || failure.kind === 'storage') return 'console';
  if (failure.kind !== 'unreachable') return 'answer';
  return failure.service === undefined ? undefined : 'database';
}

export function unreachable(
  current: Connection,
  service: ServiceRef,
  message: string,
  { nowMs, lastAnswerMs }: Moment,
): Unreachable {
  const since = current.kind === 'unreachable' ? current.since : isoTime(lastAnswerMs ?? nowMs);
  return { kind: 'unreachable', service, since, message };
}
