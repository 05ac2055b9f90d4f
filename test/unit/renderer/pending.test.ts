import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Range, Review } from '#shared/domain/entities';
import { type Cidr, cidrContains, parseAddress } from '#shared/ip/index';
import { readScope } from '../../../renderer/src/domain/answer';
import { quietWords } from '../../../renderer/src/domain/quiet-words';
import {
  blockedAddresses,
  letsInBy,
  letsInSentence,
  namesSentence,
  settledWith,
  wantedRange,
  type WantedRange,
} from '../../../renderer/src/features/pending/answer/lets-in';
import {
  answeredLately,
  answeredOf,
  byWeight,
  draftOf,
  isSeenOpenAgain,
  isWiderThanSuggested,
  UNDO_MS,
} from '../../../renderer/src/features/pending/model';
import { callSpanOf } from '../../../renderer/src/features/pending/facts/span-of-calls';
import { trustOf } from '../../../renderer/src/features/pending/facts/trust';
import { timelineOf, timelineSentence } from '../../../renderer/src/features/pending/facts/timeline';
import { type Answering, notAnswering } from '../../../renderer/src/stores/answers';
import type { Heard } from '../../../renderer/src/stores/settled';
import { emptyAnswerDraft } from '../../../renderer/src/stores/ui';
import {
  attempt,
  KEY_ID,
  minutesAgo,
  NOW,
  OPERATION_ID,
  range,
  review,
  ulid,
} from '../../component/builders';

const nowMs = NOW.getTime();
const asked = review();
const habit = { scope: 'subnet', duration: 'forever', thisKeyOnly: true } as const;

describe('the choices for a review', () => {
  it('are those of the last answer with what was changed by hand', () => {
    expect(draftOf(asked, habit, {})).toEqual({ ...emptyAnswerDraft, ...habit });
    expect(draftOf(asked, habit, { duration: 'hour' })).toMatchObject({ scope: 'subnet', duration: 'hour' });
  });

  it('are the address alone where its subnet is nothing more', () => {
    expect(draftOf({ ...asked, suggestedCidr: '203.0.113.9/32' }, habit, {}).scope).toBe('address');
  });

  it.each([
    ['203.0.112.0/23', 'day'],
    ['203.0.113.0/24', 'forever'],
    ['203.0.113.9', 'forever'],
    ['not a range', 'forever'],
  ])('do not let a wide range of one’s own in for good by themselves: %s', (ownText, duration) => {
    expect(draftOf(asked, habit, { scope: 'own', ownText }).duration).toBe(duration);
    expect(draftOf(asked, habit, { scope: 'own', ownText, duration: 'forever' }).duration).toBe('forever');
  });

  it('know a wide IPv6 range by the subnet that is suggested', () => {
    const six = review({ ip: '2001:db8::7', suggestedCidr: '2001:db8::/64' });
    const reading = (ownText: string) => readScope(six, { ...emptyAnswerDraft, scope: 'own', ownText });
    expect(isWiderThanSuggested(six, reading('2001:db8::/63'))).toBe(true);
    expect(isWiderThanSuggested(six, reading('2001:db8::/64'))).toBe(false);
  });
});

