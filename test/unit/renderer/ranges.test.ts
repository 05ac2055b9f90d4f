import { describe, expect, it } from 'vitest';
import { isExpired } from '#shared/domain/deciding-range';
import type { Effect } from '#shared/domain/entities';
import { authorizeLabel, isComplete, readScope } from '../../../renderer/src/domain/answer';
import { expiresAtOf, expiryAt, expiryOptions, expiryProblem } from '../../../renderer/src/domain/expiry';
import { readRange, relate } from '../../../renderer/src/domain/range-check';
import { meaningSentence } from '../../../renderer/src/domain/range-meaning-words';
import { spokenCidr } from '../../../renderer/src/domain/range-words';
import { arrange } from '../../../renderer/src/features/pending/model';
import { findRanges, sortRanges } from '../../../renderer/src/features/ranges/list/find-ranges';
import { expiryWords } from '../../../renderer/src/features/ranges/list/range-facts';
import { mayComeBack, removalSentences } from '../../../renderer/src/features/ranges/remove/removal';
import { emptyAnswerDraft } from '../../../renderer/src/stores/ui';
import { KEY_ID, minutesAgo, NOW, range, review, ulid } from '../../component/builders';

const nowMs = NOW.getTime();
const office = range();

function relationsOf(text: string, effect: Effect = 'authorize', keyId: string | null = null) {
  const reading = readRange(text);
  if (reading.kind !== 'range' && reading.kind !== 'wide') throw new Error(`${text} means no range`);
  const ranges = [
    office,
    range({ id: ulid(101), cidr: '198.51.100.66/32', effect: 'deny' }),
    range({ id: ulid(102), cidr: '192.0.2.0/24', keyId: KEY_ID }),
    range({ id: ulid(103), cidr: '203.0.113.0/24', expiresAt: minutesAgo(1) }),
  ];
  const reviews = [review(), review({ id: ulid(201), ip: '203.0.113.10', status: 'denied' })];
  return relate(reading.meaning, { effect, keyId }, ranges, reviews, nowMs);
}

const cidrs = (ranges: readonly { readonly cidr: string }[]) => ranges.map(({ cidr }) => cidr);

describe('a typed range', () => {
  it('is read with what it means', () => {
    expect(readRange('  ')).toEqual({ kind: 'empty' });
    expect(readRange('10.1')).toMatchObject({ kind: 'invalid' });
    expect(meaningSentence(readRange('10.1.2.3/24'))).toBe(
      '10.1.2.0/24: 10.1.2.0 to 10.1.2.255, 256 addresses.',
    );
    expect(meaningSentence(readRange('203.0.113.9'))).toBe('One address, 203.0.113.9.');
    expect(meaningSentence(readRange('203.0.113.10-203.0.113.12'))).toBe(
      '2 ranges: 203.0.113.10 to 203.0.113.12, 3 addresses.',
    );
    expect(readRange('0.0.0.0/0')).toMatchObject({ kind: 'wide', meaning: { count: 1n << 32n } });
  });

  it('is held against the ranges that are there and the pending reviews', () => {
    expect(cidrs(relationsOf('198.51.100.0/24').duplicates)).toEqual(['198.51.100.0/24']);
    expect(cidrs(relationsOf('198.51.100.0/25').coveredBy)).toEqual(['198.51.100.0/24']);
    expect(cidrs(relationsOf('198.51.0.0/16').covers)).toEqual(['198.51.100.0/24']);
    expect(cidrs(relationsOf('198.51.100.64/29').opposed)).toEqual(['198.51.100.66/32']);
    expect(relationsOf('203.0.113.0/24').letsIn).toHaveLength(1);
    expect(relationsOf('203.0.113.0/24', 'deny').letsIn).toEqual([]);
    expect(relationsOf('203.0.113.0/24', 'authorize', ulid(77)).letsIn).toEqual([]);
  });

  it('does not count an expired range, or one for another key as cover', () => {
    const relations = relationsOf('203.0.113.0/24');
    expect(relations.duplicates).toEqual([]);
    expect(relationsOf('192.0.2.0/25').coveredBy).toEqual([]);
    expect(cidrs(relationsOf('192.0.2.0/25', 'authorize', KEY_ID).coveredBy)).toEqual(['192.0.2.0/24']);
    expect(cidrs(relationsOf('192.0.2.0/24').covers)).toEqual(['192.0.2.0/24']);
  });
});

