import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createCheckHandler } from '#service/http/check/check';
import { NO_TRACING } from '#service/telemetry/tracing';
import { memoryLog } from '#test/support/service/memory-log';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('checks that are decided in one turn of the event loop', () => {
  const checked: string[] = [];
  const log = memoryLog();
  const handle = createCheckHandler({
    // A call whose sender cannot be read is answered before anybody is asked.
    gate: {
      askAway: () => {
        throw new Error('the database is there');
      },
      ask: () => expect.unreachable(),
      knownBlock: () => expect.unreachable(),
    },
    metrics: { checked: (_verdict, reason) => checked.push(reason), checkedKey: () => undefined },
    tracing: NO_TRACING,
    log,
    fingerprintOf: () => null,
    keyHeaders: ['api-key'],
    callerOf: () => ({ ok: false, detail: 'nobody', fault: { reason: 'noPeer' } }),
    proxyFaults: { note: () => undefined },
    onUndecided: () => undefined,
    onError: 'deny',
    echoIp: true,
    publicUrl: () => 'https://gate.example.com',
  });
  const call = (): ServerResponse => {
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    handle(response.req, response, '');
    return response;
  };

  it('are answered together when it ends', async () => {
    const responses = [call(), call()];
    await Promise.resolve();
    expect(responses.map(({ writableEnded }) => writableEnded)).toEqual([false, false]);
    await nextTurn();
    await nextTurn();
    expect(responses.map(({ writableEnded }) => writableEnded)).toEqual([true, true]);
    expect(checked.splice(0)).toEqual(['bad_forwarded_for', 'bad_forwarded_for']);
  });

  it('are answered though one of them cannot be', async () => {
    const [broken, whole] = [call(), call()];
    broken.writeHead(200);
    await nextTurn();
    await nextTurn();
    expect(broken.destroyed).toBe(true);
    expect(whole.statusCode).toBe(400);
    expect(whole.writableEnded).toBe(true);
    expect(log.events()).toContain('check.answer_failed');
  });
});
