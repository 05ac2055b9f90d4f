import { describe, expect, it } from 'vitest';
import type { Operation } from '#shared/api/routes-operations';
import type { Review } from '#shared/domain/entities';
import type { PolicyEntity } from '#shared/domain/outbox';
import type { OperationRequest } from '#shared/ipc/outbox';
import type { NewOperation } from '#electron/core/outbox/queued-operation';
import { resolveOperation } from '#electron/core/use-cases/decide-operation';
import { yieldToEventLoop } from '#test/support/console/yield-to-event-loop';
import { makeRange, makeReview, newId, upsert } from '#test/support/console/builders';
import { updating } from '#test/support/console/outbox-builders';
import { sentIn, useOutboxWorld } from '#test/support/console/outbox-world';

const world = useOutboxWorld();

type Resolution = Parameters<typeof resolveOperation>[1]['resolution'];

/** Sends an operation that the service answers with a conflict. Returns its id. */
async function conflicted(next: NewOperation, code: string, current: PolicyEntity | null): Promise<string> {
  const [id = null] = world.enqueue(next);
  const call = await world.next();
  call.answer({ results: [{ id, status: 'conflict', code, current }], cursor: 'c' });
  await yieldToEventLoop();
  return id ?? '';
}

const resolve = (id: string, resolution: Resolution) =>
  resolveOperation({ replica: world.replica, clock: world.clock, newId }, { id, resolution });
const instead = (id: string, request: OperationRequest) => resolve(id, { choice: 'replace', request });

describe('another operation in the place of one that came second', () => {
  const review = makeReview({ ip: '203.0.113.9' });
  const denied = { ...review, status: 'denied', decidedBy: 'anna@example.com', version: 2 } as const;

  const answered = async (theirs: Review = denied): Promise<string> => {
    world.feed(upsert('review', review));
    const authorizing = {
      operation: {
        id: newId(),
        type: 'review.authorize' as const,
        madeAt: '2026-01-15T12:00:00.000Z',
        reviewId: review.id,
        scope: 'address' as const,
        thisKeyOnly: false,
      },
      base: review,
    };
    return conflicted(authorizing, 'already_decided', theirs);
  };
  /** Keeps the answer, which lets the one address in, where their denial added this range. */
  const keptAgainst = async (cidr: string): Promise<readonly Operation[]> => {
    const theirs = makeRange({ cidr, effect: 'deny' });
    world.feed(upsert('range', theirs));
    const id = await answered({ ...denied, rangeId: theirs.id });
    expect(resolve(id, { choice: 'keep_mine' })).toMatchObject({ ok: true });
    return sentIn(await world.next());
  };

  it('takes away a denial that goes before it', async () => {
    expect(await keptAgainst('203.0.113.9/32')).toMatchObject([{ type: 'range.remove' }]);
    // One at a time: both are about the same network.
    const [queued] = world.outbox().all();
    expect(queued).toMatchObject({ operation: { type: 'range.remove' } });
  });

  it('leaves a wider denial to keep out everybody else', async () => {
    expect(await keptAgainst('203.0.113.0/24')).toMatchObject([
      { type: 'range.add', cidr: '203.0.113.9/32', effect: 'authorize' },
    ]);
  });

  it('adds to the list what another answer would have, because a review is answered once', async () => {
    const id = await answered();
    const request = {
      type: 'review.authorize',
      reviewId: review.id,
      scope: { cidr: '203.0.113.0/28' },
      durationSeconds: 3_600,
      thisKeyOnly: true,
    } as const;
    expect(instead(id, request)).toMatchObject({ ok: true });
    expect(sentIn(await world.next())).toMatchObject([
      {
        type: 'range.add',
        cidr: '203.0.113.0/28',
        effect: 'authorize',
        keyId: review.keyId,
        rangeExpiresAt: '2026-01-15T13:00:00.000Z',
      },
    ]);
  });

  it('may be a denial, which then keeps the address out', async () => {
    const id = await answered();
    expect(instead(id, { type: 'review.deny', reviewId: review.id, addDenyRange: false })).toMatchObject({
      ok: true,
    });
    expect(sentIn(await world.next())).toMatchObject([
      { type: 'range.add', cidr: '203.0.113.9/32', effect: 'deny' },
    ]);
  });

  it('is refused at its field when it would not let the address in, and the first one stays conflicted', async () => {
    const id = await answered();
    const request = {
      type: 'review.authorize',
      reviewId: review.id,
      scope: { cidr: '192.0.2.0/24' },
      thisKeyOnly: false,
    } as const;
    expect(instead(id, request)).toMatchObject({ failure: { kind: 'invalid', field: 'scope.cidr' } });
    expect(world.outbox().get(id)?.state).toMatchObject({ kind: 'conflicted' });
  });

  it('of a range starts from how the range stands now, and its errors name their fields', async () => {
    const office = makeRange({ label: 'Office' });
    world.feed(upsert('range', office));
    const theirs = { ...office, label: 'Theirs', version: 5 };
    const id = await conflicted(updating(office, { label: 'Mine' }), 'stale', theirs);
    world.feed(upsert('range', theirs));
    const past: OperationRequest = {
      type: 'range.update',
      rangeId: office.id,
      changes: { expiresAt: '2020-01-01T00:00:00.000Z' },
    };
    expect(instead(id, past)).toMatchObject({ failure: { kind: 'invalid', field: 'expiresAt' } });
    expect(
      instead(id, { type: 'range.update', rangeId: office.id, changes: { label: 'Ours' } }),
    ).toMatchObject({ ok: true });
    expect(sentIn(await world.next())).toMatchObject([
      { type: 'range.update', rangeId: office.id, baseVersion: 5, changes: { label: 'Ours' } },
    ]);
  });
});
