import { beforeEach, describe, expect, it } from 'vitest';
import { answerMany, stopMany } from '#electron/core/use-cases/answer-many';
import { authorizeReview } from '#electron/core/use-cases/authorize-review';
import { denyReview } from '#electron/core/use-cases/deny-review';
import { listOutbox } from '#electron/core/use-cases/list-outbox';
import { resolveOperation } from '#electron/core/use-cases/decide-operation';
import { undoAnswer } from '#electron/core/use-cases/undo-answer';
import type { AuditEvent, Range, Review } from '#shared/domain/entities';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { waitFor } from '#test/support/wait-for';

const world = useRemoteWorld();
const core = () => world.console.core;
const IP = '203.0.113.9';
const NEIGHBOUR = '203.0.113.10';

let secret: string;
beforeEach(async () => {
  ({ secret } = await world.service.createKey());
  await world.connectAndSync();
});

const shown = (id: string): Review | undefined => world.mirror().reviews.find((review) => review.id === id);
const blocked = async (ip: string): Promise<string | undefined> =>
  ((await world.service.check(secret, ip)).json as { review?: string } | undefined)?.review;
/** A blocked call from each address, and the reviews that they opened, as this console shows them. */
const ask = async (...ips: readonly string[]): Promise<Review[]> => {
  for (const ip of ips) await blocked(ip);
  return waitFor('the reviews', () => {
    const pending = world.mirror().reviews.filter(({ status }) => status === 'pending');
    const found = ips.flatMap((ip) => pending.find((review) => review.ip === ip) ?? []);
    return found.length === ips.length && found;
  });
};
const authorize = (reviewId: string, scope: 'address' | 'subnet' = 'address'): string =>
  value(authorizeReview(core(), { reviewId, scope, thisKeyOnly: false })).operationId;
const undo = (reviewId: string, operationId: string | null): string | null =>
  value(undoAnswer(core(), { reviewId, operationId })).operationId;
const ranges = async (): Promise<Range[]> =>
  ((await world.service.api('/v1/ranges')).json as { items: Range[] }).items;
const actions = async (): Promise<string[]> =>
  ((await world.service.api('/v1/audit')).json as { items: AuditEvent[] }).items
    .filter(({ operationId }) => operationId !== null)
    .map(({ action }) => action)
    .reverse();

