import { z } from 'zod';

/** The schemas of one call. Main checks every request. */
export interface CallContract {
  readonly request: z.ZodType;
  readonly response: z.ZodType;
}

export type CallGroup = Readonly<Record<string, CallContract>>;
export type EventGroup = Readonly<Record<string, z.ZodType>>;

export function call<Q extends z.ZodType, R extends z.ZodType>(request: Q, response: R) {
  return { request, response };
}

export const nothing = z.undefined();
