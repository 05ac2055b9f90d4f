import type { RouteName, RouteRequest, RouteResponse } from '#shared/api/route-types';
import type { Principal, ServiceContext } from '../account/context';

/** What a handler knows beside the validated request. */
export interface CallContext extends ServiceContext {
  readonly principal: Principal;
  /** The version in `If-Match`, where the route honours it and the caller sent it. */
  readonly ifMatch: number | undefined;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

/** One handler a route; none may be missing. */
export type RouteHandlers = {
  readonly [N in RouteName]: (call: CallContext, request: RouteRequest<N>) => Promise<RouteResponse<N>>;
};
