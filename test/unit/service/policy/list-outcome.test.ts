import { describe, expect, it } from 'vitest';
import { listOutcomeOf, type RangeTerms } from '#service/policy/list-outcome';
import { RangeMatcher, type MatchRange } from '#service/enforcement/matcher';
import { parseCidr, type Cidr } from '#shared/ip/index';

const NOW = Date.UTC(2026, 0, 15);
const HOUR_MS = 3_600_000;

const cidrOf = (text: string): Cidr => {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new Error(`${text} is no CIDR`);
  return cidr;
};

const range = (text: string, fields: Partial<MatchRange> = {}): MatchRange => ({
  id: text,
  cidr: cidrOf(text),
  effect: 'authorize',
  keyId: null,
  createdAt: 0,
  expiresAt: null,
  ...fields,
});

const listOf = (...ranges: readonly MatchRange[]): RangeMatcher => {
  const list = new RangeMatcher();
  for (const one of ranges) list.set(one);
  return list;
};

const ALL: RangeTerms = { effect: 'authorize', keyId: null, expiresAt: null };

const outcomeAmong = (ranges: readonly MatchRange[], terms: Partial<RangeTerms> = {}) =>
  listOutcomeOf(cidrOf('10.1.2.0/24'), { ...ALL, ...terms }, [listOf(...ranges)], NOW);

