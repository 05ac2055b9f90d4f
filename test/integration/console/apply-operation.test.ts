import fc from 'fast-check';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Operation, type OperationResult, operationSchema } from '#shared/api/routes-operations';
import { applyOperation, outcomeOf, viewOf } from '#shared/domain/apply-operation';
import { derivedId } from '#shared/domain/derived-id';
import type { Account, Key, Range, Review } from '#shared/domain/entities';
import { identityText, type PolicyOutcome, type PolicyState } from '#shared/domain/policy-state';
import { manualClock } from '#test/support/manual-clock';
import { startTestService, type TestService } from '#test/support/service/test-service';

/**
 * The rule over entities and the real service agree on what an operation does, or on why it is refused: for random operations on
 * whatever state the ones before have left. So what a console shows before the service has an edit is what the service makes of it.
 */

const clock = manualClock();
let service: TestService;
let key: { key: Key; secret: string };
let callers = 0;
beforeAll(async () => {
  service = await startTestService({ clock });
  key = await service.createKey();
});
afterAll(() => service.stop());

const items = async <T>(path: string): Promise<T[]> =>
  ((await service.api(`${path}?limit=1000`)).json as { items: T[] }).items;
const byId = <T extends { readonly id: string }>(entities: readonly T[]): ReadonlyMap<string, T> =>
  new Map(entities.map((entity) => [entity.id, entity]));
const state = async (): Promise<PolicyState> => ({
  account: (await service.api('/v1/account')).json as Account,
  ranges: byId(await items<Range>('/v1/ranges')),
  reviews: byId(await items<Review>('/v1/reviews')),
  keys: byId(await items<Key>('/v1/keys')),
});

/** Repeated calls are counted by the service whenever it likes. */
const NO_CALLS = { addressCount: 1, callers: [], count: 1, lastAt: '' };

/** Everything but what only the service can know: its own ids of ranges, their use, and the counter of the policy. */
function comparable({ account, ranges, reviews }: PolicyState, authorMade: ReadonlySet<string>): unknown {
  const name = (id: string | null): string | null => {
    const range = ranges.get(id ?? '');
    return range === undefined || authorMade.has(range.id) ? id : identityText(range);
  };
  const byText = (a: string, b: string): number => (a < b ? -1 : 1);
  return {
    account: { ...account, revision: 0 },
    ranges: [...ranges.values()]
      .toSorted((a, b) => byText(identityText(a), identityText(b)))
      .map((range) => ({ ...range, id: name(range.id), uses: 0, lastUsedAt: null })),
    reviews: [...reviews.values()]
      .toSorted((a, b) => byText(a.id, b.id))
      .map((review) => ({ ...review, ...NO_CALLS, rangeId: name(review.rangeId) })),
  };
}

const CIDRS = [
  '198.51.100.0/24',
  '198.51.0.0/16',
  '198.51.100.0/28',
  '198.51.100.7',
  '203.0.113.1-203.0.113.6',
  '2001:db8::/48',
  '2001:db8::5',
  '10.1',
];
const effect = fc.constantFrom('authorize' as const, 'deny' as const);
const onKey = fc.boolean();
/** How many versions ago its author looked. */
const behind = fc.constantFrom(0, 0, 0, 1);
/** Among which reviews an answer chooses. */
const of = fc.constantFrom('pending', 'pending', 'pending', 'any');
/** The id of a key that nobody has made. */
const NO_KEY = ulid();
const expiry = fc.constantFrom(null, 1_000, 3_600_000, -1_000);
const wish = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('range.add' as const),
      cidr: fc.constantFrom(...CIDRS),
      effect,
      onKey,
      expiry,
      named: fc.boolean(),
      isKeyGone: fc.constantFrom(false, false, false, true),
    }),
  },
  fc.record({
    type: fc.constant('range.update' as const),
    which: fc.nat(),
    effect: fc.option(effect),
    expiry: fc.option(expiry),
    label: fc.constantFrom('a', 'b'),
    behind,
  }),
  fc.record({ type: fc.constant('range.remove' as const), which: fc.nat(), behind }),
  fc.record({
    type: fc.constant('review.authorize' as const),
    which: fc.nat(),
    scope: fc.constantFrom(
      'address' as const,
      'subnet' as const,
      { cidr: '198.51.100.0/24' },
      { cidr: '2001:db8::/32' },
    ),
    seconds: fc.option(fc.constant(600)),
    onKey,
    of,
  }),
  fc.record({ type: fc.constant('review.deny' as const), which: fc.nat(), addDenyRange: fc.boolean(), of }),
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('review.reopen' as const),
      /** Counted from the newest one, which is more often than not as it was left. */
      which: fc.nat(2),
      of: fc.constantFrom('answered', 'answered', 'settled'),
      behind,
    }),
  },
  fc.record({
    type: fc.constant('mode.set' as const),
    mode: fc.constantFrom(
      'learning' as const,
      'automatic' as const,
      'manual' as const,
      'deactivated' as const,
    ),
  }),
);
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;

