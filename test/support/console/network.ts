import type { RouteName } from '#shared/api/route-types';
import { failed, type Failure, type Outcome } from '#shared/ipc/failure';
import { type ApiClient, type ApiClientOptions, createApiClient } from '#electron/core/api/client';

/** The network's effect on a call. */
export type Weather =
  /** The call and its answer arrive. */
  | 'fine'
  /** The call never arrives. */
  | 'lost_before'
  /** The call arrives and has its effect; its answer is lost. */
  | 'lost_after'
  /** The call arrives twice; the second answer is delivered. */
  | 'twice'
  /** The call arrives, and once more an hour later on the other side's clock. */
  | 'echo';

interface OpenCall {
  readonly name: RouteName;
  readonly input: object;
  readonly isAborted: () => boolean;
  /** Sends it, and resolves with the service's answer. */
  readonly send: () => Promise<Outcome<unknown>>;
  readonly answer: (outcome: Outcome<unknown>) => void;
}

/** Observes the traffic. */
export interface NetworkEars {
  /** A console has sent a call; its outcome is open. */
  readonly onSend?: (name: RouteName, input: object) => void;
  /** The service has answered, even if the network loses the answer. */
  readonly onAnswer?: (name: RouteName, input: object, outcome: Outcome<unknown>) => void;
}

const LOST: Failure = { kind: 'unreachable', message: 'The network lost it.' };

/**
 * The network between one console and the service. The console's calls wait in it until a test delivers them, in any order
 * and with any fault. The real client is behind it.
 */
export class Network {
  readonly #open: OpenCall[] = [];
  readonly #echoes: (() => Promise<unknown>)[] = [];
  readonly #serviceUrl: () => string;
  readonly #ears: NetworkEars;
  #clients: ApiClient[] = [];
  #isCut = false;

  constructor(serviceUrl: () => string, ears: NetworkEars = {}) {
    this.#serviceUrl = serviceUrl;
    this.#ears = ears;
  }

  /** The client as the core creates it; it reaches the service on any port. */
  readonly createClient = (options: ApiClientOptions): ApiClient => {
    let [url, client] = ['', null as ApiClient | null];
    const current = (): ApiClient => {
      if (client === null || url !== this.#serviceUrl()) {
        client?.dispose();
        url = this.#serviceUrl();
        client = createApiClient({ ...options, url });
        this.#clients.push(client);
      }
      return client;
    };
    return {
      url: options.url,
      get clockOffsetMs() {
        return client?.clockOffsetMs ?? null;
      },
      call: (name, input, callOptions = {}) =>
        new Promise<Outcome<unknown>>((resolve, reject) => {
          const { signal, ...others } = callOptions;
          signal?.addEventListener('abort', () => reject(new Error('aborted')));
          if (this.#isCut) return;
          this.#ears.onSend?.(name, input);
          // The service holds no poll open; the test decides when one is answered.
          const sent = name === 'getChanges' ? withoutWait(input) : input;
          this.#open.push({
            name,
            input,
            isAborted: () => signal?.aborted === true,
            send: () => current().call(name, sent as typeof input, others),
            answer: resolve,
          });
        }) as Promise<never>,
      download: (name, input, take, callOptions) => current().download(name, input, take, callOptions),
      dispose: () => client?.dispose(),
    };
  };

  /** Calls that wait for delivery. */
  get waiting(): readonly RouteName[] {
    this.#dropAborted();
    return this.#open.map(({ name }) => name);
  }

  /** Delivers the waiting call at this index, counted around. Returns false if none waits. */
  async deliver(index: number, weather: Weather): Promise<boolean> {
    this.#dropAborted();
    const call = this.#open.splice(index % Math.max(1, this.#open.length), 1)[0];
    if (call === undefined) return false;
    call.answer(await this.#through(call, weather));
    return true;
  }

  /** Delivers delayed copies, and returns their number. */
  async deliverEchoes(): Promise<number> {
    const echoes = this.#echoes.splice(0);
    for (const echo of echoes) await echo();
    return echoes.length;
  }

  /** Ends the console's traffic: nothing arrives any more, and nothing is answered. */
  cut(): void {
    this.#isCut = true;
    this.#open.length = 0;
    for (const client of this.#clients) client.dispose();
    this.#clients = [];
  }

  async #through(call: OpenCall, weather: Weather): Promise<Outcome<unknown>> {
    const send = async (): Promise<Outcome<unknown>> => {
      const outcome = await call.send();
      this.#ears.onAnswer?.(call.name, call.input, outcome);
      return outcome;
    };
    switch (weather) {
      case 'fine':
        return send();
      case 'lost_before':
        return failed(LOST);
      case 'lost_after':
        await send();
        return failed(LOST);
      case 'twice':
        await send();
        return send();
      case 'echo':
        this.#echoes.push(send);
        return send();
    }
  }

  #dropAborted(): void {
    for (let index = this.#open.length - 1; index >= 0; index -= 1) {
      if (this.#open[index]?.isAborted() === true) this.#open.splice(index, 1);
    }
  }
}

function withoutWait(input: object): object {
  const { query, ...others } = input as { readonly query?: object };
  return { ...others, query: { ...query, wait: 0 } };
}
