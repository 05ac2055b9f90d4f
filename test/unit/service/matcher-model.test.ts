import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { RangeMatcher } from '#service/enforcement/matcher';
import type { MatchRange } from '#service/enforcement/matcher/match-range';
import {
  addressBits,
  cidrContainsCidr,
  cidrOf,
  compareCidrs,
  formatAddress,
  formatCidr,
  parseAddress,
  type Cidr,
  type IpAddress,
  type IpFamily,
} from '#shared/ip/index';

const read = (text: string): IpAddress => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.address;
};

/** Addresses that differ in few bits only, so that networks around them share long prefixes and nest deeply. */
const STEMS = [
  '0.0.0.0',
  '255.255.255.255',
  '10.1.2.3',
  '203.0.113.9',
  '::',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  '2001:db8::1',
  '2a00:1450:4001:81b::200e',
].map(read);

const isMapped = ({ family, value }: IpAddress): boolean => family === 6 && value >> 32n === 0xffffn;

const anAddress = fc
  .tuple(
    fc.constantFrom(...STEMS),
    fc.array(fc.nat({ max: 127 }), { maxLength: 3 }),
    fc.constantFrom(0n, 0n, 0n, 1n, 0xffn, 0xffffn),
  )
  .map(([{ family, value }, flips, low]): IpAddress => {
    const bits = addressBits(family);
    const flipped = flips.reduce((sum, bit) => sum ^ (1n << BigInt(bit % bits)), value ^ low);
    return { family, value: flipped };
  })
  .filter((address) => !isMapped(address));

/** The ends, the steps of the trie, the words of an address and their neighbours come more often than the rest. */
const EDGES = [0, 1, 3, 4, 5, 8, 15, 16, 17, 24, 28, 29, 30, 31, 32] as const;
const LONG_EDGES = [33, 48, 60, 63, 64, 65, 95, 96, 97, 112, 124, 125, 126, 127, 128] as const;
const aLength = (family: IpFamily): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(...EDGES, ...(family === 6 ? LONG_EDGES : [])),
    fc.nat({ max: addressBits(family) }),
  );
const aCidr: fc.Arbitrary<Cidr> = anAddress.chain((address) =>
  aLength(address.family).map((length) => cidrOf(address, length)),
);

/** Never, at once, and after some edits: how the first bits of IPv4 addresses are looked up. */
const aDirectFrom = fc.constantFrom(Number.POSITIVE_INFINITY, 1, 6);

const KEYS = ['k1', 'k2', 'k3'] as const;
const TIMES = [0, 9, 10, 11, 20, 30] as const;

const anEdit = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      range: fc.record({
        // Few ids, so that ranges are replaced, by one of the same network as well as of another.
        id: fc.nat({ max: 24 }).map((n) => `range-${n}`),
        cidr: aCidr,
        effect: fc.constantFrom('authorize' as const, 'deny' as const),
        keyId: fc.constantFrom(null, null, 'k1', 'k2'),
        createdAt: fc.constant(0),
        expiresAt: fc.constantFrom(null, null, 10, 20),
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      id: fc.nat({ max: 24 }).map((n) => `range-${n}`),
    }),
  },
);

type Edit = typeof anEdit extends fc.Arbitrary<infer E> ? E : never;

const makeEdit = (matcher: RangeMatcher, model: Map<string, MatchRange>, edit: Edit): void => {
  if (edit.kind === 'delete') {
    matcher.delete(edit.id);
    model.delete(edit.id);
  } else {
    matcher.set(edit.range);
    // A replaced range counts as added anew.
    model.delete(edit.range.id);
    model.set(edit.range.id, edit.range);
  }
};

/** The ranges that may decide, found by comparing with every one: any of them where several are equally strong. */
const slowMatches = (
  ranges: Iterable<MatchRange>,
  target: IpAddress,
  keyId: string,
  now: number,
): MatchRange[] => {
  const parsed = ipaddr.parse(formatAddress(target));
  const holding = [...ranges].filter(({ cidr, keyId: only, expiresAt }) => {
    const [network, length] = ipaddr.parseCIDR(formatCidr(cidr));
    return (
      (only === null || only === keyId) &&
      (expiresAt === null || now < expiresAt) &&
      network.kind() === parsed.kind() &&
      parsed.match(network, length)
    );
  });
  const longest = Math.max(...holding.map(({ cidr }) => cidr.prefixLength));
  const best = holding.filter(({ cidr }) => cidr.prefixLength === longest);
  const denying = best.filter(({ effect }) => effect === 'deny');
  return denying.length > 0 ? denying : best;
};

const expectSameAnswer = (
  matcher: RangeMatcher,
  model: ReadonlyMap<string, MatchRange>,
  target: IpAddress,
  keyId: string,
  now: number,
): void => {
  const expected = slowMatches(model.values(), target, keyId, now);
  const found = matcher.match(target, keyId, now);
  // Ranges of one network are in the order of their adding, so the first that holds is the one.
  expect(found).toBe(expected[0]);
  const text = formatAddress(target);
  expect(matcher.matchText(text, keyId, now)).toBe(found);
  expect(matcher.effectForText(text, keyId, now)).toBe(found?.effect);
};

