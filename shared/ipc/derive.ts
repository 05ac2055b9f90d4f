import type { z } from 'zod';
import type { CallContract } from './call';
import type { Calls, Events } from './contract';
import type { Outcome } from './failure';

type Awaitable<T> = T | Promise<T>;

export type CallRequest<G extends keyof Calls, N extends keyof Calls[G]> = Calls[G][N] extends CallContract
  ? z.output<Calls[G][N]['request']>
  : never;

export type CallResponse<G extends keyof Calls, N extends keyof Calls[G]> = Calls[G][N] extends CallContract
  ? z.output<Calls[G][N]['response']>
  : never;

/** Main's side: one handler for each call. Requests are parsed before a handler sees them. */
export type CallHandlers<Sender> = {
  readonly [G in keyof Calls]: {
    readonly [N in keyof Calls[G]]: (
      request: CallRequest<G, N>,
      sender: Sender,
    ) => Awaitable<Outcome<CallResponse<G, N>>>;
  };
};

/** A window's side: the same calls as functions. Those without a request take no argument. */
export type CallClient = {
  readonly [G in keyof Calls]: {
    readonly [N in keyof Calls[G]]: Calls[G][N] extends { request: infer Q extends z.ZodType }
      ? undefined extends z.input<Q>
        ? () => Promise<Outcome<CallResponse<G, N>>>
        : (request: z.input<Q>) => Promise<Outcome<CallResponse<G, N>>>
      : never;
  };
};

export type EventPayload<G extends keyof Events, N extends keyof Events[G]> = Events[G][N] extends z.ZodType
  ? z.output<Events[G][N]>
  : never;

/** A window's side of the events. A subscription returns the function that ends it. */
export type EventClient = {
  readonly [G in keyof Events]: {
    readonly [N in keyof Events[G]]: (listener: (payload: EventPayload<G, N>) => void) => () => void;
  };
};

export interface Bridge {
  readonly calls: CallClient;
  readonly events: EventClient;
}

/**
 * The object that the preload puts on `window.gatehouse`. It knows no names, so that the preload need not contain the contract.
 */
export interface WindowBridge {
  call<G extends keyof Calls, N extends keyof Calls[G]>(
    group: G,
    name: N,
    ...request: Parameters<CallClient[G][N]>
  ): ReturnType<CallClient[G][N]>;
  on<G extends keyof Events, N extends keyof Events[G]>(
    group: G,
    name: N,
    listener: (payload: EventPayload<G, N>) => void,
  ): () => void;
}

/** Returns the channel of a call or an event. */
export function channelOf(group: string, name: string): string {
  return `gatehouse:${group}:${name}`;
}
