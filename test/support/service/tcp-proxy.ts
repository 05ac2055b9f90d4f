import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

interface Target {
  readonly host: string;
  readonly port: number;
}

/** A connection between a client and a server that a test can disturb. */
export interface TcpProxy {
  readonly port: number;
  /** Stops all traffic without an error, as when a cable is pulled out. */
  freeze(): void;
  thaw(): void;
  /** Lets new connections pass; frozen ones stay so, as after a sleep or in another network. */
  thawNew(): void;
  /** Holds back whatever passes, for this long towards the server, and back for as long or for `backMs`. */
  delay(ms: number, backMs?: number): void;
  /** Calls back for everything that comes in. The number is that of the connection. */
  watch(onChunk: (from: 'client' | 'server', chunk: Buffer, connection: number) => void): void;
  /** Cuts every connection. */
  cutAll(): void;
  /** Leads to another server from now on, as when a standby takes over, and cuts the connections to the one before. */
  switchTo(target: Target): void;
  /** Cuts every connection from now on that was idle for this long. */
  cutIdleAfter(ms: number): void;
  /** Cuts the connection of the next client that sends `text`, after the server has answered. The answer is lost. */
  cutAfter(text: string): void;
  close(): Promise<void>;
}

/** By default on a free port of loopback. */
export async function startTcpProxy(firstTarget: Target, port = 0): Promise<TcpProxy> {
  let target = firstTarget;
  const sockets = new Set<Socket>();
  let isFrozen = false;
  let longestIdleMs = 0;
  let fatalText: string | undefined;
  let toServerMs = 0;
  let toClientMs = 0;
  let onChunk: Parameters<TcpProxy['watch']>[0] = () => undefined;
  let connections = 0;
  /** Returns a function that writes to the socket, late if a delay is set, and always in order. */
  const lateWriter = (socket: Socket, delay: () => number): ((chunk: Buffer) => void) => {
    const waiting: Buffer[] = [];
    return (chunk) => {
      const delayMs = delay();
      if (delayMs === 0 && waiting.length === 0) {
        socket.write(chunk);
        return;
      }
      waiting.push(chunk);
      setTimeout(() => {
        const first = waiting.shift();
        if (first !== undefined) socket.write(first);
      }, delayMs);
    };
  };
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    // Otherwise the system itself would hold small chunks back until earlier ones have arrived.
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    if (isFrozen) socket.pause();
    return socket;
  };
  const server = createServer((client) => {
    const upstream = track(connect(target.port, target.host));
    track(client);
    client.setTimeout(longestIdleMs, () => client.destroy());
    let losesAnswer = false;
    const toUpstream = lateWriter(upstream, () => toServerMs);
    const toClient = lateWriter(client, () => toClientMs);
    connections += 1;
    const connection = connections;
    client.on('data', (chunk) => {
      onChunk('client', chunk, connection);
      if (fatalText !== undefined && chunk.includes(fatalText)) {
        fatalText = undefined;
        losesAnswer = true;
      }
      toUpstream(chunk);
    });
    upstream.on('data', (chunk) => {
      onChunk('server', chunk, connection);
      if (losesAnswer) {
        client.destroy();
        upstream.destroy();
      } else toClient(chunk);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    thawNew: () => {
      isFrozen = false;
    },
    delay: (ms, backMs = ms) => {
      toServerMs = ms;
      toClientMs = backMs;
    },
    watch: (listener) => {
      onChunk = listener;
    },
    cutAll,
    switchTo: (next) => {
      target = next;
      cutAll();
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
