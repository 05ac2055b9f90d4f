import { ulid } from 'ulid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changesResponse, type Change } from '#shared/api/contract';
import type { OperationResult } from '#shared/api/routes-operations';
import type { Account, AuditEvent, Key, Range, Review } from '#shared/domain/entities';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { addPerson } from '#test/support/service/people';
import { problem } from '#test/support/service/problem-answer';
import { startTestService } from '#test/support/service/test-service';
import { startTrustingService, type TrustingService } from '#test/support/service/trusting-service';
import { waitFor } from '#test/support/wait-for';

const world = useControlPlane();

const answer = async (
  review: Review,
  how: 'authorize' | 'deny',
  body: object,
): Promise<{ review: Review; range?: Range; key?: Key; secret?: string }> => {
  const { status, json, text } = await world.service.api(`/v1/reviews/${review.id}/${how}`, { body });
  if (status !== 200) throw new Error(text);
  return json as { review: Review; range?: Range; key?: Key; secret?: string };
};
const reopen = (review: Pick<Review, 'id'>, headers: Readonly<Record<string, string>> = {}) =>
  world.service.api(`/v1/reviews/${review.id}/reopen`, { method: 'POST', headers });
const operation = (review: Review, fields: object = {}) => ({
  id: ulid(),
  type: 'review.reopen',
  madeAt: '2026-01-15T12:00:00Z',
  reviewId: review.id,
  baseVersion: review.version,
  ...fields,
});
const send = async (one: object): Promise<OperationResult | undefined> => {
  const { json } = await world.service.api('/v1/operations', { body: { operations: [one] } });
  return (json as { results: OperationResult[] }).results[0];
};
const ranges = async (): Promise<Range[]> =>
  ((await world.service.api('/v1/ranges?limit=1000')).json as { items: Range[] }).items;
const revision = async (): Promise<number> =>
  ((await world.service.api('/v1/account')).json as Account).revision;
const audit = async (): Promise<AuditEvent[]> =>
  ((await world.service.api('/v1/audit?limit=1000')).json as { items: AuditEvent[] }).items;
/** A call from the address: the review that it counts towards, if it is blocked over one. */
const callFrom = async (ip: string, secret = world.secret): Promise<string | undefined> =>
  ((await world.service.check(secret, ip)).json as { review?: string } | undefined)?.review;

const OPEN_AGAIN = { status: 'pending', decidedBy: null, decidedAt: null, rangeId: null };