describe('how a review stands', () => {
  const denied: Review = { ...asked, status: 'denied', version: 2 };
  const own: Answering = {
    ...notAnswering,
    version: 2,
    endedAtMs: nowMs,
    ending: {
      kind: 'denied',
      keptOut: false,
      keyUpdated: false,
      progress: { operationId: OPERATION_ID },
    },
  };
  const heard = (entity: Review, id = OPERATION_ID, heardAtMs = nowMs): readonly [string, Heard] => [
    id,
    { id, outcome: 'applied', entity, enforcedAt: NOW.toISOString(), heardAtMs },
  ];
  const none = new Map<string, Heard>();

  it('is answered before the news of the own answer is here', () => {
    expect(answeredOf(asked, own, none).ending?.kind).toBe('denied');
  });

  it.each([
    ['taken back here', asked, { ...own, takenBack: true }, none],
    [
      'taken back before it was sent',
      asked,
      own,
      new Map([[OPERATION_ID, { id: OPERATION_ID, outcome: 'undone', heardAtMs: nowMs } as const]]),
    ],
    ['opened again by somebody else', { ...asked, version: 3 }, own, none],
  ])('is open again when the answer was %s', (_how, now, answering, settled) => {
    expect(answeredOf(now, answering, settled)).toMatchObject({ ending: null, undo: null });
  });

  it('is answered by this console where its own edit did it, and else by somebody', () => {
    expect(answeredOf(denied, notAnswering, new Map([heard(denied)]))).toMatchObject({
      ending: { kind: 'here' },
      undo: { operationId: OPERATION_ID, untilMs: nowMs + UNDO_MS },
    });
    // Taken back, and then denied by somebody else.
    const opened = new Map([heard(denied), heard({ ...asked, version: 3 }, ulid(901))]);
    expect(answeredOf({ ...denied, version: 4 }, notAnswering, opened)).toMatchObject({
      ending: { kind: 'elsewhere' },
      undo: null,
    });
  });

  it('after it was open again ends with the answer that stands then, whoever gave it', () => {
    const reopened: Answering = { ...own, reopened: true };
    expect(answeredOf(asked, reopened, none)).toMatchObject({ ending: null, undo: null });
    expect(answeredOf({ ...denied, version: 4 }, reopened, none)).toMatchObject({
      ending: { kind: 'elsewhere' },
      undo: null,
    });
    const second = new Map([heard(denied, ulid(901))]);
    expect(answeredOf(denied, reopened, second).ending).toMatchObject({ kind: 'here' });
    // To take it back was refused.
    expect(answeredOf(denied, reopened, new Map([heard(denied)]))).toMatchObject({
      ending: own.ending,
      undo: { operationId: OPERATION_ID },
    });
  });

  it.each([
    ['after Undo', asked, { ...own, takenBack: true }, true],
    ['after Undo of an answer given elsewhere', asked, { ...notAnswering, takenBack: true }, true],
    ['after somebody else opened it', { ...asked, version: 3 }, own, true],
    ['once that is known', asked, { ...own, reopened: true }, false],
    ['before the news of the own answer', asked, own, false],
    ['before the news of the Undo', denied, { ...own, takenBack: true }, false],
    ['where nobody answered', asked, notAnswering, false],
  ])('shows for the first time that it is open again: %s', (_when, now, answering, expected) => {
    expect(isSeenOpenAgain(now, answeredOf(now, answering, none))).toBe(expected);
  });

  it('is answered with others, and can be taken back though nobody knows the id of its operation', () => {
    const together: Answering = { ...own, ending: { kind: 'together', answer: 'deny' } };
    const undo = { operationId: null, untilMs: nowMs + UNDO_MS };
    expect(answeredOf(asked, together, none)).toMatchObject({ ending: together.ending, undo });
    expect(answeredOf(denied, together, new Map([heard(denied)]))).toMatchObject({
      ending: together.ending,
      settled: { outcome: 'applied' },
      undo,
    });
    // Another answer settled it, or somebody else was first.
    expect(answeredOf({ ...denied, status: 'superseded' }, together, none)).toMatchObject({
      ending: { kind: 'elsewhere' },
      undo: null,
    });
  });

  it('is no ending while the own answer is on its way', () => {
    expect(answeredOf(denied, { ...notAnswering, step: 'deny' }, none).ending).toBeNull();
  });

  it('lists what can be undone, the latest first', () => {
    const other: Review = { ...denied, id: ulid(201) };
    const old: Review = { ...denied, id: ulid(202) };
    const reviews = new Map([asked, denied, other, old].map((each) => [each.id, each]));
    const settled = new Map([
      heard(denied, OPERATION_ID, nowMs - 5_000),
      heard(other, ulid(901), nowMs - 1_000),
      heard(old, ulid(902), nowMs - UNDO_MS),
    ]);
    expect(answeredLately(reviews, new Map(), settled, nowMs)).toEqual([other, denied]);
  });
});

