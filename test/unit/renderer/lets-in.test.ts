import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Range } from '#shared/domain/entities';
import { type Cidr, cidrContains, parseAddress } from '#shared/ip/index';
import {
  blockedAddresses,
  letsInBy,
  letsInSentence,
  namesSentence,
  settledWith,
  wantedRange,
  type WantedRange,
} from '../../../renderer/src/domain/lets-in';
import { KEY_ID, minutesAgo, NOW, range, review, ulid } from '../../component/builders';

const nowMs = NOW.getTime();
const asked = review();

describe('what a range lets in', () => {
  const wanted = (text: string, keyId: string | null = null): WantedRange => {
    const found = wantedRange(text, keyId);
    if (found === null) throw new Error(`${text} is no range.`);
    return found;
  };
  const listOf = (ranges: readonly Range[]) => new Map(ranges.map((each, at) => [ulid(300 + at), each]));
  const cidrOf = ({ cidrs: [cidr] }: WantedRange): Cidr => cidr ?? expect.unreachable();
  const nothing = listOf([]);
  const letsIn = (text: string, ranges: Range[], ip: string, keyId = KEY_ID): boolean =>
    letsInBy(wanted(text), listOf(ranges), nowMs)({ ip, keyId });
  const deny = (cidr: string, change: Partial<Range> = {}) => range({ cidr, effect: 'deny', ...change });

  it.each([
    ['no other range', [], true],
    ['a longer denial', [deny('203.0.113.64/26')], false],
    ['an equal denial', [deny('203.0.113.0/24')], false],
    ['a wider denial', [deny('203.0.0.0/16')], true],
    ['an expired denial', [deny('203.0.113.64/26', { expiresAt: minutesAgo(1) })], true],
    ['a denial for another key', [deny('203.0.113.64/26', { keyId: ulid(7) })], true],
    ['an equal denial for this key', [deny('203.0.113.0/24', { keyId: KEY_ID })], false],
    ['an equal authorization of this key', [range({ cidr: '203.0.113.0/24', keyId: KEY_ID })], false],
    ['an older range that says the same', [range({ cidr: '203.0.113.0/24' })], true],
    ['a longer authorization, which does it already', [range({ cidr: '203.0.113.64/26' })], false],
  ])('depends on the most specific range: %s', (_what, ranges, expected) => {
    expect(letsIn('203.0.113.0/24', ranges, '203.0.113.77')).toBe(expected);
  });

  it('is for the addresses in it and the key that it is for', () => {
    expect(letsIn('203.0.113.0/24', [], '203.0.114.1')).toBe(false);
    expect(letsIn('203.0.113.0/24', [], '2001:db8::1')).toBe(false);
    const oneKey = letsInBy(wanted('203.0.113.0/24', KEY_ID), nothing, nowMs);
    expect(oneKey({ ip: '203.0.113.1', keyId: ulid(7) })).toBe(false);
    expect(oneKey({ ip: '203.0.113.1', keyId: KEY_ID })).toBe(true);
  });

  it('is what a look at every range says, in whatever order and however many there are', () => {
    const octet = fc.nat({ max: 255 });
    // Few networks, so that many lie in each other.
    const cidr = fc
      .tuple(fc.constantFrom(198, 203), fc.constantFrom(0, 64, 128), octet, fc.integer({ min: 8, max: 32 }))
      .map(([a, c, d, length]) => wanted(`${a}.0.${c}.${d}/${length}`).text);
    const effect = fc.constantFrom('authorize' as const, 'deny' as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(cidr, effect), { maxLength: 60 }), cidr, octet, (list, text, last) => {
        const ranges = list.map(([each, its]) => range({ cidr: each, effect: its }));
        const asks = wanted(text);
        const ip = `${text.split('.')[0]}.0.64.${last}`;
        const read = parseAddress(ip);
        if (!read.ok) throw new Error(ip);
        const isHeld = (by: Cidr): boolean => cidrContains(by, read.address);
        const decidedBefore = ranges.some(({ cidr: each, effect: its }) => {
          const other = cidrOf(wanted(each));
          const longer = other.prefixLength - cidrOf(asks).prefixLength;
          return isHeld(other) && (longer > 0 || (longer === 0 && its === 'deny'));
        });
        expect(letsIn(text, ranges, ip)).toBe(isHeld(cidrOf(asks)) && !decidedBefore);
      }),
    );
  });

  it('goes through all ranges once for each state of the list, however often it is asked', () => {
    let readings = 0;
    const ranges = new (class extends Map<string, Range> {
      override values() {
        readings += 1;
        return super.values();
      }
    })(listOf([deny('203.0.113.64/26'), deny('192.0.2.0/24')]));
    for (const text of ['203.0.113.0/24', '192.0.2.0/24', '198.51.100.0/24']) {
      letsInBy(wanted(text), ranges, nowMs);
      letsInBy(wanted(text), ranges, nowMs + 10_000);
    }
    expect(readings).toBe(1);
  });

  it('settles other open reviews, also about the same address with another key', () => {
    const otherKey = review({ id: ulid(201), keyId: ulid(7) });
    const answered = review({ id: ulid(202), ip: '203.0.113.1', status: 'denied' });
    const one = letsInBy(wanted('203.0.113.9'), nothing, nowMs);
    expect(settledWith(asked, one, [asked, otherKey, answered])).toEqual([otherKey]);
    expect(letsInSentence(wanted('203.0.113.9'), 1)).toBe(
      'Lets in only this address, and settles 1 other review',
    );
    expect(letsInSentence(wanted('2001:db8::/64'), 0)).toBe('Lets in 2^64 addresses');
  });

  it('adds up who was blocked, address by address', () => {
    const callers = [
      { ip: '203.0.113.1', keyId: KEY_ID, calls: 2 },
      { ip: '203.0.113.2', keyId: KEY_ID, calls: 4 },
      { ip: '203.0.113.1', keyId: ulid(7), calls: 3 },
      { ip: '203.0.114.3', keyId: KEY_ID, calls: 9 },
    ];
    const all = letsInBy(wanted('203.0.113.0/24'), nothing, nowMs);
    expect(blockedAddresses(callers, all, new Set(['203.0.113.2']))).toEqual([
      { ip: '203.0.113.1', calls: 5 },
    ]);
  });

  it.each([
    [['a'], false, 'a'],
    [['a'], true, 'a and more'],
    [['a', 'b', 'c'], false, 'a, b, c'],
    [['a', 'b', 'c', 'd', 'e'], false, 'a, b, c and 2 more'],
    [['a', 'b', 'c', 'd', 'e'], true, 'a, b, c and at least 2 more'],
  ])('names some of many: %j', (names, isMore, sentence) => {
    expect(namesSentence(names, isMore)).toBe(sentence);
  });
});
