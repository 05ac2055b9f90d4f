import { Agent, request } from 'node:http';

/** Makes calls as a proxy does: over connections that stay open. */
export interface Caller {
  /** Resolves with the status once the answer is there; `sentAt` is in milliseconds since the epoch. */
  call(ip: string): Promise<{ readonly status: number; readonly sentAt: number }>;
  close(): void;
}

export const createCaller = (url: string, secret: string): Caller => {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  return {
    call: (ip) =>
      new Promise((resolve, reject) => {
        const sentAt = Date.now();
        const outgoing = request(
          `${url}/v1/check`,
          { agent, headers: { 'api-key': secret, 'x-forwarded-for': ip, 'x-gatehouse-body': 'none' } },
          (incoming) => {
            incoming.resume();
            incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, sentAt }));
          },
        );
        outgoing.on('error', reject);
        outgoing.end();
      }),
    close: () => agent.destroy(),
  };
};