describe('a row', () => {
  it.each([
    [null, 'unknown'],
    [-1, 'suspicious'],
    [0, 'strange'],
    [29, 'strange'],
    [30, 'familiar'],
    [80, 'familiar'],
  ])('has the verdict of the trust review in a word: %s', (score, trust) => {
    expect(trustOf({ score })).toBe(trust);
  });

  it('shows from when to when it was called, over an hour or since the first call, whatever the clocks say', () => {
    const callers = [{ ip: asked.ip, userAgent: null, method: null, path: null, at: minutesAgo(15) }];
    expect(callSpanOf({ firstAt: minutesAgo(30), lastAt: minutesAgo(0), callers }, nowMs)).toEqual({
      from: 0.5,
      to: 1,
      calls: [0.5, 1, 0.75],
    });
    expect(callSpanOf({ firstAt: minutesAgo(120), lastAt: minutesAgo(-5), callers: [] }, nowMs)).toEqual({
      from: 0,
      to: 1,
      calls: [0, 1],
    });
  });
});

describe('what a range lets in', () => {
  const wanted = (text: string, keyId: string | null = null): WantedRange => {
    const found = wantedRange(text, keyId);
    if (found === null) throw new Error(`${text} is no range.`);
    return found;
  };
  const listOf = (ranges: readonly Range[]) => new Map(ranges.map((each, at) => [ulid(300 + at), each]));
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
          const { cidr: other } = wanted(each);
          const longer = other.prefixLength - asks.cidr.prefixLength;
          return isHeld(other) && (longer > 0 || (longer === 0 && its === 'deny'));
        });
        expect(letsIn(text, ranges, ip)).toBe(isHeld(asks.cidr) && !decidedBefore);
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
    const rows = [
      attempt(1, { ip: '203.0.113.1', reason: 'unknown', verdict: 'blocked', count: 2 }),
      attempt(2, { ip: '203.0.113.2', reason: 'untrusted', verdict: 'blocked', count: 4 }),
      attempt(3, { ip: '203.0.113.1', reason: 'unknown', verdict: 'blocked', count: 3 }),
      attempt(4, { ip: '203.0.113.3', reason: 'revoked_key', verdict: 'blocked', count: 9 }),
    ];
    const all = letsInBy(wanted('203.0.113.0/24'), nothing, nowMs);
    expect(blockedAddresses(rows, all, new Set(['203.0.113.2']))).toEqual([{ ip: '203.0.113.1', count: 5 }]);
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

describe('the timeline', () => {
  it('goes from the oldest call, but at least over an hour, until now', () => {
    expect(timelineOf([], nowMs)).toMatchObject({ from: minutesAgo(60), blocked: 0, allowed: 0 });
    const day = attempt(1, { firstAt: minutesAgo(1440), lastAt: minutesAgo(1439), count: 3 });
    const timeline = timelineOf([day], nowMs);
    expect(timeline.from).toBe(minutesAgo(1440));
    expect(timeline.bins[0]).toEqual({ blocked: 0, allowed: 3 });
  });

  it('loses no call, whatever the clocks say', () => {
    const rows = [
      attempt(1, { lastAt: minutesAgo(-5), verdict: 'blocked', count: 2 }),
      attempt(2, { firstAt: minutesAgo(20), lastAt: minutesAgo(0), count: 5 }),
    ];
    const { bins, blocked, allowed } = timelineOf(rows, nowMs);
    expect({ blocked, allowed }).toEqual({ blocked: 2, allowed: 5 });
    expect(bins.at(-1)).toEqual({ blocked: 2, allowed: 5 });
    expect(timelineSentence(timelineOf([], nowMs), [], nowMs)).toBe('No calls in the log');
    expect(timelineSentence(timelineOf(rows.slice(0, 1), nowMs), rows.slice(0, 1), nowMs)).toMatch(
      /^2 blocked calls; the first 10 min ago/,
    );
  });
});

it('evidence comes by its weight, whichever way it leans', () => {
  const piece = (signal: string, weight: number) => ({ signal, weight, detail: signal });
  const sorted = byWeight([piece('a', 1), piece('b', -5), piece('c', 3), piece('d', -1)]);
  expect(sorted.map(({ signal }) => signal)).toEqual(['b', 'c', 'a', 'd']);
});

it('quiet is told with its end where that is known', () => {
  expect(quietWords({ reason: 'snoozed', until: minutesAgo(-60) }, nowMs)).toBe(
    'Notifications are paused until 15:02.',
  );
  expect(quietWords({ reason: 'desktop', until: null }, nowMs)).toMatch(/not to be disturbed/);
});
