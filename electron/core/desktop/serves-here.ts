import type { Connection } from '#shared/ipc/contract';

/** Whether calls are answered by a service that ends with this console. One that is being started again counts. */
export const servesHere = (connection: Connection): boolean =>
  connection.kind !== 'none' && connection.kind !== 'failed' && connection.service.kind === 'embedded';