describe('the list of ranges', () => {
  const names = (keyId: string | null) => (keyId === null ? 'All keys' : 'Billing worker');
  const ranges = [
    range({ id: ulid(1), cidr: '2001:db8::/32', label: 'Cloud' }),
    range({ id: ulid(2), cidr: '100.64.0.0/10', keyId: KEY_ID }),
    range({ id: ulid(3), cidr: '9.0.0.0/8', label: 'Nine' }),
    range({ id: ulid(4), cidr: '9.9.9.9/32', effect: 'deny' }),
  ];

  it('is in the order of addresses', () => {
    expect(cidrs(sortRanges(ranges))).toEqual(['9.0.0.0/8', '9.9.9.9/32', '100.64.0.0/10', '2001:db8::/32']);
  });

  it('is searched by words, and by address whatever the spelling', () => {
    expect(cidrs(findRanges(ranges, 'authorize', 'cloud', names))).toEqual(['2001:db8::/32']);
    expect(cidrs(findRanges(ranges, 'authorize', 'BILLING', names))).toEqual(['100.64.0.0/10']);
    expect(cidrs(findRanges(ranges, 'authorize', '9.1.2.3', names))).toEqual(['9.0.0.0/8']);
    expect(cidrs(findRanges(ranges, 'deny', '9/8', names))).toEqual(['9.9.9.9/32']);
    expect(findRanges(ranges, 'authorize', '8.8.8.8', names)).toEqual([]);
    const learned = range({ createdBy: 'system', source: 'learning' });
    expect(findRanges([learned, office], 'authorize', 'by the service', names)).toEqual([learned]);
  });

  it('shows when a range ends', () => {
    expect(expiryWords(range(), nowMs)).toBe('Never');
    expect(expiryWords(range({ expiresAt: minutesAgo(180) }), nowMs)).toBe('Expired 3 h ago');
    expect(expiryWords(range({ expiresAt: minutesAgo(-90) }), nowMs)).toBe('In 2 h');
    expect(isExpired({ expiresAt: NOW.toISOString() }, nowMs)).toBe(true);
    expect(spokenCidr('203.0.113.9/32')).toBe('203.0.113.9');
    expect(spokenCidr('2001:db8::/32')).toBe('2001:db8::/32');
  });

  it('says what removing brings about', () => {
    expect(removalSentences(range({ uses: 0, lastUsedAt: null }), 'manual', nowMs)[0]).toContain(
      'It has not been used yet. Calls from its addresses are blocked',
    );
    expect(removalSentences(range(), 'deactivated', nowMs)[0]).toContain('accepted all the same');
    expect(removalSentences(range({ expiresAt: minutesAgo(1) }), 'manual', nowMs)[0]).toContain(
      'changes nothing',
    );
    expect(mayComeBack(range(), 'automatic')).toBe(true);
    expect(mayComeBack(range(), 'manual')).toBe(false);
    expect(mayComeBack(range({ effect: 'deny' }), 'automatic')).toBe(false);
  });
});

describe('the end of a new range', () => {
  it('is a moment, or none', () => {
    const never = expiryAt(null);
    expect(expiresAtOf(never, nowMs)).toBeNull();
    expect(expiresAtOf({ ...never, expiry: 'hour' }, nowMs)).toBe(minutesAgo(-60));
    expect(expiresAtOf({ ...never, expiry: 'custom', custom: '2026-11-24T15:02:11' }, nowMs)).toBe(
      minutesAgo(-60),
    );
    expect(expiryProblem({ ...never, expiry: 'custom' }, nowMs)).toBe('Choose a date and a time.');
    expect(expiryProblem({ ...never, expiry: 'custom', custom: '2026-11-24T14:00' }, nowMs)).toBe(
      'This time has passed.',
    );
    expect(expiryProblem({ ...never, expiry: 'day' }, nowMs)).toBeNull();
  });

  it('that is there already is kept to the millisecond, unless it has passed', () => {
    const later = expiryAt(minutesAgo(-90));
    expect(expiryOptions(later, nowMs)[0]?.label).toMatch(/^On /);
    expect(expiryOptions(expiryAt(null), nowMs).map(({ value }) => value)).not.toContain('kept');
    expect([expiryProblem(later, nowMs), expiresAtOf(later, nowMs)]).toEqual([null, minutesAgo(-90)]);
    expect(expiryProblem(expiryAt(minutesAgo(1)), nowMs)).toBe('This time has passed.');
  });
});

describe('an answer', () => {
  const own = (ownText: string) => ({ ...emptyAnswerDraft, scope: 'own' as const, ownText });

  it('is named by what it would let in', () => {
    expect(authorizeLabel(readScope(review(), emptyAnswerDraft))).toBe('Authorize this address');
    expect(authorizeLabel(readScope(review(), { ...emptyAnswerDraft, scope: 'subnet' }))).toBe(
      'Authorize 203.0.113.0/24',
    );
    expect(authorizeLabel(readScope(review(), own('203.0.113.7/25')))).toBe('Authorize 203.0.113.0/25');
    expect(authorizeLabel(readScope(review(), own('')))).toBe('Authorize this range');
  });

  it('needs one range that holds the address, confirmed when it is wide', () => {
    expect(readScope(review(), own('192.0.2.0/24'))).toMatchObject({ kind: 'problem' });
    expect(readScope(review(), own('203.0.113.8-203.0.113.12'))).toMatchObject({ kind: 'problem' });
    const wide = own('0.0.0.0/0');
    expect(isComplete(readScope(review(), wide), wide)).toBe(false);
    expect(isComplete(readScope(review(), wide), { ...wide, allowWide: true })).toBe(true);
  });
});

describe('the layout of the reviews', () => {
  const [a, b, c] = [review({ id: ulid(1) }), review({ id: ulid(2) }), review({ id: ulid(3) })];

  it('puts new ones on top and keeps the rest where they are', () => {
    expect(arrange([a], [c, b, a], false)).toEqual({ shown: [c, b, a], waiting: 0 });
  });

  it('keeps answered ones, and lets new ones wait while somebody is busy', () => {
    expect(arrange([a, b], [c, b], true)).toEqual({ shown: [a, b], waiting: 1 });
    expect(arrange([], [c], true)).toEqual({ shown: [c], waiting: 0 });
  });

  it('lets nothing wait behind reviews that are answered already', () => {
    expect(arrange([a, b], [c], true)).toEqual({ shown: [c, a, b], waiting: 0 });
  });
});
