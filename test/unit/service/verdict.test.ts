import { describe, expect, it } from 'vitest';
import { decide, type KeyFact, type VerdictFacts } from '#service/enforcement/verdict';
import type { Mode } from '#shared/domain/entities';

const valid: KeyFact = { kind: 'valid' };
const facts = (over: Partial<VerdictFacts>): VerdictFacts => ({
  key: valid,
  mode: 'manual',
  match: undefined,
  ...over,
});
const MODES: Mode[] = ['learning', 'automatic', 'manual', 'deactivated'];
const MATCHES = ['authorize', 'deny', undefined] as const;

describe('the table of verdicts', () => {
  it.each(MODES.flatMap((mode) => MATCHES.map((match) => ({ mode, match }))))(
    'a missing, unknown or ended key is blocked whatever else holds (mode $mode, match $match)',
    ({ mode, match }) => {
      expect(decide(facts({ key: { kind: 'missing' }, mode, match }))).toEqual({
        verdict: 'blocked',
        reason: 'missing_key',
      });
      expect(decide(facts({ key: { kind: 'unknown' }, mode, match }))).toEqual({
        verdict: 'blocked',
        reason: 'invalid_key',
      });
      expect(decide(facts({ key: { kind: 'ended' }, mode, match }))).toEqual({
        verdict: 'blocked',
        reason: 'revoked_key',
      });
    },
  );

  it.each(MATCHES)('deactivated lets a valid key in, also against a range that says %s', (match) => {
    expect(decide(facts({ mode: 'deactivated', match }))).toEqual({
      verdict: 'allowed',
      reason: 'deactivated',
    });
  });

  it.each(['automatic', 'manual'] as const)('in %s the matching range decides', (mode) => {
    expect(decide(facts({ mode, match: 'deny' }))).toEqual({ verdict: 'blocked', reason: 'denied' });
    expect(decide(facts({ mode, match: 'authorize' }))).toEqual({ verdict: 'allowed', reason: 'authorized' });
  });

  it('an unknown address is blocked: as unknown in manual, as untrusted in automatic', () => {
    expect(decide(facts({ mode: 'manual' }))).toEqual({ verdict: 'blocked', reason: 'unknown' });
    expect(decide(facts({ mode: 'automatic' }))).toEqual({ verdict: 'blocked', reason: 'untrusted' });
  });

  it('never lets an unknown address in while learning does not exist yet', () => {
    expect(decide(facts({ mode: 'learning' })).verdict).toBe('blocked');
  });
});
