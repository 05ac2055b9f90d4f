import type { z } from 'zod';
import type { CallContract } from '#shared/ipc/call';
import { failed, type Outcome } from '#shared/ipc/failure';
import type { Log } from '../../core/ports';
import { storageFailureOf } from '../../core/store/storage-failure';

/** A handler without its request's type; the contract's schema stands in for it. */
export type AnyHandler<Sender> = (
  request: unknown,
  sender: Sender,
) => Outcome<unknown> | Promise<Outcome<unknown>>;

/**
 * Answers one call of a window: checks the request against the contract, runs the handler, and turns every outcome into
 * data. Details of a bug go to the log, not to the window.
 */
export async function answerCall<Sender>(
  channel: string,
  contract: CallContract,
  handler: AnyHandler<Sender>,
  request: unknown,
  sender: Sender,
  log: Log,
): Promise<Outcome<unknown>> {
  const parsed = contract.request.safeParse(request);
  if (!parsed.success) return failed(invalidRequest(parsed.error));
  try {
    return await handler(parsed.data, sender);
  } catch (error) {
    log.error('ipc.failed', { channel, error });
    // The window has its own words for a bug.
    return failed(storageFailureOf(error) ?? { kind: 'internal', message: '' });
  }
}

function invalidRequest(error: z.ZodError) {
  const [issue] = error.issues;
  return {
    kind: 'invalid' as const,
    code: 'invalid_request',
    field: issue?.path.join('.') ?? '',
    message: issue?.message ?? 'The request is not valid.',
  };
}
