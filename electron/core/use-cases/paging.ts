import { failed, type Failure } from '#shared/ipc/failure';
import type { ApiClient } from '../api/client';
import type { CoreContext } from './context';

/** The client, unless the service is known not to answer. */
export function onlineClient({ replica, connections }: CoreContext): ApiClient | null {
  const session = connections.session();
  const { kind } = replica.connection;
  return session.ok && (kind === 'online' || kind === 'connecting') ? session.value.client : null;
}

/** Why nothing can be shown while nothing was ever fetched: an empty list would be a lie. Null once something was. */
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

/** The lower of two ids; null is above them all. */
export function lowerId(a: string | null, b: string | null): string | null {
  return a === null || b === null ? (a ?? b) : a < b ? a : b;
}