describe('an answer that is taken back', () => {
  it('after it was enforced: the address is blocked again, and everything it settled is open', async () => {
    const [review, neighbour] = await ask(IP, NEIGHBOUR);
    if (review === undefined || neighbour === undefined) throw new Error('no reviews');
    const id = authorize(review.id, 'subnet');
    await world.console.settled(id);
    for (const ip of [IP, NEIGHBOUR]) expect((await world.service.check(secret, ip)).status).toBe(200);
    const reopenId = undo(review.id, id);
    // At once, without waiting for the service.
    expect([review.id, neighbour.id].map((each) => shown(each)?.status)).toEqual(['pending', 'pending']);
    expect(world.mirror().ranges).toEqual([]);
    expect(await world.console.settled(reopenId)).toMatchObject({
      outcome: 'applied',
      entity: { id: review.id, status: 'pending' },
    });
    expect([await blocked(IP), await blocked(NEIGHBOUR)]).toEqual([review.id, neighbour.id]);
    await world.console.drained();
    await waitFor('the calls to be counted', () => (shown(review.id)?.count ?? 0) > 1);
    expect([review.id, neighbour.id].map((each) => shown(each)?.status)).toEqual(['pending', 'pending']);
    expect([world.mirror().ranges, await ranges()]).toEqual([[], []]);
  });

  it('at the very moment in which it is sent comes behind it, and nothing of it stays', async () => {
    const [review] = await ask(IP);
    if (review === undefined) throw new Error('no review');
    for (let round = 0; round < 5; round += 1) {
      const id = authorize(review.id);
      // Let it go out, but not come back.
      await waitFor('the answer to be on its way', () => {
        const entry = core().replica.outbox?.get(id);
        return entry === undefined || entry.attempts > 0;
      });
      const reopenId = undo(review.id, id);
      expect(shown(review.id)).toMatchObject({ status: 'pending' });
      if (reopenId !== null)
        expect(await world.console.settled(reopenId)).toMatchObject({ outcome: 'applied' });
      await world.console.drained();
      expect([shown(review.id)?.status, world.mirror().ranges]).toEqual(['pending', []]);
    }
    expect(world.mirror().sync).toMatchObject({ waiting: 0, conflicts: 0 });
    expect(await ranges()).toEqual([]);
    expect(await blocked(IP)).toBe(review.id);
  });

  it('before it is sent never happened', async () => {
    const [review] = await ask(IP);
    if (review === undefined) throw new Error('no review');
    // Within one turn: nothing can have gone out in between.
    const id = authorize(review.id, 'subnet');
    expect(shown(review.id)).toMatchObject({ status: 'authorized' });
    expect(undo(review.id, id)).toBeNull();
    expect(shown(review.id)).toEqual(review);
    expect(await world.console.settled(id)).toMatchObject({ outcome: 'undone' });
    await world.console.drained();
    expect(await actions()).toEqual([]);
    expect(await blocked(IP)).toBe(review.id);
  });

  it('as a denial with a new secret for the key: the review is open, and the secret stays', async () => {
    const [review] = await ask(IP);
    if (review === undefined) throw new Error('no review');
    const denied = value(
      await denyReview(core(), { reviewId: review.id, addDenyRange: true, rotateKey: true }),
    );
    const newSecret = denied.kind === 'done' ? (denied.secret ?? '') : '';
    expect(await world.console.settled(undo(review.id, null))).toMatchObject({
      outcome: 'applied',
      entity: { status: 'pending' },
    });
    expect(await ranges()).toEqual([]);
    expect((await world.service.check(secret, IP)).json).toMatchObject({ reason: 'revoked_key' });
    expect((await world.service.check(newSecret, IP)).json).toMatchObject({ review: review.id });
  });

  it('is a conflict where its range was changed since, and mine can be kept', async () => {
    const [review] = await ask(IP);
    if (review === undefined) throw new Error('no review');
    await world.console.settled(authorize(review.id));
    await world.console.drained();
    const [range] = await ranges();
    await world.service.api(`/v1/ranges/${range?.id ?? ''}`, { method: 'PATCH', body: { label: 'Theirs' } });
    const id = undo(review.id, null);
    expect(await world.console.settled(id)).toMatchObject({
      outcome: 'undecided',
      kind: 'conflicted',
      code: 'stale',
      current: { id: range?.id, label: 'Theirs' },
    });
    expect(shown(review.id)).toMatchObject({ status: 'authorized' });
    expect(value(listOutbox(core()))).toMatchObject([{ id, mine: { status: 'pending' } }]);
    value(resolveOperation(core(), { id: id ?? '', resolution: { choice: 'keep_mine' } }));
    await world.console.drained();
    expect(await ranges()).toEqual([]);
    expect(shown(review.id)).toMatchObject({ status: 'pending' });
  });
});

describe('one answer for many', () => {
  it('is stopped in the middle: each review is denied and settled, or open and taken back', async () => {
    const asked = await ask(
      ...Array.from({ length: 450 }, (_, index) => `10.8.${index >> 8}.${index & 255}`),
    );
    const reviewIds = asked.map(({ id }) => id);
    const deny = { kind: 'deny', addDenyRange: false } as const;
    const { operationIds } = value(await answerMany(core(), { reviewIds, answer: deny }));
    expect(operationIds).toHaveLength(asked.length);
    await world.console.settled(operationIds[0] ?? null);
    const { reopenedIds } = value(stopMany(core(), { reviewIds, operationIds }));
    expect(reopenedIds.length).toBeGreaterThan(0);
    await world.console.drained();
    const outcomes = await Promise.all(operationIds.map((id) => world.console.settled(id)));
    const isReopened = new Set(reopenedIds);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(
      reviewIds.map((id) => (isReopened.has(id) ? 'undone' : 'applied')),
    );
    await world.console.synced();
    expect(reviewIds.map((id) => shown(id)?.status)).toEqual(
      reviewIds.map((id) => (isReopened.has(id) ? 'pending' : 'denied')),
    );
    const { items } = (await world.service.api('/v1/reviews?status=pending&limit=1000')).json as {
      items: Review[];
    };
    expect(new Set(items.map(({ id }) => id))).toEqual(isReopened);
  });

  it('is taken back as a whole after it was enforced, for more reviews than are kept otherwise', async () => {
    const asked = await ask(
      ...Array.from({ length: 560 }, (_, index) => `10.7.${index >> 8}.${index & 255}`),
    );
    const reviewIds = asked.map(({ id }) => id);
    const open = () => world.mirror().reviews.filter(({ status }) => status === 'pending').length;
    value(await answerMany(core(), { reviewIds, answer: { kind: 'deny', addDenyRange: false } }));
    expect(open()).toBe(0);
    await world.console.drained();
    const { refused } = value(await answerMany(core(), { reviewIds, answer: { kind: 'reopen' } }));
    expect(refused).toEqual([]);
    await world.console.drained();
    expect(open()).toBe(asked.length);
  });
});
