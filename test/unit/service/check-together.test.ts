import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isWorkWaiting, othersFirst } from '#service/breather';
import { createCheckHandler } from '#service/http/check';
import { memoryLog } from '#test/support/service/memory-log';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('answers that are known at once', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  const checked: string[] = [];
  const handle = createCheckHandler({
    // A call whose sender cannot be read is answered before anybody is asked.
    gate: { ask: () => expect.unreachable(), knownBlock: () => expect.unreachable() },
    metrics: { checked: (_verdict, reason) => checked.push(reason) },
    log: memoryLog(),
    keyHeaders: ['api-key'],
    callerOf: () => ({ ok: false, detail: 'nobody', fault: 'nobody' }),
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

  it('are sent together with those of the next turn, after one that brings none', async () => {
    const first = call();
    await nextTurn();
    expect(first.writableEnded).toBe(false);
    const second = call();
    await nextTurn();
    await nextTurn();
    expect([first, second].map(({ writableEnded }) => writableEnded)).toEqual([true, true]);
    expect(checked.splice(0)).toEqual(['bad_forwarded_for', 'bad_forwarded_for']);
  });

  it('are sent before work that lets them have their turn', async () => {
    const first = call();
    const worked = othersFirst();
    await nextTurn();
    expect(first.writableEnded).toBe(true);
    await worked;
    expect(isWorkWaiting()).toBe(false);
  });

  it('are sent while calls keep coming', async () => {
    const first = call();
    await nextTurn();
    call();
    vi.advanceTimersByTime(1);
    expect(first.writableEnded).toBe(false);
    await nextTurn();
    call();
    expect(first.writableEnded).toBe(true);
  });
});
