import fc from 'fast-check';
import { ulid } from 'ulid';
import { afterAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import type { OperationResult } from '#shared/api/routes-operations';
import type { Account, AuditEvent, Range, Review } from '#shared/domain/entities';
import { stopTestDatabases } from '#test/support/service/test-database';
import { startTestService, type TestService } from '#test/support/service/test-service';

/** More than share one commit, and no multiple of it. */
const MANY = 45;

const madeAt = new Date().toISOString();
const op = (type: string, fields: Readonly<Record<string, unknown>>) => ({
  id: ulid(),
  type,
  madeAt,
  ...fields,
});
const add = (cidr: string, effect = 'authorize') => {
  const rangeId = ulid();
  return { ...op('range.add', { cidr, effect, rangeId }), rangeId };
};

afterAll(stopTestDatabases);

describe('many edits of ranges at once', () => {
  let service: TestService;
  let secret: string;
  beforeEach(async () => {
    service = await startTestService();
    ({ secret } = await service.createKey());
  });
  afterEach(() => service.stop());

  const send = async (operations: readonly object[]): Promise<OperationResult[]> => {
    const answer = await service.api('/v1/operations', { body: { operations } });
    expect(answer.status, answer.text).toBe(200);
    return (answer.json as { results: OperationResult[] }).results;
  };
  const revision = async (): Promise<number> => ((await service.api('/v1/account')).json as Account).revision;
  const itemsOf = async <T>(path: string): Promise<T[]> =>
    ((await service.api(`${path}?limit=1000`)).json as { items: T[] }).items;
  const statusOf = async (ip: string): Promise<number> => (await service.check(secret, ip)).status;

  it('are each an edit of its own: in the audit trail, in the revision, and enforced', async () => {
    const before = await revision();
    const operations = Array.from({ length: MANY }, (_, n) => add(`10.0.${n}.0/24`));
    const results = await send(operations);
    expect(results.map(({ id, status }) => [id, status])).toEqual(
      operations.map(({ id }) => [id, 'applied']),
    );
    expect(await revision()).toBe(before + MANY);
    const audited = (await itemsOf<AuditEvent>('/v1/audit')).flatMap(({ operationId }) => operationId ?? []);
    expect(new Set(audited)).toEqual(new Set(operations.map(({ id }) => id)));
    for (const n of [0, MANY - 1]) expect(await statusOf(`10.0.${n}.9`)).toBe(200);
    expect(await statusOf(`10.0.${MANY}.9`)).toBe(401);
  });

  it('are not held up by one that is refused, and have no second effect when they are sent again', async () => {
    const refused = new Map([
      [7, op('range.add', { cidr: '10.0.0.0/4' })],
      [15, op('range.update', { rangeId: ulid(), baseVersion: 1, changes: { label: 'gone' } })],
      [30, op('range.add', { cidr: '10.1.3.0/24' })],
    ]);
    const operations = Array.from({ length: MANY }, (_, n) => refused.get(n) ?? add(`10.1.${n}.0/24`));
    const results = await send(operations);
    expect(results.map(({ id }) => id)).toEqual(operations.map(({ id }) => id));
    expect(results.flatMap(({ status }, n) => (status === 'applied' ? [] : [[n, status]]))).toEqual([
      [7, 'rejected'],
      [15, 'conflict'],
      [30, 'duplicate'],
    ]);
    const after = await revision();
    expect(await send(operations)).toEqual(results);
    expect(await revision()).toBe(after);
    expect(await itemsOf<Range>('/v1/ranges')).toHaveLength(MANY - refused.size);
  });

  it('answer the open reviews that they cover, each by the first', async () => {
    const asked = ['10.2.5.9', '10.2.40.9', '10.3.0.9'];
    for (const ip of asked) expect(await statusOf(ip)).toBe(401);
    // The second range for the same address is longer, and comes when the review is answered already.
    const wide = Array.from({ length: MANY }, (_, n) => add(`10.2.${n}.0/24`));
    const results = await send([...wide, add('10.2.5.9/32', 'deny')]);
    expect(results.every(({ status }) => status === 'applied')).toBe(true);
    const reviews = await itemsOf<Review>('/v1/reviews');
    expect(new Map(reviews.map(({ ip, status, rangeId }) => [ip, [status, rangeId]]))).toEqual(
      new Map<string, unknown>([
        ['10.2.5.9', ['superseded', wide[5]?.rangeId]],
        ['10.2.40.9', ['superseded', wide[40]?.rangeId]],
        ['10.3.0.9', ['pending', null]],
      ]),
    );
    expect(await statusOf('10.2.5.9')).toBe(401);
    expect(await statusOf('10.2.40.9')).toBe(200);
  });

  it('end a denial that a range before them in the same lot had kept from them', async () => {
    const ip = '10.4.0.9';
    expect(await statusOf(ip)).toBe(401);
    const [review] = await itemsOf<Review>('/v1/reviews');
    await service.api(`/v1/reviews/${review?.id ?? ''}/deny`, { body: { addDenyRange: true } });
    const [kept] = await itemsOf<Range>('/v1/ranges');
    const office = add('10.4.0.0/24');
    const results = await send([
      op('range.remove', { rangeId: kept?.id }),
      office,
      ...Array.from({ length: MANY }, (_, n) => add(`10.5.${n}.0/24`)),
    ]);
    expect(results.every(({ status }) => status === 'applied')).toBe(true);
    expect(await statusOf(ip)).toBe(200);
    // The denial does not stand any more: without the range the address is unknown anew.
    await send([op('range.remove', { rangeId: office.rangeId })]);
    expect(await statusOf(ip)).toBe(401);
    const pending = (await itemsOf<Review>('/v1/reviews')).filter(({ status }) => status === 'pending');
    expect(pending.map(({ ip: asked }) => asked)).toEqual([ip]);
  });
});

describe('operations of one request', () => {
  const HOSTS = Array.from({ length: 6 }, (_, n) => `10.9.${n >> 1}.${n}`);
  const RANGES = ['10.9.0.0/16', '10.9.0.0/24', '10.9.1.0/24', ...HOSTS.map((ip) => `${ip}/32`)];

  /** An operation that names its review by the address, because ids differ between two services. */
  const anyOperation = fc.oneof(
    fc.record({
      type: fc.constant('range.add'),
      cidr: fc.constantFrom(...RANGES),
      effect: fc.constantFrom('authorize', 'deny'),
    }),
    fc.record({ type: fc.constant('range.remove'), cidr: fc.constantFrom(...RANGES) }),
    fc.record({
      type: fc.constant('review.authorize'),
      ip: fc.constantFrom(...HOSTS),
      scope: fc.constantFrom('address', 'subnet'),
    }),
    fc.record({
      type: fc.constant('review.deny'),
      ip: fc.constantFrom(...HOSTS),
      addDenyRange: fc.boolean(),
    }),
    fc.record({ type: fc.constant('review.reopen'), ip: fc.constantFrom(...HOSTS) }),
  );
  type AnyOperation = typeof anyOperation extends fc.Arbitrary<infer T> ? T : never;

  /** A service in which each host waits for an answer. */
  const startWorld = async () => {
    const service = await startTestService();
    const { secret } = await service.createKey();
    for (const ip of HOSTS) await service.check(secret, ip);
    const itemsOf = async <T>(path: string): Promise<T[]> =>
      ((await service.api(`${path}?limit=1000`)).json as { items: T[] }).items;
    const reviews = await itemsOf<Review>('/v1/reviews');
    // Ranges have their ids from their author, so that later operations can name them.
    const rangeIds = new Map<string, string>();
    const written = (operation: AnyOperation): object => {
      if (operation.type === 'range.add') {
        const { rangeId, ...rest } = add(operation.cidr, operation.effect);
        rangeIds.set(operation.cidr, rangeId);
        return { ...rest, rangeId };
      }
      if (operation.type === 'range.remove') {
        return op(operation.type, { rangeId: rangeIds.get(operation.cidr) ?? ulid() });
      }
      const { type, ip, ...answer } = operation;
      return op(type, { ...answer, reviewId: reviews.find((review) => review.ip === ip)?.id });
    };
    return {
      service,
      send: async (operations: readonly AnyOperation[]) => {
        const body = { operations: operations.map(written) };
        const { json } = await service.api('/v1/operations', { body });
        return (json as { results: OperationResult[] }).results.map(({ status, code }) => ({ status, code }));
      },
      state: async () => ({
        ranges: (await itemsOf<Range>('/v1/ranges'))
          .map((range) => `${range.cidr} ${range.effect} ${range.source}`)
          .sort(),
        reviews: (await itemsOf<Review>('/v1/reviews'))
          .map((review) => `${review.ip} ${review.status} ${review.version}`)
          .sort(),
        verdicts: await Promise.all(HOSTS.map(async (ip) => (await service.check(secret, ip)).status)),
      }),
    };
  };

  it('end as if each had been sent alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyOperation, { minLength: 2, maxLength: 25 }), async (operations) => {
        const [together, apart] = [await startWorld(), await startWorld()];
        try {
          const results = await together.send(operations);
          const expected = [];
          for (const operation of operations) expected.push(...(await apart.send([operation])));
          expect(results).toEqual(expected);
          expect(await together.state()).toEqual(await apart.state());
        } finally {
          await together.service.stop();
          await apart.service.stop();
        }
      }),
      { numRuns: 15 },
    );
  });
});
