import { connect, createServer, type AddressInfo } from 'node:net';

/** A relay between two programs that counts connections. */
export interface Relay {
  /** `host:port` */
  readonly host: string;
  /** Returns how many connections were opened so far. */
  connections(): number;
  stop(): Promise<void>;
}

/** Forwards everything to `target`, `host:port`, both ways. */
export async function startRelay(target: string): Promise<Relay> {
  const [targetHost = '', targetPort = ''] = target.split(':');
  let count = 0;
  const server = createServer((incoming) => {
    count += 1;
    const outgoing = connect(Number(targetPort), targetHost);
    incoming.pipe(outgoing).pipe(incoming);
    for (const socket of [incoming, outgoing]) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        incoming.destroy();
        outgoing.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => count,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
