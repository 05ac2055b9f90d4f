import { SECOND_MS } from '#shared/durations';
import type { Failure } from '#shared/ipc/failure';

/** The reaction to a batch that got no results. */
export type AfterSendFailure =
  /** Tries again after a growing, random pause. */
  | { readonly do: 'retry' }
  | { readonly do: 'wait'; readonly delayMs: number }
  | { readonly do: 'pause' }
  /** Sends smaller batches, because one of the operations may be the cause and the others should go on. */
  | { readonly do: 'isolate' }
  /** Rejects the one operation of the batch, which can never be applied. */
  | { readonly do: 'reject'; readonly code: string };

/** Returns the reaction to a failure of a batch (docs/behaviour.md 8.4.4). Pure. */
export function afterSendFailure(failure: Failure, batchSize: number): AfterSendFailure {
  switch (failure.kind) {
    case 'unreachable':
      return { do: 'retry' };
    case 'rate_limited':
      return { do: 'wait', delayMs: failure.retryAfterSeconds * SECOND_MS };
    case 'unauthorized':
      return { do: 'pause' };
    case 'forbidden':
      return { do: 'reject', code: 'forbidden' };
    case 'invalid':
      return batchSize > 1 ? { do: 'isolate' } : { do: 'reject', code: failure.code };
    case 'conflict':
      // The address has no such route: an old service or a proxy. It may pass.
      return { do: 'retry' };
    case 'service':
    case 'storage':
    case 'internal':
      return batchSize > 1 ? { do: 'isolate' } : { do: 'retry' };
  }
}