const at = <T>(entities: ReadonlyMap<string, T>, place: number): T | undefined =>
  [...entities.values()][place % Math.max(1, entities.size)];

const SETTLED: readonly Review['status'][] = ['authorized', 'denied', 'superseded'];
const ANSWERED = SETTLED.slice(0, 2);

/** The settled reviews, the last one first. */
const settled = ({ reviews }: PolicyState, among = SETTLED): ReadonlyMap<string, Review> =>
  byId(
    [...reviews.values()]
      .filter(({ status }) => among.includes(status))
      .sort((a, b) => ((a.decidedAt ?? '') < (b.decidedAt ?? '') ? 1 : -1)),
  );

function operationOf(wanted: Wish, before: PolicyState): Operation | null {
  const common = { id: ulid(), madeAt: new Date(clock.now()).toISOString() };
  const iso = (ms: number | null): string | null =>
    ms === null ? null : new Date(clock.now() + ms).toISOString();
  const pending = byId([...before.reviews.values()].filter(({ status }) => status === 'pending'));
  switch (wanted.type) {
    case 'range.add': {
      const { type, cidr, effect: how, onKey: one, expiry: ms, named } = wanted;
      const isOne = !cidr.includes('-');
      const rangeId = named && isOne ? { rangeId: ulid() } : {};
      const keyId = wanted.isKeyGone ? NO_KEY : one ? key.key.id : null;
      return operationSchema.parse({
        ...common,
        ...rangeId,
        type,
        cidr,
        effect: how,
        keyId,
        rangeExpiresAt: iso(ms),
      });
    }
    case 'range.update': {
      const range = at(before.ranges, wanted.which);
      if (range === undefined) return null;
      const { label, effect: how, expiry: ms } = wanted;
      const changes = {
        label,
        ...(how === null ? {} : { effect: how }),
        ...(ms === null ? {} : { expiresAt: iso(ms) }),
      };
      return operationSchema.parse({
        ...common,
        type: wanted.type,
        rangeId: range.id,
        baseVersion: range.version + wanted.behind,
        changes,
      });
    }
    case 'range.remove': {
      const range = at(before.ranges, wanted.which);
      return range === undefined
        ? null
        : operationSchema.parse({
            ...common,
            type: wanted.type,
            rangeId: range.id,
            baseVersion: range.version + wanted.behind,
          });
    }
    case 'review.authorize': {
      const review = at(wanted.of === 'any' ? before.reviews : pending, wanted.which);
      if (review === undefined) return null;
      const { type, scope, seconds, onKey: thisKeyOnly } = wanted;
      const duration = seconds === null ? {} : { durationSeconds: seconds };
      return operationSchema.parse({ ...common, ...duration, type, reviewId: review.id, scope, thisKeyOnly });
    }
    case 'review.deny': {
      const review = at(wanted.of === 'any' ? before.reviews : pending, wanted.which);
      const { type, addDenyRange } = wanted;
      return review === undefined
        ? null
        : operationSchema.parse({ ...common, type, reviewId: review.id, addDenyRange });
    }
    case 'review.reopen': {
      const { which } = wanted;
      const review = at(wanted.of === 'answered' ? settled(before, ANSWERED) : settled(before), which);
      if (review === undefined) return null;
      const baseVersion = review.version - wanted.behind;
      return operationSchema.parse({ ...common, type: wanted.type, reviewId: review.id, baseVersion });
    }
    case 'mode.set':
      return operationSchema.parse({ ...common, type: wanted.type, mode: wanted.mode });
  }
}

