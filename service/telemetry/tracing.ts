import type { IncomingMessage, ServerResponse } from 'node:http';

/** Follows what the service does as spans of traces, which hold no address, key or token. */
export interface Tracing {
  /** Does work as a span within the current one. */
  inSpan<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Handles a request as a span that continues its sender's trace, and ends with the response. */
  ofRequest(name: string, request: IncomingMessage, response: ServerResponse, handle: () => void): void;
}

/** Without an exporter nothing is followed. */
export const NO_TRACING: Tracing = {
  inSpan: (_name, work) => work(),
  ofRequest: (_name, _request, _response, handle) => handle(),
};
