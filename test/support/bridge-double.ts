import type { z } from 'zod';
import type { CallContract } from '#shared/ipc/call';
import { calls, type Calls, events, type Events } from '#shared/ipc/contract';
import type { EventPayload, WindowBridge } from '#shared/ipc/derive';
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
  /** The account that the window showed. */
  readonly shownId: string | undefined;
}

/**
 * The window's bridge without a main process. It has the calls and events of the contract and no others, and checks what
 * crosses against the same schemas as the app, in both directions.
 */
export class BridgeDouble {
  /** Every call made so far, in order: `reviews.authorize` with its request. */
  readonly made: RecordedCall[] = [];
  readonly bridge: WindowBridge;
  readonly #handlers = new Map<string, Handler<never>>();
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>();

  constructor(answers: Answers = {}) {
    for (const [group, names] of Object.entries(answers)) {
      for (const [name, handler] of Object.entries(names)) {
        this.#handlers.set(`${group}.${name}`, handler as Handler<never>);
      }
    }
    this.bridge = {
      call: (group: string, name: string, request?: unknown, shownId?: string) =>
        this.#call(group, name, request, shownId),
      on: (group: string, name: string, listener: (payload: unknown) => void) =>
        this.#on(group, name, listener),
    } as unknown as WindowBridge;
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

  async #call(
    group: string,
    name: string,
    request: unknown,
    shownId: string | undefined,
  ): Promise<Outcome<unknown>> {
    const contract = (calls as Record<string, Record<string, CallContract>>)[group]?.[name];
    if (contract === undefined) throw new Error(`The contract has no call ${group}.${name}.`);
    const full = `${group}.${name}`;
    this.made.push({ name: full, request, shownId });
    const handler = this.#handlers.get(full);
    if (handler === undefined) {
      return failed({ kind: 'internal', message: `The bridge double has no answer for ${full}.` });
    }
    const outcome: Outcome<unknown> = await handler(contract.request.parse(request) as never);
    return outcome.ok ? { ok: true, value: contract.response.parse(outcome.value) } : outcome;
  }

  #on(group: string, name: string, listener: (payload: unknown) => void): () => void {
    const full = `${group}.${name}`;
    if (!(name in ((events as Record<string, object>)[group] ?? {}))) {
      throw new Error(`The contract has no event ${full}.`);
    }
    const listeners = this.#listeners.get(full) ?? new Set();
    this.#listeners.set(full, listeners.add(listener));
    return () => listeners.delete(listener);
  }
}
