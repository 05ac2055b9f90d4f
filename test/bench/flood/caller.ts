import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

const END = '\r\n\r\n';

export interface Answer {
  readonly status: number;
  /** The headers as they came. */
  readonly head: string;
}

/** Asks one check after the other over one connection, and no more than it must: a million calls come from one processor. */
export class Caller {
  readonly #socket: Socket;
  readonly #host: string;
  #head = '';
  #onAnswer: ((answer: Answer) => void) | undefined;
  #onFailure: ((error: Error) => void) | undefined;

  constructor(url: string) {
    const { hostname, port, host } = new URL(url);
    this.#host = host;
    this.#socket = connect(Number(port), hostname);
    this.#socket.setNoDelay(true);
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => this.#take(text));
    this.#socket.on('error', (error) => this.#onFailure?.(error));
    this.#socket.on('close', () => this.#onFailure?.(new Error('the service closed the connection')));
  }

  ask(apiKey: string, ip: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#onAnswer = resolve;
      this.#onFailure = reject;
      this.#socket.write(
        `GET /v1/check HTTP/1.1\r\nhost: ${this.#host}\r\napi-key: ${apiKey}\r\nx-forwarded-for: ${ip}\r\n` +
          `user-agent: flood/1.0\r\nx-original-uri: /v3/emails\r\nx-gatehouse-body: none${END}`,
      );
    });
  }

  async close(): Promise<void> {
    this.#onFailure = undefined;
    this.#socket.end();
    await once(this.#socket, 'close');
  }

  #take(text: string): void {
    this.#head += text;
    if (!this.#head.endsWith(END)) return;
    const head = this.#head;
    this.#head = '';
    this.#onAnswer?.({ status: Number(head.slice(9, 12)), head });
  }
}