describe('the matcher against a model', () => {
  it('gives the answers of a scan with ipaddr.js after any sequence of edits', () => {
    fc.assert(
      fc.property(
        fc.array(anEdit, { minLength: 1, maxLength: 60 }),
        fc.array(anAddress, { minLength: 2, maxLength: 8 }),
        fc.constantFrom(...KEYS),
        fc.constantFrom(...TIMES),
        aDirectFrom,
        (edits, targets, keyId, now, directFrom) => {
          const matcher = new RangeMatcher(directFrom);
          const model = new Map<string, MatchRange>();
          for (const edit of edits) {
            makeEdit(matcher, model, edit);
            if (edit.kind !== 'delete') {
              const { family, base } = edit.range.cidr;
              expectSameAnswer(matcher, model, { family, value: base }, keyId, now);
            }
            expect(matcher.size).toBe(model.size);
          }
          for (const target of targets) expectSameAnswer(matcher, model, target, keyId, now);
          for (const range of model.values()) expect(matcher.get(range.id)).toBe(range);
          for (const id of model.keys()) matcher.delete(id);
          expect(matcher.size).toBe(0);
          for (const target of targets) expect(matcher.match(target, keyId, now)).toBeUndefined();
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('names the ranges around and within a network', () => {
    fc.assert(
      fc.property(
        fc.array(anEdit, { minLength: 1, maxLength: 60 }),
        aCidr,
        aDirectFrom,
        (edits, question, directFrom) => {
          const matcher = new RangeMatcher(directFrom);
          const model = new Map<string, MatchRange>();
          for (const edit of edits) makeEdit(matcher, model, edit);
          const questions = [question, ...[...model.values()].map(({ cidr }) => cidr)];
          for (const cidr of questions) {
            const around = [...model.values()]
              .filter((range) => cidrContainsCidr(range.cidr, cidr))
              .sort((a, b) => b.cidr.prefixLength - a.cidr.prefixLength);
            expect(matcher.covering(cidr)).toEqual(around);
            const within = [...model.values()]
              .filter((range) => cidrContainsCidr(cidr, range.cidr))
              .sort((a, b) => compareCidrs(a.cidr, b.cidr));
            expect([...matcher.within(cidr)]).toEqual(within);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('tells an address that edits concern from one they do not', () => {
    let concerned = 0;
    fc.assert(
      fc.property(
        fc.array(anEdit, { maxLength: 30 }),
        fc.array(anEdit, { minLength: 1, maxLength: 6 }),
        fc.array(anAddress, { minLength: 4, maxLength: 4 }),
        fc.constantFrom(...KEYS),
        fc.constantFrom(...TIMES),
        (before, after, targets, keyId, now) => {
          const matcher = new RangeMatcher();
          const model = new Map<string, MatchRange>();
          for (const edit of before) makeEdit(matcher, model, edit);
          const known = targets.map((target) => matcher.match(target, keyId, now));
          const edits = matcher.edits;
          const edited: Cidr[] = [];
          for (const edit of after) {
            const replaced = model.get(edit.kind === 'delete' ? edit.id : edit.range.id);
            if (replaced !== undefined) edited.push(replaced.cidr);
            if (edit.kind === 'set') edited.push(edit.range.cidr);
            makeEdit(matcher, model, edit);
          }
          targets.forEach((target, index) => {
            const host = cidrOf(target, addressBits(target.family));
            const isEdited = matcher.isEdited(target, edits);
            expect(isEdited).toBe(edited.some((cidr) => cidrContainsCidr(cidr, host)));
            if (isEdited) concerned += 1;
            else expect(matcher.match(target, keyId, now)).toBe(known[index]);
          });
        },
      ),
      { numRuns: 500 },
    );
    expect(concerned).toBeGreaterThan(50);
  });

  it('takes an address for concerned by edits of which it remembers too little', () => {
    const matcher = new RangeMatcher();
    const edits = matcher.edits;
    const editElsewhere = (): void => {
      matcher.set({
        id: 'r',
        cidr: cidrOf(read('10.1.2.3'), 32),
        effect: 'deny',
        keyId: null,
        createdAt: 0,
        expiresAt: null,
      });
    };
    const target = read('203.0.113.9');
    editElsewhere();
    expect(matcher.isEdited(target, edits)).toBe(false);
    expect(matcher.isEdited(read('10.1.2.3'), edits)).toBe(true);
    for (let edit = 0; edit < 300; edit += 1) editElsewhere();
    expect(matcher.isEdited(target, edits)).toBe(true);
    expect(matcher.isEdited(target, matcher.edits)).toBe(false);
  });
});
