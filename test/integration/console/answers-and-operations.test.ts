import { beforeEach, describe, expect, it } from 'vitest';
import { addRange } from '#electron/core/use-cases/add-range';
import { authorizeReview } from '#electron/core/use-cases/authorize-review';
import { createKey } from '#electron/core/use-cases/create-key';
import { denyReview } from '#electron/core/use-cases/deny-review';
import { revokeKey } from '#electron/core/use-cases/revoke-key';
import { rotateKey } from '#electron/core/use-cases/rotate-key';
import { undoAnswer } from '#electron/core/use-cases/undo-answer';
import { setMode } from '#electron/core/use-cases/set-mode';
import type { Range } from '#shared/domain/entities';
import { waitFor } from '#test/support/wait-for';
import { removeRange } from '#test/support/console/remove-range';
import { useRemoteWorld, value } from '#test/support/console/remote-world';

const world = useRemoteWorld();

describe('a blocked call', () => {
  let secret: string;
  beforeEach(async () => {
    ({ secret } = await world.service.createKey());
    await world.connectAndSync();
  });

  it('becomes a notification within a second; a click and a decision let the next call in', async () => {
    const calledAt = Date.now();
    expect((await world.service.check(secret, '203.0.113.9')).status).toBe(401);
    const shown = await waitFor('the notification', () => world.console.presenter.shown[0]);
    expect(Date.now() - calledAt).toBeLessThan(1_000);
    expect(shown.title).toBe('Blocked: 203.0.113.9');

    world.console.presenter.click(shown.id);
    const review = await world.pendingReview();
    expect(world.console.windows.opened).toEqual([`approval ${review.id}`]);
    const { range, operationId } = value(
      authorizeReview(world.console.core, {
        reviewId: review.id,
        scope: 'address',
        thisKeyOnly: false,
      }),
    );
    // At once, without waiting for the service.
    expect(world.mirror().ranges).toEqual([range]);
    expect(world.mirror().reviews).toMatchObject([{ id: review.id, status: 'authorized' }]);
    expect(await world.console.settled(operationId)).toMatchObject({
      outcome: 'applied',
      entity: { id: review.id, status: 'authorized' },
    });
    expect((await world.service.check(secret, '203.0.113.9')).status).toBe(200);

    await waitFor('both calls in the log', () => world.console.core.replica.store?.attempts.count() === 2);
    const { version } = await waitFor('the use', () => world.mirror().ranges.find(({ uses }) => uses > 0));
    // By the id that stood in for the one that the service gave.
    const removed = await removeRange(world.console.core, { id: range.id, version });
    expect(world.mirror().ranges).toEqual([]);
    await world.console.settled(removed.operationId);
    expect((await world.service.check(secret, '203.0.113.9')).status).toBe(401);
  });

  it('is answered with a note, which is shown before the service has it as it is afterwards', async () => {
    await world.service.check(secret, '203.0.113.9');
    const { id } = await world.pendingReview();
    const request = { reviewId: id, scope: 'address', thisKeyOnly: false, note: 'Build server' } as const;
    const { review, range, operationId } = value(authorizeReview(world.console.core, request));
    expect(review).toMatchObject({ note: 'Build server' });
    expect(range).toMatchObject({ label: 'Build server' });
    await world.console.settled(operationId);
    await world.console.drained();
    expect(world.mirror()).toMatchObject({
      reviews: [{ note: 'Build server' }],
      ranges: [{ label: 'Build server' }],
    });
    value(undoAnswer(world.console.core, { reviewId: id, operationId }));
    expect(world.mirror().reviews).toMatchObject([{ status: 'pending', note: null }]);
    await world.console.drained();
    const denied = value(
      await denyReview(world.console.core, {
        reviewId: id,
        rotateKey: true,
        addDenyRange: false,
        note: 'Leaked',
      }),
    );
    expect(denied.review).toMatchObject({ status: 'denied', note: 'Leaked' });
  });

  it('that was denied can take the key’s secret away', async () => {
    await world.service.check(secret, '203.0.113.9');
    const { id } = await world.pendingReview();
    const denied = value(
      await denyReview(world.console.core, { reviewId: id, rotateKey: true, addDenyRange: true }),
    );
    const newSecret = denied.kind === 'done' ? denied.secret : null;
    expect(newSecret).toMatch(/^gk_/);
    expect(newSecret).not.toBe(secret);
    expect(world.mirror().ranges).toMatchObject([{ cidr: '203.0.113.9/32', effect: 'deny' }]);
    expect(world.console.log.text).not.toContain(newSecret);
  });

  it('that somebody else has answered is a conflict, and shown as it stands', async () => {
    await world.service.check(secret, '203.0.113.9');
    const { id } = await world.pendingReview();
    const answered = world.service.api(`/v1/reviews/${id}/deny`, { body: {} });
    const request = { reviewId: id, scope: 'address', thisKeyOnly: false } as const;
    await answered;
    await waitFor('the news', () => world.mirror().reviews[0]?.status === 'denied');
    expect(authorizeReview(world.console.core, request)).toMatchObject({
      ok: false,
      failure: { kind: 'conflict', code: 'already_decided', current: { id, status: 'denied' } },
    });
    await waitFor('the notification to go', () => world.console.presenter.open.size === 0);
  });
});

