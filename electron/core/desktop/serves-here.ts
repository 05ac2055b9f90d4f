import type { Connection } from '#shared/ipc/connection';

/** Returns true if the service that answers calls ends with this console. One that is being restarted counts. */
export function servesHere(connection: Connection): boolean {
  return connection.kind !== 'none' && connection.kind !== 'failed' && connection.service.kind === 'embedded';
}