/** Three more addresses ask; they are blocked, unless a range decides about them. About the last one none does. */
async function ask(): Promise<void> {
  await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
  callers += 1;
  for (const ip of [
    `198.51.100.${callers % 250}`,
    `2001:db8::${(callers % 9_000).toString(16)}`,
    `100.${64 + (callers >> 8)}.${callers % 256}.1`,
  ]) {
    await service.check(key.secret, ip);
  }
}

/** Why the service refuses; or that it does not. */
const told = (result: OperationResult | undefined) =>
  result?.code === undefined ? 'no refusal' : { code: result.code, detail: result.detail };

/** The same by the rule. An answer that somebody has given already is fulfilled rather than refused. */
function foretold(outcome: PolicyOutcome, result: OperationResult | undefined) {
  if (!('refusal' in outcome)) return 'no refusal';
  const { code, message: detail } = outcome.refusal;
  return code === 'already_decided' && result?.status === 'duplicate' ? 'no refusal' : { code, detail };
}

it('predicts what the service makes of an operation', async () => {
  const seen = new Map<string, number>();
  let latest: PolicyState | undefined;
  const trial = async (wanted: Wish, asks: boolean, passes: boolean): Promise<void> => {
    // Past the end of ranges that last a second, too. Always a little: a console tells by its time what an answer did.
    clock.advance(passes ? 2_000 : 1);
    if (asks) await ask();
    const before = asks || latest === undefined ? await state() : latest;
    latest = before;
    const operation = operationOf(wanted, before);
    if (operation === null) return;
    const answer = await service.api('/v1/operations', { body: { operations: [operation] } });
    const [result] = (answer.json as { results: OperationResult[] }).results;
    const author = before.account?.me.email ?? '';
    const newRangeId = (index: number): string => derivedId(operation.id, index);
    expect(told(result)).toEqual(
      foretold(outcomeOf(viewOf(before), operation, { now: clock.now(), author, newRangeId }), result),
    );
    const predicted = applyOperation(before, operation, { now: clock.now(), author });
    const authorMade = new Set(
      'rangeId' in operation && operation.rangeId !== undefined ? [operation.rangeId] : [],
    );
    latest = await state();
    expect(comparable(predicted, authorMade), JSON.stringify(result)).toEqual(comparable(latest, authorMade));
    for (const outcome of [`${operation.type} ${result?.status ?? ''}`, result?.code ?? '']) {
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    }
  };
  await fc.assert(fc.asyncProperty(wish, fc.boolean(), fc.boolean(), trial), {
    numRuns: 400,
    endOnFailure: true,
  });
  // The run has to have been about something: each kind was applied, and some were refused.
  for (const type of [
    'range.add',
    'range.update',
    'range.remove',
    'review.authorize',
    'review.deny',
    'review.reopen',
    'mode.set',
  ]) {
    expect(seen.get(`${type} applied`) ?? 0, type).toBeGreaterThan(3);
  }
  for (const code of ['duplicate', 'stale', 'already_decided', 'invalid_request', 'invalid_cidr']) {
    expect(seen.get(code) ?? 0, code).toBeGreaterThan(0);
  }
  expect(seen.get('review.reopen conflict') ?? 0).toBeGreaterThan(0);
});
