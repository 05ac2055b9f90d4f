import type { Connection } from '#shared/ipc/contract';

/** Whether calls are answered by a service that ends with this console. One that is being started again counts. */
export function servesHere(connection: Connection): boolean {
  return connection.kind !== 'none' && connection.kind !== 'failed' && connection.service.kind === 'embedded';
}
