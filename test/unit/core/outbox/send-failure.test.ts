import { describe, expect, it } from 'vitest';
import type { Failure } from '#shared/ipc/failure';
import { afterSendFailure } from '#electron/core/outbox/send-failure';

describe('the failure table', () => {
  const unreachable: Failure = { kind: 'unreachable', message: '' };
  const service: Failure = { kind: 'service', code: 'internal', message: '' };
  const invalid: Failure = { kind: 'invalid', code: 'invalid_request', field: '', message: '' };
  it.each<readonly [string, Failure, number, object]>([
    ['network trouble is tried for ever', unreachable, 500, { do: 'retry' }],
    ['network trouble is tried for ever, alone too', unreachable, 1, { do: 'retry' }],
    [
      '429 waits as long as it says',
      { kind: 'rate_limited', retryAfterSeconds: 7, message: '' },
      3,
      { do: 'wait', delayMs: 7_000 },
    ],
    ['401 pauses', { kind: 'unauthorized', code: 'token_expired', message: '' }, 3, { do: 'pause' }],
    [
      '403 rejects',
      { kind: 'forbidden', required: 'authorized_ips', message: '' },
      3,
      { do: 'reject', code: 'forbidden' },
    ],
    ['400 of a batch finds out whose it is', invalid, 3, { do: 'isolate' }],
    ['400 of one operation rejects it', invalid, 1, { do: 'reject', code: 'invalid_request' }],
    [
      '404 of the route may be a proxy',
      { kind: 'conflict', code: 'not_found', message: '', current: null },
      3,
      { do: 'retry' },
    ],
    ['500 of a batch finds out whose it is', service, 3, { do: 'isolate' }],
    ['500 of one operation is tried again', service, 1, { do: 'retry' }],
    ['an answer that cannot be read is tried again', { kind: 'internal', message: '' }, 1, { do: 'retry' }],
  ])('%s', (_name, failure, size, expected) => {
    expect(afterSendFailure(failure, size)).toEqual(expected);
  });
});