describe('an answer that is taken back', () => {
  let neighbour = '';
  beforeEach(() => {
    neighbour = `198.51.${world.block}.8`;
  });

  it('lets nobody in any more: the next call is blocked, and counts towards the same review', async () => {
    const review = await world.pendingFor(world.ip);
    const { range } = await answer(review, 'authorize', { scope: 'subnet' });
    expect((await world.service.check(world.secret, neighbour)).status).toBe(200);
    const taken = await reopen(review, { 'if-match': '"2"' });
    expect([taken.status, taken.json]).toMatchObject([
      200,
      { review: { id: review.id, count: 1, version: 3, ...OPEN_AGAIN } },
    ]);
    expect(await ranges()).not.toContainEqual(expect.objectContaining({ id: range?.id }));
    const blocked = await world.service.check(world.secret, world.ip);
    expect([blocked.status, blocked.headers['x-gatehouse-reason']]).toEqual([401, 'unknown']);
    expect(await callFrom(world.ip)).toBe(review.id);
    await waitFor('both calls to be counted', async () => (await world.reviewById(review.id))?.count === 3);
    // It can be answered like any other.
    expect((await answer(review, 'authorize', { scope: 'address' })).review).toMatchObject({ version: 4 });
    expect((await world.service.check(world.secret, world.ip)).status).toBe(200);
  });

  it('is a denial as well: the review is open, and so is what a call adds to it', async () => {
    const review = await world.pendingFor(world.ip);
    const { cursor } = changesResponse.parse((await world.service.api('/v1/changes')).json);
    await answer(review, 'deny', { addDenyRange: true });
    expect((await world.service.check(world.secret, world.ip)).headers['x-gatehouse-reason']).toBe('denied');
    expect((await reopen(review)).json).toMatchObject({ review: OPEN_AGAIN });
    expect((await ranges()).filter(({ cidr }) => cidr === `${world.ip}/32`)).toEqual([]);
    expect(await callFrom(world.ip)).toBe(review.id);
    const { changes } = changesResponse.parse((await world.service.api(`/v1/changes?cursor=${cursor}`)).json);
    const told = (kind: Change['kind']) => changes.filter((change) => change.kind === kind);
    expect(told('review')).toMatchObject([{ id: review.id, value: { status: 'pending' } }]);
    expect(told('range')).toMatchObject([{ op: 'delete' }]);
  });

  it('leaves the new secret that a denial gave the key', async () => {
    const { secret: leaked, key } = await world.service.createKey('Leaked');
    await world.service.check(leaked, world.ip);
    const { items } = (await world.service.api('/v1/reviews?status=pending&limit=1000')).json as {
      items: Review[];
    };
    const review = items.find(({ keyId }) => keyId === key.id);
    if (review === undefined) throw new Error('no review');
    const { secret = '' } = await answer(review, 'deny', { rotateKey: true });
    expect((await reopen(review)).json).toMatchObject({ review: OPEN_AGAIN });
    expect((await world.service.check(leaked, world.ip)).headers['x-gatehouse-reason']).toBe('revoked_key');
    expect(await callFrom(world.ip, secret)).toBe(review.id);
  });

  it('is in the trail with what it took away, and is one change of policy', async () => {
    const review = await world.pendingFor(world.ip);
    const { review: answered, range } = await answer(review, 'authorize', { scope: 'address' });
    const before = await revision();
    const taken = operation(answered);
    expect(await send(taken)).toMatchObject({ status: 'applied', entity: { id: review.id, ...OPEN_AGAIN } });
    expect(await revision()).toBe(before + 1);
    const trail = (await audit()).filter(({ operationId }) => operationId === taken.id);
    expect(trail.map(({ action, target }) => [action, target])).toEqual([
      ['review.reopened', review.id],
      ['range.remove', range?.id],
    ]);
    expect(trail[0]).toMatchObject({
      actor: { name: 'owner@example.com' },
      before: { status: 'authorized', rangeId: range?.id },
      after: { status: 'pending' },
    });
  });

  it('is taken back once: the second time there is nothing to do', async () => {
    const { review } = await answer(await world.pendingFor(world.ip), 'deny', {});
    expect(await send(operation(review))).toMatchObject({ status: 'applied' });
    const before = await revision();
    expect(await send(operation(review))).toMatchObject({
      status: 'duplicate',
      entity: { id: review.id, status: 'pending', version: 3 },
    });
    expect([(await reopen(review)).status, await revision()]).toEqual([200, before]);
  });

  it('opens the reviews again that it superseded', async () => {
    const review = await world.pendingFor(world.ip);
    const covered = await world.pendingFor(neighbour);
    const { review: answered } = await answer(review, 'authorize', { scope: 'subnet' });
    expect(await world.reviewById(covered.id)).toMatchObject({ status: 'superseded' });
    await send(operation(answered));
    expect(await world.reviewById(covered.id)).toMatchObject({ ...OPEN_AGAIN, version: 3 });
    expect(await callFrom(neighbour)).toBe(covered.id);
  });

  it('does not open what something else settled, or what was asked anew', async () => {
    const review = await world.pendingFor(world.ip);
    const asked = await world.pendingFor(neighbour);
    const kept = await world.pendingFor(`198.51.${world.block}.200`);
    const { review: answered, range } = await answer(review, 'authorize', { scope: 'subnet' });
    await world.service.api(`/v1/ranges/${range?.id ?? ''}`, { method: 'DELETE' });
    const anew = await world.pendingFor(neighbour);
    expect(anew.id).not.toBe(asked.id);
    const guests = await world.addOne({ cidr: `198.51.${world.block}.192/26` });
    expect(await send(operation(answered))).toMatchObject({
      status: 'applied',
      entity: { status: 'pending' },
    });
    expect(await world.reviewById(asked.id)).toMatchObject({ status: 'superseded' });
    expect(await world.reviewById(kept.id)).toMatchObject({ status: 'superseded' });
    expect(await callFrom(neighbour)).toBe(anew.id);
    // Nor has a later answer to the same review anything to do with them.
    await world.service.api(`/v1/ranges/${guests.id}`, { method: 'DELETE' });
    await send(operation((await answer(review, 'deny', {})).review));
    expect(await world.reviewById(kept.id)).toMatchObject({ status: 'superseded' });
  });

  it('lets the denials hold again that it ended', async () => {
    const denied = await world.pendingFor(neighbour);
    await answer(denied, 'deny', {});
    const asked = await world.pendingFor(world.ip);
    const { review: answered } = await answer(asked, 'authorize', { scope: 'subnet' });
    expect((await world.service.check(world.secret, neighbour)).status).toBe(200);
    await send(operation(answered));
    expect(await callFrom(neighbour)).toBe(denied.id);
    const counted = await waitFor('the count', async () => {
      const review = await world.reviewById(denied.id);
      return (review?.count ?? 0) > 1 && review;
    });
    expect(counted).toMatchObject({ status: 'denied', version: 2 });
  });

  it('leaves a range alone that somebody has changed since, and says so', async () => {
    const review = await world.pendingFor(world.ip);
    const { review: answered, range } = await answer(review, 'authorize', { scope: 'address' });
    await world.service.api(`/v1/ranges/${range?.id ?? ''}`, {
      method: 'PATCH',
      body: { label: 'Ours now' },
    });
    const before = await revision();
    expect(await send(operation(answered))).toMatchObject({
      status: 'conflict',
      code: 'stale',
      current: { id: range?.id, label: 'Ours now' },
    });
    expect(problem(await reopen(review))).toMatchObject({ status: 412, code: 'stale' });
    expect(await revision()).toBe(before);
    expect(await world.reviewById(review.id)).toMatchObject({ status: 'authorized' });
    expect((await world.service.check(world.secret, world.ip)).status).toBe(200);
  });

  it('needs no range that is gone already', async () => {
    const { review, range } = await answer(await world.pendingFor(world.ip), 'authorize', {
      scope: 'address',
    });
    await world.service.api(`/v1/ranges/${range?.id ?? ''}`, { method: 'DELETE' });
    expect(await send(operation(review))).toMatchObject({ status: 'applied', entity: OPEN_AGAIN });
    expect(await callFrom(world.ip)).toBe(review.id);
  });

  it('is superseded by what else lets the address in meanwhile', async () => {
    const { review } = await answer(await world.pendingFor(world.ip), 'authorize', { scope: 'address' });
    const office = await world.addOne({ cidr: `198.51.${world.block}.0/24` });
    expect(await send(operation(review))).toMatchObject({
      status: 'applied',
      entity: { status: 'superseded', rangeId: office.id },
    });
    expect((await ranges()).map(({ cidr }) => cidr)).not.toContain(`${world.ip}/32`);
    expect((await world.service.check(world.secret, world.ip)).status).toBe(200);
    // The answer of a range is not one that could be taken back.
    expect(problem(await reopen(review))).toMatchObject({
      status: 409,
      code: 'already_decided',
      current: { status: 'superseded' },
    });
  });

  it('gives way to the same review asked anew: open, or denied', async () => {
    const { review, range } = await answer(await world.pendingFor(world.ip), 'authorize', {
      scope: 'address',
    });
    await world.service.api(`/v1/ranges/${range?.id ?? ''}`, { method: 'DELETE' });
    const anew = await world.pendingFor(world.ip);
    expect(await send(operation(review))).toMatchObject({ status: 'duplicate', entity: { id: anew.id } });
    expect((await reopen(review)).json).toMatchObject({ review: { id: anew.id, status: 'pending' } });
    await answer(anew, 'deny', {});
    expect(await send(operation(review))).toMatchObject({
      status: 'conflict',
      code: 'already_decided',
      current: { id: anew.id, status: 'denied' },
    });
    expect(await world.reviewById(review.id)).toMatchObject({ status: 'authorized' });
  });

  it('is not taken back once somebody has answered anew', async () => {
    const { review } = await answer(await world.pendingFor(world.ip), 'deny', {});
    await reopen(review);
    await answer(review, 'authorize', { scope: 'address' });
    expect(await send(operation(review))).toMatchObject({
      status: 'conflict',
      code: 'stale',
      current: { status: 'authorized', version: 4 },
    });
    expect(problem(await reopen(review, { 'if-match': '"2"' }))).toMatchObject({
      status: 412,
      code: 'stale',
      current: { version: 4 },
    });
  });

  it('needs the permission for it, and a review that is there', async () => {
    const { review } = await answer(await world.pendingFor(world.ip), 'deny', {});
    const reader = await addPerson(world.service, { permissions: ['api_keys'] });
    const path = `/v1/reviews/${review.id}/reopen`;
    expect(problem(await reader.api(path, { method: 'POST' }))).toMatchObject({
      status: 403,
      required: 'authorized_ips',
    });
    const refused = await reader.api('/v1/operations', { body: { operations: [operation(review)] } });
    expect(refused.json).toMatchObject({ results: [{ status: 'rejected', code: 'forbidden' }] });
    const may = await addPerson(world.service, { permissions: ['authorized_ips'] });
    expect((await may.api(path, { method: 'POST' })).status).toBe(200);
    expect(problem(await reopen({ id: ulid() }))).toMatchObject({ status: 404 });
    expect(await send(operation(review, { reviewId: ulid() }))).toMatchObject({
      status: 'rejected',
      code: 'not_found',
    });
  });
});

