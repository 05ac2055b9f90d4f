import type { z } from 'zod';
import type { routes } from './contract';

export type Routes = typeof routes;
export type RouteName = keyof Routes;

type Field<R, F extends string> = R extends Record<F, infer S> ? S : never;

/** The caller's input before defaults are filled in. */
export interface RouteInput<N extends RouteName> {
  readonly params: [Field<Routes[N], 'params'>] extends [never]
    ? undefined
    : z.input<Field<Routes[N], 'params'>>;
  readonly query: [Field<Routes[N], 'query'>] extends [never]
    ? undefined
    : z.input<Field<Routes[N], 'query'>>;
  readonly body: [Field<Routes[N], 'body'>] extends [never] ? undefined : z.input<Field<Routes[N], 'body'>>;
}

/** The handler's input after validation. */
export interface RouteRequest<N extends RouteName> {
  readonly params: [Field<Routes[N], 'params'>] extends [never]
    ? undefined
    : z.output<Field<Routes[N], 'params'>>;
  readonly query: [Field<Routes[N], 'query'>] extends [never]
    ? undefined
    : z.output<Field<Routes[N], 'query'>>;
  readonly body: [Field<Routes[N], 'body'>] extends [never] ? undefined : z.output<Field<Routes[N], 'body'>>;
}

export type RouteResponse<N extends RouteName> = z.output<Routes[N]['response']>;
