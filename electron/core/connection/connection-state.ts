import type { ServiceState } from '#shared/domain/entities';
import type { Connection, ServiceRef } from '#shared/ipc/contract';
import type { Failure } from '#shared/ipc/failure';
import { isoTime } from '../text';

export interface Moment {
  readonly nowMs: number;
  /** The last moment at which the service is known to have answered, or null. */
  readonly lastAnswerMs: number | null;
}

/** What a service that answers tells of itself. */
export interface Told {
  readonly state?: ServiceState | undefined;
  /** Whether it told of something that only a newer console knows. */
  readonly isNewer?: boolean;
}

/** The state after the service answered. An unchanged state is the same object. */
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
 * The state after a failure. `since` stays that of the first failure in a row, because it says since when the console
 * shows what may be out of date.
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
  // Of a service that does not answer, and of one whose answers are not understood, nobody knows what calls get.
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