describe('what becomes of a network in an import', () => {
  it.each<[string, MatchRange[], string]>([
    ['an empty list', [], 'new'],
    ['the same range', [range('10.1.2.0/24')], 'duplicate'],
    ['the same range, which expires', [range('10.1.2.0/24', { expiresAt: NOW + HOUR_MS })], 'duplicate'],
    ['the same range, expired', [range('10.1.2.0/24', { expiresAt: NOW })], 'new'],
    ['the same range for one key', [range('10.1.2.0/24', { keyId: 'k' })], 'new'],
    ['the same range, denied', [range('10.1.2.0/24', { effect: 'deny' })], 'new'],
    ['a wider range', [range('10.0.0.0/8')], 'covered'],
    ['a wider range for one key', [range('10.0.0.0/8', { keyId: 'k' })], 'new'],
    ['a wider range that denies', [range('10.0.0.0/8', { effect: 'deny' })], 'new'],
    ['a wider range, expired', [range('10.0.0.0/8', { expiresAt: NOW })], 'new'],
    ['a wider range that ends some day', [range('10.0.0.0/8', { expiresAt: NOW + HOUR_MS })], 'new'],
    ['a narrower range', [range('10.1.2.128/25')], 'new'],
    ['a denial between', [range('10.0.0.0/8'), range('10.1.0.0/16', { effect: 'deny' })], 'new'],
    [
      'a denial between for one key',
      [range('10.0.0.0/8'), range('10.1.0.0/16', { effect: 'deny', keyId: 'k' })],
      'new',
    ],
    [
      'a denial between, expired',
      [range('10.0.0.0/8'), range('10.1.0.0/16', { effect: 'deny', expiresAt: NOW })],
      'covered',
    ],
    ['a denial beyond', [range('10.0.0.0/8', { effect: 'deny' }), range('10.1.0.0/16')], 'covered'],
    [
      'a denial of the same length as the wider range',
      [range('10.1.0.0/16'), range('10.1.0.0/16', { id: 'deny', effect: 'deny' })],
      'new',
    ],
  ])('with %s', (_what, ranges, expected) => {
    expect(outcomeAmong(ranges).kind).toBe(expected);
  });

  it('is covered by what lasts at least as long', () => {
    const wider = [range('10.0.0.0/8', { expiresAt: NOW + HOUR_MS })];
    expect(outcomeAmong(wider, { expiresAt: NOW + HOUR_MS })).toMatchObject({
      kind: 'covered',
      by: { id: '10.0.0.0/8' },
    });
    expect(outcomeAmong(wider, { expiresAt: NOW + HOUR_MS + 1 }).kind).toBe('new');
  });

  it('names the expired range that has to make room', () => {
    expect(outcomeAmong([range('10.1.2.0/24', { id: 'old', expiresAt: NOW - 1 })])).toMatchObject({
      kind: 'new',
      expired: [{ id: 'old' }],
    });
    expect(outcomeAmong([])).toMatchObject({ kind: 'new', expired: [] });
  });

  it('is the same twice, where an expired range of the same text is in the list', () => {
    const lists = [
      listOf(range('10.1.2.0/24', { expiresAt: NOW })),
      listOf(range('10.1.2.0/24', { id: 'new' })),
    ];
    expect(listOutcomeOf(cidrOf('10.1.2.0/24'), ALL, lists, NOW)).toMatchObject({
      kind: 'duplicate',
      by: { id: 'new' },
    });
  });

  const deny = { effect: 'deny' } as const;
  const denials = (...ranges: readonly MatchRange[]): unknown => {
    const found = outcomeAmong(ranges);
    return [found.kind, found.voidedBy?.id, found.opens?.id];
  };

  it.each<[string, MatchRange[], unknown]>([
    ['no denial', [range('10.0.0.0/8', { keyId: 'k' })], ['new', undefined, undefined]],
    ['a wider denial', [range('10.0.0.0/8', deny)], ['new', undefined, '10.0.0.0/8']],
    [
      'the longest of two',
      [range('10.0.0.0/8', deny), range('10.1.0.0/16', deny)],
      ['new', undefined, '10.1.0.0/16'],
    ],
    ['an expired one', [range('10.0.0.0/8', { ...deny, expiresAt: NOW })], ['new', undefined, undefined]],
    [
      'one that is opened already',
      [range('10.0.0.0/8', deny), range('10.1.0.0/16')],
      ['covered', undefined, undefined],
    ],
    [
      'one that is opened for a time',
      [range('10.0.0.0/8', deny), range('10.1.0.0/16', { expiresAt: NOW + HOUR_MS })],
      ['new', undefined, '10.0.0.0/8'],
    ],
    ['one of the very network', [range('10.1.2.0/24', deny)], ['new', '10.1.2.0/24', undefined]],
    ['both', [range('10.1.2.0/24', deny), range('10.0.0.0/8', deny)], ['new', '10.1.2.0/24', undefined]],
    [
      'both, the one of the network for one key',
      [range('10.1.2.0/24', { ...deny, keyId: 'k' }), range('10.0.0.0/8', deny)],
      ['new', '10.1.2.0/24', '10.0.0.0/8'],
    ],
    [
      'one of the very network, which is authorized already',
      [range('10.1.2.0/24', { ...deny, id: 'denial' }), range('10.1.2.0/24')],
      ['duplicate', 'denial', undefined],
    ],
    ['a narrower one', [range('10.1.2.128/25', deny)], ['new', undefined, undefined]],
  ])('is told with %s', (_what, ranges, expected) => {
    expect(denials(...ranges)).toEqual(expected);
  });

  const DENY = { effect: 'deny' } as const;
  const OF_KEY = { keyId: 'k' } as const;

  it.each<[string, Partial<RangeTerms>, MatchRange[], unknown]>([
    ['a denial, with an empty list', DENY, [], ['new', undefined, undefined]],
    ['a denial, with the same one', DENY, [range('10.1.2.0/24', deny)], ['duplicate', undefined, undefined]],
    ['a denial, authorized', DENY, [range('10.1.2.0/24')], ['new', undefined, undefined]],
    ['a denial, denied wider', DENY, [range('10.0.0.0/8', deny)], ['covered', undefined, undefined]],
    [
      'a denial, denied wider for one key',
      DENY,
      [range('10.0.0.0/8', { ...deny, keyId: 'k' })],
      ['new', undefined, undefined],
    ],
    [
      'a denial, with a hole between',
      DENY,
      [range('10.0.0.0/8', deny), range('10.1.0.0/16')],
      ['new', undefined, undefined],
    ],
    ['one key, with an empty list', OF_KEY, [], ['new', undefined, undefined]],
    ['one key, authorized for all', OF_KEY, [range('10.1.2.0/24')], ['covered', undefined, undefined]],
    [
      'one key, authorized for it',
      OF_KEY,
      [range('10.1.2.0/24', { keyId: 'k' })],
      ['duplicate', undefined, undefined],
    ],
    [
      'one key, authorized for another',
      OF_KEY,
      [range('10.0.0.0/8', { keyId: 'x' })],
      ['new', undefined, undefined],
    ],
    [
      'one key, denied wider for another',
      OF_KEY,
      [range('10.0.0.0/8', { ...deny, keyId: 'x' })],
      ['new', undefined, undefined],
    ],
    ['one key, denied wider', OF_KEY, [range('10.0.0.0/8', deny)], ['new', undefined, '10.0.0.0/8']],
    [
      'one key, denied for it',
      OF_KEY,
      [range('10.1.2.0/24', { ...deny, keyId: 'k' })],
      ['new', '10.1.2.0/24', undefined],
    ],
    [
      'one key, denied for it and wider',
      OF_KEY,
      [range('10.1.2.0/24', { ...deny, keyId: 'k' }), range('10.0.0.0/8', deny)],
      ['new', '10.1.2.0/24', undefined],
    ],
  ])('may be of %s', (_what, terms, ranges, expected) => {
    const found = outcomeAmong(ranges, terms);
    expect([found.kind, found.voidedBy?.id, 'opens' in found ? found.opens?.id : undefined]).toEqual(
      expected,
    );
  });

  it('is looked for in all lists together', () => {
    const lists = [listOf(range('10.0.0.0/8')), listOf(range('10.1.0.0/16', { effect: 'deny' }))];
    expect(listOutcomeOf(cidrOf('10.1.2.0/24'), ALL, lists, NOW).kind).toBe('new');
    expect(listOutcomeOf(cidrOf('10.2.2.0/24'), ALL, lists, NOW).kind).toBe('covered');
  });
});