describe('edits', () => {
  const body = {
    effect: 'authorize',
    label: '',
    keyId: null,
    expiresAt: null,
    allowWide: false,
  } as const;
  beforeEach(async () => {
    await world.connectAndSync();
  });
  /** A range that this console added and the service has. */
  const addOne = async (): Promise<Range> => {
    const { ranges, operationIds } = value(addRange(world.console.core, { ...body, cidr: '192.0.2.1' }));
    const [range] = ranges;
    if (range === undefined) throw new Error('no range');
    await world.console.settled(operationIds[0] ?? null);
    return range;
  };

  it('of ranges show at once, and failures name the field', async () => {
    const { ranges, operationIds } = value(
      addRange(world.console.core, { ...body, cidr: '203.0.113.10-203.0.113.12' }),
    );
    expect(ranges.map(({ cidr }) => cidr)).toEqual(['203.0.113.10/31', '203.0.113.12/32']);
    expect(world.mirror().ranges).toEqual(ranges);
    for (const id of operationIds) {
      expect(await world.console.settled(id)).toMatchObject({ outcome: 'applied' });
    }
    expect(addRange(world.console.core, { ...body, cidr: '010.0.0.1' })).toMatchObject({
      failure: { kind: 'invalid', code: 'invalid_cidr', field: 'cidr' },
    });
    expect(addRange(world.console.core, { ...body, cidr: '0.0.0.0/0' })).toMatchObject({
      failure: { kind: 'invalid', code: 'too_wide', field: 'cidr' },
    });
    expect(addRange(world.console.core, { ...body, cidr: '203.0.113.12' })).toMatchObject({
      failure: { kind: 'conflict', code: 'duplicate', current: { cidr: '203.0.113.12/32' } },
    });
  });

  it('of a range that has changed meanwhile are a conflict with how it stands', async () => {
    const range = await addOne();
    await world.service.api(`/v1/ranges/${range.id}`, { method: 'PATCH', body: { label: 'Changed' } });
    await waitFor('the news', () => world.mirror().ranges[0]?.label === 'Changed');
    const { refused } = await removeRange(world.console.core, range);
    expect(refused).toMatchObject([{ id: range.id, message: expect.stringContaining('changed') as string }]);
    expect(world.mirror().ranges).toMatchObject([{ label: 'Changed' }]);
  });

  it('of a range that is gone already are done', async () => {
    const range = await addOne();
    await world.service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
    // Whether the news of that is here already or not.
    await removeRange(world.console.core, range);
    expect(world.mirror().ranges).toEqual([]);
    await world.console.drained();
    expect(world.mirror().ranges).toEqual([]);
  });

  it('of the mode show at once, and learning with its start', async () => {
    const off = value(setMode(world.console.core, { mode: 'deactivated' }));
    expect(world.mirror().account?.mode).toBe('deactivated');
    expect(await world.console.settled(off.operationId)).toMatchObject({ entity: { mode: 'deactivated' } });
    value(setMode(world.console.core, { mode: 'learning' }));
    expect(world.mirror().account).toMatchObject({ mode: 'learning', learning: { startedAt: null } });
    await world.console.drained();
    expect(world.mirror().account).toMatchObject({ mode: 'learning' });
  });

  it('of keys show at once, and their secrets stay out of the log', async () => {
    const made = value(await createKey(world.console.core, { name: 'Batch' }));
    expect(world.mirror().keys).toEqual([made.key]);
    const rotated = value(await rotateKey(world.console.core, { keyId: made.key.id, graceSeconds: 0 }));
    expect(rotated.secret).not.toBe(made.secret);
    value(await revokeKey(world.console.core, { keyId: made.key.id }));
    expect(world.mirror().keys).toMatchObject([{ id: made.key.id, status: 'revoked' }]);
    for (const secret of [made.secret, rotated.secret]) expect(world.console.log.text).not.toContain(secret);
  });
});
