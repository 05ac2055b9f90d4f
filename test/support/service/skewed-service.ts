import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestService, type TestService } from './test-service';

export interface SkewedService {
  readonly service: TestService;
  /** The service's URL for a console on another computer. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts a service whose clock differs by the offset, also in the `Date` of its answers, which would otherwise be this
 * computer's.
 */
export async function startSkewedService(offsetMs: number): Promise<SkewedService> {
  const now = (): number => Date.now() + offsetMs;
  const service = await startTestService({ clock: { now } });
  const front: Server = createServer((incoming, answer) => {
    const onward = request(
      new URL(incoming.url ?? '/', service.url),
      { method: incoming.method, headers: incoming.headers, agent: false },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, { ...reply.headers, date: new Date(now()).toUTCString() });
        reply.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    service,
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    close: async () => {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await service.stop();
    },
  };
}
