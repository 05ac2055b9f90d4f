import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A line between a client and a server that a test can disturb. */
export interface TcpProxy {
  readonly port: number;
  /** Nothing passes any more, and nobody is told: a cable pulled out. */
  freeze(): void;
  thaw(): void;
  /** Lines that are drawn from now on pass; those that are frozen stay so, as after a sleep or in another network. */
  thawNew(): void;
  /** Cuts every line there is. */
  cutAll(): void;
  /** Cuts every line from now on over which nothing has passed for so long. */
  cutIdleAfter(ms: number): void;
  /** Cuts the line of the next one who sends `text`, after the server has had it and answered. The answer is lost. */
  cutAfter(text: string): void;
  close(): Promise<void>;
}

/** On a free port of loopback, or on this one. */
export async function startTcpProxy(target: { host: string; port: number }, port = 0): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let frozen = false;
  let longestIdleMs = 0;
  let fatalText: string | undefined;
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    if (frozen) socket.pause();
    return socket;
  };
  const server = createServer((client) => {
    const upstream = track(connect(target.port, target.host));
    track(client);
    client.setTimeout(longestIdleMs, () => client.destroy());
    let losesAnswer = false;
    client.on('data', (chunk) => {
      if (fatalText !== undefined && chunk.includes(fatalText)) {
        fatalText = undefined;
        losesAnswer = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (losesAnswer) {
        client.destroy();
        upstream.destroy();
      } else client.write(chunk);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    thawNew: () => {
      frozen = false;
    },
    cutAll: () => {
      for (const socket of sockets) socket.destroy();
    },
    cutIdleAfter: (ms) => {
      longestIdleMs = ms;
    },
    cutAfter: (text) => {
      fatalText = text;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