describe('an answer that is taken back, through a restart', () => {
  it('stays so, and the same operation has no second effect', async () => {
    const service = await startTestService();
    try {
      const { secret } = await service.createKey();
      await service.check(secret, '203.0.113.7');
      await service.check(secret, '203.0.113.8');
      const { items } = (await service.api('/v1/reviews')).json as { items: Review[] };
      const review = items.find(({ ip }) => ip === '203.0.113.7');
      if (review === undefined) throw new Error('no review');
      await service.api(`/v1/reviews/${review.id}/authorize`, { body: { scope: 'subnet' } });
      const taken = operation({ ...review, version: 2 });
      const call = () => service.api('/v1/operations', { body: { operations: [taken] } });
      const first = (await call()).json as { results: OperationResult[] };
      await service.restart();
      for (const ip of ['203.0.113.7', '203.0.113.8']) {
        const blocked = (await service.check(secret, ip)).json as { review: string };
        expect(blocked.review).toBe(items.find((each) => each.ip === ip)?.id);
      }
      await service.api(`/v1/reviews/${review.id}/authorize`, { body: { scope: 'subnet' } });
      expect(((await call()).json as { results: OperationResult[] }).results).toEqual(first.results);
      expect((await service.check(secret, '203.0.113.7')).status).toBe(200);
    } finally {
      await service.stop();
    }
  });
});

