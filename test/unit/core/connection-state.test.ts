import { describe, expect, it } from 'vitest';
import type { Connection, ServiceRef } from '#shared/ipc/connection';
import { afterAnswer, afterFailure } from '#electron/core/connection/connection-state';

const SERVICE: ServiceRef = { kind: 'remote', url: 'https://gatehouse.example' };
const NOW_MS = Date.parse('2026-01-15T12:00:00Z');
const connecting: Connection = { kind: 'connecting', service: SERVICE };

describe('the state of the connection', () => {
  it('is online since the first answer, not since each one', () => {
    const online = afterAnswer(connecting, SERVICE, NOW_MS);
    expect(online).toEqual({ kind: 'online', service: SERVICE, since: '2026-01-15T12:00:00.000Z' });
    expect(afterAnswer(online, SERVICE, NOW_MS + 5_000)).toBe(online);
  });

  it('knows what calls get, as the service told last', () => {
    const ready = { state: 'ready', why: null } as const;
    const refusing = { state: 'refusing', why: 'Its disk is full.' } as const;
    const online = afterAnswer(connecting, SERVICE, NOW_MS, { state: ready });
    expect(afterAnswer(online, SERVICE, NOW_MS + 5_000, { state: { ...ready } })).toBe(online);
    const changed = afterAnswer(online, SERVICE, NOW_MS + 5_000, { state: refusing });
    // Online since then, all the same.
    expect(changed).toMatchObject({ kind: 'online', since: '2026-01-15T12:00:00.000Z', state: refusing });
  });

  it.each([
    [{ kind: 'unreachable', message: 'm' }, {}],
    [
      { kind: 'unreachable', message: 'm', service: { state: 'refusing', why: 'w' } },
      { trouble: 'database', state: { state: 'refusing', why: 'w' } },
    ],
    [{ kind: 'service', code: 'contract_violation', message: 'm' }, { trouble: 'answer' }],
    [{ kind: 'invalid', code: 'x', field: '', message: 'm' }, { trouble: 'answer' }],
    // It came from the service, and only this computer could not keep it.
    [
      { kind: 'internal', message: 'm' },
      { trouble: 'console', state: { state: 'degraded', why: 'told' } },
    ],
  ] as const)('says whose trouble %o is', (failure, expected) => {
    const moment = { nowMs: NOW_MS, lastAnswerMs: null };
    const state = afterFailure(connecting, SERVICE, failure, moment, { state: 'degraded', why: 'told' });
    expect(state).toEqual({
      kind: 'unreachable',
      service: SERVICE,
      since: '2026-01-15T12:00:00.000Z',
      message: 'm',
      ...expected,
    });
  });

  it('is unreachable since the last answer', () => {
    const state = afterFailure(
      afterAnswer(connecting, SERVICE, NOW_MS),
      SERVICE,
      { kind: 'unreachable', message: 'Nothing answers.' },
      { nowMs: NOW_MS + 60_000, lastAnswerMs: NOW_MS + 30_000 },
    );
    expect(state).toEqual({
      kind: 'unreachable',
      service: SERVICE,
      since: '2026-01-15T12:00:30.000Z',
      message: 'Nothing answers.',
    });
  });

  it('is unreachable since the first failure when there never was an answer, with the latest cause', () => {
    const first = afterFailure(
      connecting,
      SERVICE,
      { kind: 'unreachable', message: 'one' },
      { nowMs: NOW_MS, lastAnswerMs: null },
    );
    const second = afterFailure(
      first,
      SERVICE,
      { kind: 'service', code: 'internal', message: 'two' },
      { nowMs: NOW_MS + 1_000, lastAnswerMs: null },
    );
    expect(second).toMatchObject({ since: '2026-01-15T12:00:00.000Z', message: 'two' });
  });

  it.each([
    [{ kind: 'unauthorized', code: 'token_expired', message: 'm' }, 'token_expired'],
    [{ kind: 'forbidden', required: 'x', message: 'm' }, 'forbidden'],
  ] as const)('is unauthorized after %o', (failure, code) => {
    const state = afterFailure(connecting, SERVICE, failure, { nowMs: NOW_MS, lastAnswerMs: null });
    expect(state).toMatchObject({ kind: 'unauthorized', code, message: 'm' });
  });
});
