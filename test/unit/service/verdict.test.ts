import { describe, expect, it } from 'vitest';
import {
  asksTrustReview,
  decide,
  grantSourceOf,
  opensReview,
  type KeyFact,
  type VerdictFacts,
} from '#service/enforcement/verdict';
import { modeSchema, reasonSchema, type Mode } from '#shared/domain/entities';

const KEYS: KeyFact[] = [
  { kind: 'missing' },
  { kind: 'unknown' },
  { kind: 'ambiguous' },
  { kind: 'ended' },
  { kind: 'valid' },
];
const MODES: readonly Mode[] = modeSchema.options;
const MATCHES = ['authorize', 'deny', undefined] as const;
const TRUST = [true, false, undefined] as const;

const ALL: VerdictFacts[] = KEYS.flatMap((key) =>
  MODES.flatMap((mode) =>
    MATCHES.flatMap((match) =>
      TRUST.flatMap((trusted) =>
        [false, true].map((isReporting) => ({ key, mode, match, trusted, isReporting })),
      ),
    ),
  ),
);

/** The published table, each line with the facts that it fits. The first line that fits decides. */
const TABLE: readonly [line: string, fits: (facts: VerdictFacts) => boolean, answer: string][] = [
  ['1 no key', ({ key }) => key.kind === 'missing', 'blocked missing_key'],
  ['2 key unknown', ({ key }) => key.kind === 'unknown', 'blocked invalid_key'],
  ['2a keys that differ', ({ key }) => key.kind === 'ambiguous', 'blocked ambiguous_key'],
  ['3 key ended', ({ key }) => key.kind === 'ended', 'blocked revoked_key'],
  ['4 deactivated', ({ mode }) => mode === 'deactivated', 'allowed deactivated'],
  ['5 range denies', ({ match }) => match === 'deny', 'blocked denied'],
  ['6 range authorizes', ({ match }) => match === 'authorize', 'allowed authorized'],
  ['7 learning', ({ mode }) => mode === 'learning', 'allowed learned'],
  ['8 trusted', ({ mode, trusted }) => mode === 'automatic' && trusted === true, 'allowed trusted'],
  [
    '9 not trusted, reported',
    ({ mode, isReporting }) => mode === 'automatic' && isReporting,
    'allowed reported untrusted',
  ],
  ['9 not trusted', ({ mode }) => mode === 'automatic', 'blocked untrusted'],
  [
    '10 manual, reported',
    ({ mode, isReporting }) => mode === 'manual' && isReporting,
    'allowed reported unknown',
  ],
  ['10 manual', ({ mode }) => mode === 'manual', 'blocked unknown'],
];

describe('the table of verdicts', () => {
  it.each(TABLE.map(([line], index) => [line, index] as const))('line %s', (_line, index) => {
    const lines = TABLE.slice(0, index);
    const own = TABLE[index];
    if (own === undefined) throw new Error('no such line');
    const cases = ALL.filter((facts) => own[1](facts) && !lines.some(([, fits]) => fits(facts)));
    expect(cases.length).toBeGreaterThan(0);
    for (const facts of cases) {
      const { verdict, reason, wouldBe } = decide(facts);
      const answer = [verdict, reason, ...(wouldBe === null ? [] : [wouldBe])].join(' ');
      expect(answer, JSON.stringify(facts)).toBe(own[2]);
    }
  });

  it('has a line for everything', () => {
    for (const facts of ALL) expect(TABLE.some(([, fits]) => fits(facts))).toBe(true);
  });

  it('lets nobody in whom the trust review was not asked about', () => {
    expect(
      decide({
        key: { kind: 'valid' },
        mode: 'automatic',
        match: undefined,
        trusted: undefined,
        isReporting: false,
      }),
    ).toEqual({ verdict: 'blocked', reason: 'untrusted', wouldBe: null });
  });

  it('reports exactly what it would block an unknown address for, and nothing else', () => {
    for (const facts of ALL) {
      const enforced = decide({ ...facts, isReporting: false });
      const isUnknown = enforced.reason === 'untrusted' || enforced.reason === 'unknown';
      expect(decide({ ...facts, isReporting: true }), JSON.stringify(facts)).toEqual(
        isUnknown ? { verdict: 'allowed', reason: 'reported', wouldBe: enforced.reason } : enforced,
      );
    }
  });

  it('asks the trust review exactly where its answer makes a difference', () => {
    for (const facts of ALL) {
      const answers = [true, false].map((trusted) => decide({ ...facts, trusted }).reason);
      expect(asksTrustReview(facts), JSON.stringify(facts)).toBe(answers[0] !== answers[1]);
    }
  });

  it('opens a review for an unknown address alone, and adds a grant where one let itself in', () => {
    expect(reasonSchema.options.filter(opensReview)).toEqual(['reported', 'untrusted', 'unknown']);
    expect(
      reasonSchema.options.flatMap((reason) => {
        const source = grantSourceOf(reason);
        return source === undefined ? [] : [`${reason}: ${source}`];
      }),
    ).toEqual(['learned: learning', 'trusted: automatic']);
  });
});
