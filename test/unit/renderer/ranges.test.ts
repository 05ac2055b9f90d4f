import { describe, expect, it } from 'vitest';
import { isExpired } from '#shared/domain/deciding-range';
import type { Account, Effect, Range } from '#shared/domain/entities';
import { authorizeLabel, isComplete, readScope } from '../../../renderer/src/domain/answer';
import { expiresAtOf, expiryAt, expiryOptions, expiryProblem } from '../../../renderer/src/domain/expiry';
import { readRange, relate } from '../../../renderer/src/domain/range-check';
import { meaningSentence } from '../../../renderer/src/domain/range-meaning-words';
import { spokenCidr } from '../../../renderer/src/domain/range-words';
import { arrange } from '../../../renderer/src/features/pending/model';
import { findRanges } from '../../../renderer/src/features/ranges/list/find-ranges';
import { sortRanges } from '../../../renderer/src/features/ranges/list/sort-ranges';
import { expiryWords } from '../../../renderer/src/features/ranges/list/range-facts';
import { mayComeBack, removalSentences } from '../../../renderer/src/features/ranges/remove/removal';
import {
  emptyRangesFilter,
  type RangesFilter,
  type RangeSort,
} from '../../../renderer/src/stores/ranges-list';
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
  return relate(reading.meaning, { effect, keyId }, ranges, nowMs);
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
  });

  it('is covered only by what decides the same, and void where denials take precedence everywhere', () => {
    const reading = readRange('198.51.100.0/25');
    if (reading.kind !== 'range') throw new Error('no range');
    const relations = (...others: Range[]) => {
      const found = relate(reading.meaning, { effect: 'authorize', keyId: null }, others, nowMs);
      return [cidrs(found.coveredBy), cidrs(found.voidedBy), cidrs(found.opposed)];
    };
    const denial = (cidr: string, fields: Partial<Range> = {}) =>
      range({ id: ulid(300), cidr, effect: 'deny', ...fields });
    expect(relations(range({ cidr: '198.51.0.0/16' }), denial('198.51.100.0/24'))).toEqual([
      [],
      [],
      ['198.51.100.0/24'],
    ]);
    expect(relations(denial('198.51.100.0/25'))).toEqual([[], ['198.51.100.0/25'], []]);
    expect(relations(denial('198.51.100.0/25', { keyId: KEY_ID }))).toEqual([[], [], ['198.51.100.0/25']]);
    expect(
      relations(
        denial('198.51.100.0/26'),
        denial('198.51.100.0/27', { id: ulid(301) }),
        denial('198.51.100.64/26', { id: ulid(302) }),
      ),
    ).toEqual([[], ['198.51.100.0/26', '198.51.100.0/27', '198.51.100.64/26'], []]);
    expect(relations(denial('198.51.100.0/26'))).toEqual([[], [], ['198.51.100.0/26']]);
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

  const sorted = (by: RangeSort, isDescending = false, list = ranges) =>
    cidrs(sortRanges(list, { by, isDescending }, names));
  const find = (
    search: string,
    effect: Effect = 'authorize',
    list = ranges,
    filter: Partial<RangesFilter> = {},
  ) => cidrs(findRanges(list, { effect, search, filter: { ...emptyRangesFilter, ...filter } }, names, nowMs));

  it('is in the order of addresses', () => {
    expect(sorted('range')).toEqual(['9.0.0.0/8', '9.9.9.9/32', '100.64.0.0/10', '2001:db8::/32']);
    expect(sorted('range', true)).toEqual(['2001:db8::/32', '100.64.0.0/10', '9.9.9.9/32', '9.0.0.0/8']);
  });

  it('is sorted by any fact, and by address where that is the same', () => {
    const used = (index: number, fields: Partial<Range>) => range({ id: ulid(index), ...fields });
    const list = [
      used(1, {
        cidr: '9.0.0.0/8',
        uses: 3,
        lastUsedAt: minutesAgo(5),
        label: 'b',
        expiresAt: minutesAgo(-5),
      }),
      used(2, {
        cidr: '8.0.0.0/8',
        uses: 0,
        lastUsedAt: null,
        label: 'B',
        keyId: KEY_ID,
        createdBy: 'a@b.c',
      }),
      used(3, {
        cidr: '7.0.0.0/24',
        uses: 20,
        lastUsedAt: minutesAgo(9),
        label: 'a',
        createdAt: minutesAgo(1),
      }),
      used(4, { cidr: '2001:db8::/120', uses: 0, lastUsedAt: null, label: 'a', source: 'import' }),
    ];
    const first = (by: RangeSort, isDescending = false) =>
      sorted(by, isDescending, list)
        .map((cidr) => cidr.slice(0, 1))
        .join('');
    expect(first('size')).toBe('7289');
    expect(first('size', true)).toBe('8972');
    expect(first('label')).toBe('7298');
    expect(first('source')).toBe('7892');
    expect(first('key')).toBe('7928');
    expect(first('author')).toBe('8792');
    expect(first('added', true)).toBe('7892');
    // What never ends ends last, and what was never used was used first of all.
    expect(first('expires')).toBe('9782');
    expect(first('lastUsed')).toBe('8279');
    expect(first('uses', true)).toBe('7982');
  });

  it('is searched by words, and by address whatever the spelling', () => {
    expect(find('cloud')).toEqual(['2001:db8::/32']);
    expect(find('BILLING')).toEqual(['100.64.0.0/10']);
    expect(find('9.1.2.3')).toEqual(['9.0.0.0/8']);
    expect(find('9/8', 'deny')).toEqual(['9.9.9.9/32']);
    expect(find('8.8.8.8')).toEqual([]);
    const learned = range({ cidr: '8.8.8.8/32', createdBy: 'system', source: 'learning' });
    expect(find('by the service', 'authorize', [learned, office])).toEqual(['8.8.8.8/32']);
  });

  it('is filtered by source, key, end and how long it was not used', () => {
    const DAY = 24 * 60;
    const list = [
      range({ cidr: '1.0.0.0/8', source: 'import', lastUsedAt: minutesAgo(DAY * 40) }),
      range({ cidr: '2.0.0.0/8', keyId: KEY_ID, expiresAt: minutesAgo(1) }),
      range({
        cidr: '3.0.0.0/8',
        expiresAt: minutesAgo(-DAY * 6),
        createdAt: minutesAgo(DAY * 30),
        lastUsedAt: null,
      }),
      range({ cidr: '4.0.0.0/8', expiresAt: minutesAgo(-DAY * 8) }),
    ];
    const filtered = (filter: Partial<RangesFilter>) =>
      find('', 'authorize', list, filter)
        .map((cidr) => cidr.slice(0, 1))
        .join('');
    expect(filtered({})).toBe('1234');
    expect(filtered({ source: 'import' })).toBe('1');
    expect(filtered({ keyId: KEY_ID })).toBe('2');
    expect(filtered({ keyId: '' })).toBe('134');
    expect(filtered({ ends: 'expired' })).toBe('2');
    expect(filtered({ ends: 'week' })).toBe('3');
    expect(filtered({ ends: 'never' })).toBe('1');
    expect(filtered({ unusedDays: 30 })).toBe('13');
    expect(filtered({ unusedDays: 31 })).toBe('1');
    expect(filtered({ unusedDays: 30, source: 'import', ends: 'never' })).toBe('1');
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
    const say = (target: Range, mode: Account['mode'], cover?: Range) =>
      removalSentences([target], mode, new Map(cover && [[target.id, cover]]), nowMs)[0];
    expect(say(range({ uses: 0, lastUsedAt: null }), 'manual')).toContain(
      'It has not been used yet. Without it, calls from its addresses are blocked',
    );
    expect(say(range(), 'deactivated')).toContain('accepted all the same');
    expect(say(range({ expiresAt: minutesAgo(1) }), 'manual')).toContain('changes nothing');
    expect(say(range(), 'manual', range({ cidr: '198.51.0.0/16', label: 'Site' }))).toBe(
      '198.51.0.0/16 (Site) contains it and has the same effect, so that removing it changes nothing.',
    );
    expect(mayComeBack([range()], 'automatic')).toBe(true);
    expect(mayComeBack([range()], 'manual')).toBe(false);
    expect(mayComeBack([range({ effect: 'deny' })], 'automatic')).toBe(false);
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
