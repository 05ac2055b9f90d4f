import type { Failure } from '#shared/ipc/failure';

/** What to do after a batch that got no answer of its own. */
export type AfterSendFailure =
  /** Again and again, after a growing, random pause; nothing is lost by it. */
  | { readonly do: 'retry' }
  /** The service named a time. */
  | { readonly do: 'wait'; readonly delayMs: number }
  /** Nothing can go until somebody signs in again. */
  | { readonly do: 'pause' }
  /** One of the edits may be to blame: smaller batches find out which, and the others go on. */
  | { readonly do: 'isolate' }
  /** This one edit can never go. */
  | { readonly do: 'park'; readonly code: string };

/** The failure table of the outbox. Pure; a test goes through it row by row. */
export function afterSendFailure(failure: Failure, batchSize: number): AfterSendFailure {
  switch (failure.kind) {
    case 'unreachable':
      return { do: 'retry' };
    case 'rate_limited':
      return { do: 'wait', delayMs: failure.retryAfterSeconds * 1_000 };
    case 'unauthorized':
      return { do: 'pause' };
    case 'forbidden':
      return { do: 'park', code: 'forbidden' };
    case 'invalid':
      return batchSize > 1 ? { do: 'isolate' } : { do: 'park', code: failure.code };
    case 'conflict':
      // A service without this route, or something else at its address. It may be a proxy's doing, and pass.
      return { do: 'retry' };
    case 'service':
    case 'storage':
    case 'internal':
      return batchSize > 1 ? { do: 'isolate' } : { do: 'retry' };
  }
}