describe('what an approval vouched for', () => {
  let trusting: TrustingService;
  beforeAll(async () => {
    trusting = await startTrustingService();
  });
  afterAll(() => trusting.stop());

  it('speaks no more once it is taken back', async () => {
    const { service, stranger, check, keyId, agent } = trusting;
    await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'automatic' } });
    const evidenceAbout = async (ip: string): Promise<string[]> => {
      const query = `ip=${ip}&keyId=${keyId}&userAgent=${encodeURIComponent(agent)}`;
      const { trust } = (await service.api(`/v1/explain?${query}`)).json as {
        trust: { evidence: { signal: string; detail: string }[] };
      };
      return trust.evidence.map(({ signal }) => signal);
    };
    // In the stranger's network, but in no range around it.
    const alike = stranger.replace(/\.1\.2$/, '.77.9');
    expect((await check(stranger)).status).toBe(401);
    const before = await evidenceAbout(alike);
    const { items } = (await service.api('/v1/reviews?status=pending')).json as { items: Review[] };
    const review = items.find(({ ip }) => ip === stranger);
    const path = `/v1/reviews/${review?.id ?? ''}`;
    await service.api(`${path}/authorize`, { body: { scope: 'address' } });
    await check(stranger);
    expect(await evidenceAbout(alike)).toEqual(expect.arrayContaining(['same-network', 'adjacent-prefix']));
    await service.api(`${path}/reopen`, { method: 'POST' });
    expect(await evidenceAbout(alike)).toEqual(before);
  });
});
