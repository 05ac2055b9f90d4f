import { z } from 'zod';

/** The schemas of one call. Main checks every request. */
export interface CallContract {
  readonly request: z.ZodType;
  readonly response: z.ZodType;
  /** See {@link accountCall}. */
  readonly changesAccount?: true;
}

export type CallGroup = Readonly<Record<string, CallContract>>;
export type EventGroup = Readonly<Record<string, z.ZodType>>;

export function call<Q extends z.ZodType, R extends z.ZodType>(request: Q, response: R) {
  return { request, response };
}

/** A call that changes the account that its window shows. Main refuses it as `another_account` if that is not the shown one. */
export function accountCall<Q extends z.ZodType, R extends z.ZodType>(request: Q, response: R) {
  return { request, response, changesAccount: true } as const;
}

export const nothing = z.undefined();
