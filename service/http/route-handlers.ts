import type { RouteName, RouteRequest, RouteResponse, Routes } from '#shared/api/route-types';
import type { Principal, ServiceContext } from '../policy/context';
import type { DailyAllowance } from '../account/daily-allowance';
import type { EvaluationContext } from '../gate/evaluation-context';

/** What all calls of the control plane share. */
export interface ControlPlaneContext extends ServiceContext {
  readonly insight: EvaluationContext;
  /** Access tokens that users make for themselves. */
  readonly tokensMade: DailyAllowance;
}

/** What a handler knows beside the validated request. */
export interface CallContext extends ControlPlaneContext {
  readonly principal: Principal;
  /** Who asks by now. Throws, with what the next call would be refused with, where the token has ended meanwhile. */
  readonly principalNow: () => Promise<Principal>;
  /** The version in `If-Match`, where the route honours it and the caller sent it. */
  readonly ifMatch: number | undefined;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

/** An answer that is sent while it is being made: as fast as its reader takes it, and never whole in memory. */
export interface StreamedText {
  readonly contentType: string;
  /** What a browser saves it as. */
  readonly fileName: string;
  readonly pieces: AsyncIterable<string>;
}

type HandlerResult<N extends RouteName> = Routes[N] extends { readonly streams: readonly string[] }
  ? StreamedText
  : RouteResponse<N>;

/** One handler a route; none may be missing. */
export type RouteHandlers = {
  readonly [N in RouteName]: (call: CallContext, request: RouteRequest<N>) => Promise<HandlerResult<N>>;
};
