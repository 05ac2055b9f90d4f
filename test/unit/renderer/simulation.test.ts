import { describe, expect, it } from 'vitest';
import {
  effectsOf,
  keysOf,
  type SimulatedChange,
  type Simulation,
} from '../../../renderer/src/features/protection/effects';
import { buttonWords, isSameChoice, warningOf } from '../../../renderer/src/features/protection/model';
import { choiceWords } from '../../../renderer/src/domain/protection-words';
import { NOW, ulid } from '../../component/builders';

const change = (ip: string, after: 'allowed' | 'blocked', key = 1): SimulatedChange => ({
  ip,
  keyId: ulid(key),
  keyName: `Key ${key}`,
  count: 3,
  lastAt: NOW.toISOString(),
  before: { verdict: after === 'blocked' ? 'allowed' : 'blocked', reason: 'authorized' },
  after: { verdict: after, reason: 'unknown' },
});

/** Of 100 pairs that are let in and 10 that are blocked now. */
const simulation = (changes: readonly SimulatedChange[], blocked: number, letIn: number): Simulation => ({
  from: NOW.toISOString(),
  to: NOW.toISOString(),
  before: { allowed: 0, blocked: 0 },
  after: { allowed: 0, blocked: 0 },
  pairs: {
    before: { allowed: 100, blocked: 10 },
    after: { allowed: 100 - blocked + letIn, blocked: 10 + blocked - letIn },
  },
  changes: [...changes],
  changed: blocked + letIn,
  unjudged: 0,
});

describe('the effects of a choice', () => {
  it('are those who would be blocked and those who would be let in, by address', () => {
    const changes = [
      change('203.0.113.9', 'blocked'),
      change('203.0.113.9', 'blocked', 2),
      change('192.0.2.1', 'allowed'),
    ];
    expect(
      effectsOf({ chosen: simulation(changes, 2, 1), enforced: null }).map(({ name, addresses, pairs }) => ({
        name,
        addresses,
        pairs,
      })),
    ).toEqual([
      { name: 'blocked', addresses: 1, pairs: 2 },
      { name: 'letIn', addresses: 1, pairs: 1 },
    ]);
  });

  it('have the number of all, also where only the busiest are listed', () => {
    const [blocked, letIn] = effectsOf({
      chosen: simulation([change('203.0.113.9', 'blocked')], 40, 7),
      enforced: null,
    });
    expect([blocked?.pairs, letIn?.pairs]).toEqual([40, 7]);
  });

  it('are none where every verdict stays', () => {
    expect(effectsOf({ chosen: simulation([], 0, 0), enforced: null })).toEqual([]);
  });

  it('also say whom enforcing would block, while it only reports', () => {
    const enforced = simulation([change('203.0.113.9', 'blocked')], 1, 0);
    expect(effectsOf({ chosen: simulation([], 0, 0), enforced }).map(({ name }) => name)).toEqual([
      'reported',
    ]);
  });

  it('name whose keys they concern, those from the most addresses first', () => {
    const changes = [
      change('203.0.113.9', 'blocked', 2),
      change('203.0.113.8', 'blocked', 1),
      change('203.0.113.7', 'blocked', 1),
    ];
    expect(keysOf({ changes }).map(({ name, addresses }) => [name, addresses])).toEqual([
      ['Key 1', 2],
      ['Key 2', 1],
    ]);
  });
});

describe('a choice', () => {
  const enforcing = { mode: 'automatic', reportOnly: false } as const;
  const reporting = { mode: 'automatic', reportOnly: true } as const;

  it('is named with what it only reports, where that makes a difference', () => {
    expect(choiceWords(reporting)).toBe('Automatic, reports only');
    expect(choiceWords({ mode: 'deactivated', reportOnly: true })).toBe('Deactivated');
    expect(isSameChoice(reporting, enforcing)).toBe(false);
    expect(
      isSameChoice({ mode: 'learning', reportOnly: true }, { mode: 'learning', reportOnly: false }),
    ).toBe(true);
  });

  it('asks before it loosens what is enforced, and only then', () => {
    expect(warningOf(reporting, enforcing, 0)?.title).toBe('Only report from now on?');
    expect(warningOf(reporting, { mode: 'deactivated', reportOnly: false }, 0)).toBeNull();
    expect(warningOf({ mode: 'manual', reportOnly: true }, reporting, 0)).toBeNull();
    expect(warningOf(enforcing, reporting, 0)).toBeNull();
    expect(buttonWords(enforcing, reporting)).toBe('Enforce');
    expect(buttonWords({ mode: 'manual', reportOnly: false }, reporting)).toBe('Switch to Manual');
  });
});
