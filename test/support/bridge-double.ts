import type { z } from 'zod';
import { type CallContract, calls, type Calls, events, type Events } from '#shared/ipc/contract';
import type { Bridge, EventPayload } from '#shared/ipc/derive';
import { failed, type Outcome } from '#shared/ipc/failure';

type Request<C> = C extends { request: infer Q extends z.ZodType } ? z.output<Q> : never;
type Response<C> = C extends { response: infer R extends z.ZodType } ? z.output<R> : never;
type Handler<C> = (request: Request<C>) => Outcome<Response<C>> | Promise<Outcome<Response<C>>>;

/** Calls without an answer fail with a sentence that names them. */
export type Answers = {
  readonly [G in keyof Calls]?: { readonly [N in keyof Calls[G]]?: Handler<Calls[G][N]> };
};

export interface RecordedCall {
  readonly name: string;
  readonly request: unknown;
}

/**
 * The window's bridge without a main process. The contract defines its calls and events, and values are checked against the
 * same schemas as in the app, in both directions.
 */
export class BridgeDouble {
  /** Every call made so far, in order: `reviews.authorize` with its request. */
  readonly made: RecordedCall[] = [];
  readonly bridge: Bridge;
  readonly #handlers = new Map<string, Handler<never>>();
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>();

  constructor(answers: Answers = {}) {
    for (const [group, names] of Object.entries(answers)) {
      for (const [name, handler] of Object.entries(names)) {
        this.#handlers.set(`${group}.${name}`, handler as Handler<never>);
      }
    }
    this.bridge = { calls: this.#callClient(), events: this.#eventClient() } as unknown as Bridge;
  }

  answer<G extends keyof Calls, N extends keyof Calls[G]>(
    group: G,
    name: N,
    handler: Handler<Calls[G][N]>,
  ): void {
    this.#handlers.set(`${group}.${String(name)}`, handler);
  }

  /** Sends the window an event. */
  emit<G extends keyof Events, N extends keyof Events[G]>(
    group: G,
    name: N,
    payload: EventPayload<G, N>,
  ): void {
    const schema = (events as Record<string, Record<string, z.ZodType>>)[group]?.[String(name)];
    const checked = schema?.parse(payload);
    for (const listener of this.#listeners.get(`${group}.${String(name)}`) ?? []) listener(checked);
  }

  /** Returns how many listeners the window has for an event. */
  listening(name: `${keyof Events}.${string}`): number {
    return this.#listeners.get(name)?.size ?? 0;
  }

  requests(name: `${keyof Calls}.${string}`): readonly unknown[] {
    return this.made.filter((call) => call.name === name).map(({ request }) => request);
  }

  #callClient(): unknown {
    return mapGroups<CallContract>(
      calls,
      (name, contract) =>
        async (request: unknown): Promise<Outcome<unknown>> => {
          this.made.push({ name, request });
          const handler = this.#handlers.get(name);
          if (handler === undefined) {
            return failed({ kind: 'internal', message: `The bridge double has no answer for ${name}.` });
          }
          const outcome: Outcome<unknown> = await handler(contract.request.parse(request) as never);
          return outcome.ok ? { ok: true, value: contract.response.parse(outcome.value) } : outcome;
        },
    );
  }

  #eventClient(): unknown {
    return mapGroups<z.ZodType>(events, (name) => (listener: (payload: unknown) => void) => {
      const listeners = this.#listeners.get(name) ?? new Set();
      this.#listeners.set(name, listeners.add(listener));
      return () => listeners.delete(listener);
    });
  }
}

function mapGroups<V>(
  groups: Readonly<Record<string, Readonly<Record<string, V>>>>,
  make: (name: string, value: V) => unknown,
): unknown {
  return Object.fromEntries(
    Object.entries(groups).map(([group, names]) => [
      group,
      Object.fromEntries(
        Object.entries(names).map(([name, value]) => [name, make(`${group}.${name}`, value)]),
      ),
    ]),
  );
}
