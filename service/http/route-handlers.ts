import type { RouteName, RouteRequest, RouteResponse, Routes } from '#shared/api/route-types';
import type { Principal, ServiceContext } from '../policy/context';
import type { DailyAllowance } from '../account/daily-allowance';
import type { ImpactGuard } from '../policy/impact';
import type { EvaluationContext } from '../gate/evaluate';
import type { Refresher } from '../sources/refresher';
import type { PageReader } from '../feed/feed-page';
import type { Page } from '../storage/repositories/page';
import type { FoundToken } from '../storage/repositories/users';

/** The parts of the service that all calls of the control plane share. */
export interface ControlPlaneContext extends ServiceContext {
  readonly evaluation: EvaluationContext;
  readonly sources: Pick<Refresher, 'wake'>;
  readonly guard: ImpactGuard;
  /** Counts the access tokens that users make for themselves (docs/behaviour.md 4.9). */
  readonly tokensMade: DailyAllowance;
  /** Finds the token with this SHA-256 in hex, together with others that are asked for meanwhile. */
  readonly findToken: (hash: string) => Promise<FoundToken | undefined>;
  /** Reads pages of the change feed, once for all who ask for the same one meanwhile. */
  readonly readPage: PageReader;
}

/** The context of one call, beside the validated request. */
export interface CallContext extends ControlPlaneContext {
  readonly principal: Principal;
  /** Authenticates the call again. Rejects with the refusal of the next call if the token has ended meanwhile. */
  readonly principalNow: () => Promise<Principal>;
  /** The version in `If-Match`; undefined where the route ignores it or the caller did not send it. */
  readonly ifMatch: number | undefined;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
}

/** An answer that is sent while it is made, at the reader's pace, so that it is never whole in memory. */
export interface StreamedText {
  readonly contentType: string;
  /** The file name that a browser saves the text under. */
  readonly fileName: string;
  readonly pieces: AsyncIterable<string>;
}

/** An answer that is JSON already, because parts of it were made for others too. */
export class JsonText {
  constructor(readonly text: string) {}
}

type HandlerResult<N extends RouteName> = Routes[N] extends { readonly streams: readonly string[] }
  ? StreamedText
  : RouteResponse<N> | JsonText;

/** One handler for each route; a missing one does not compile. */
export type RouteHandlers = {
  readonly [N in RouteName]: (call: CallContext, request: RouteRequest<N>) => Promise<HandlerResult<N>>;
};

export function pageWith<Row, Entity>({ items, nextCursor }: Page<Row>, entityOf: (row: Row) => Entity) {
  return { items: items.map(entityOf), nextCursor };
}
