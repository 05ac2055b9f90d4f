import type { FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { SECOND_MS } from '#shared/durations';
import type { ServiceConfig } from '../config';

const STOP_DEADLINE_MS = 3 * SECOND_MS;

/** Another program has the port. */
export class AddressInUseError extends Error {}

function urlOf(address: AddressInfo): string {
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

/** @throws AddressInUseError */
export async function listen(app: FastifyInstance, { host, port }: ServiceConfig): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new AddressInUseError(
        `${host}:${port} is in use by another program; choose another GATEHOUSE_LISTEN.`,
      );
    }
    throw error;
  }
  return urlOf(app.server.address() as AddressInfo);
}

export async function closeApp(app: FastifyInstance): Promise<void> {
  // Force-closes slow readers so that the log is flushed.
  const deadline = setTimeout(() => app.server.closeAllConnections(), STOP_DEADLINE_MS);
  await app.close();
  clearTimeout(deadline);
}
