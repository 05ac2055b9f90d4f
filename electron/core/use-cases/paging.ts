import { failed, type Failure } from '#shared/ipc/failure';
import type { ApiClient } from '../api/client';
import type { CoreContext } from './context';

/** Returns the client, unless the service is known not to answer. */
export function onlineClient({ replica, connections }: CoreContext): ApiClient | null {
  const session = connections.session();
  const { kind } = replica.connection;
  return session.ok && (kind === 'online' || kind === 'connecting') ? session.value.client : null;
}

/** Returns a failure while nothing was ever fetched, because an empty list would be wrong; else null. */
export function neverFetched({
  replica,
  connections,
}: CoreContext): { readonly ok: false; readonly failure: Failure } | null {
  if (replica.lastSyncAt !== null) return null;
  const session = connections.session();
  if (!session.ok) return session;
  const { connection } = replica;
  const message = 'message' in connection ? connection.message : 'Nothing has been fetched yet.';
  return failed({ kind: 'unreachable', message });
}

/** Returns the lower of two ids; null is above them all. */
export function lowerId(a: string | null, b: string | null): string | null {
  return a === null || b === null ? (a ?? b) : a < b ? a : b;
}
