import { describe, expect, it } from 'vitest';
import { adviceOf, NO_CALLS } from '../../../renderer/src/features/keys/advice';
import { key, minutesAgo, NOW } from '../../component/builders';

const DAY = 24 * 60;
const nowMs = NOW.getTime();
const kinds = (...[fields, calls = NO_CALLS]: [Parameters<typeof key>[0], Parameters<typeof adviceOf>[1]?]) =>
  adviceOf(key(fields), calls, nowMs).map(({ kind }) => kind);

describe('the advice about a key', () => {
  it('is none for one that is in use, young, and called from few networks', () => {
    expect(kinds({}, { networks: 3, endedCalls: 0 })).toEqual([]);
  });

  it('says that nothing uses it, but not while its program may still come', () => {
    expect(kinds({ lastUsedAt: null, createdAt: minutesAgo(6 * DAY) })).toEqual([]);
    expect(kinds({ lastUsedAt: null, createdAt: minutesAgo(8 * DAY) })).toEqual(['neverUsed']);
    expect(kinds({ lastUsedAt: minutesAgo(44 * DAY), createdAt: minutesAgo(60 * DAY) })).toEqual([]);
    expect(kinds({ lastUsedAt: minutesAgo(46 * DAY), createdAt: minutesAgo(60 * DAY) })).toEqual(['dormant']);
  });

  it('counts the age of the secret from the last rotation', () => {
    const createdAt = minutesAgo(800 * DAY);
    expect(kinds({ createdAt })).toEqual(['oldSecret']);
    expect(kinds({ createdAt, rotatedAt: minutesAgo(366 * DAY) })).toEqual(['oldSecret']);
    expect(kinds({ createdAt, rotatedAt: minutesAgo(364 * DAY) })).toEqual([]);
  });

  it('says that it comes from many networks, once they are known', () => {
    expect(kinds({}, { networks: 19, endedCalls: 0 })).toEqual([]);
    expect(adviceOf(key(), { networks: 20, endedCalls: 0 }, nowMs)).toEqual([
      { kind: 'manyNetworks', networks: 20 },
    ]);
    expect(kinds({}, { networks: null, endedCalls: 0 })).toEqual([]);
  });

  it('puts what is still tried first, and says nothing else of a revoked key', () => {
    expect(
      adviceOf(key({ createdAt: minutesAgo(800 * DAY) }), { networks: 40, endedCalls: 7 }, nowMs),
    ).toEqual([
      { kind: 'oldSecretTried', calls: 7 },
      { kind: 'manyNetworks', networks: 40 },
      { kind: 'oldSecret' },
    ]);
    const revoked = { status: 'revoked', lastUsedAt: null, createdAt: minutesAgo(800 * DAY) } as const;
    expect(kinds(revoked)).toEqual([]);
    expect(kinds(revoked, { networks: 40, endedCalls: 2 })).toEqual(['revokedTried']);
  });
});
