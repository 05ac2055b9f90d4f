import { ulid } from 'ulid';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OperationResult } from '#shared/api/routes-operations';
import type { Account, AuditEvent, Range } from '#shared/domain/entities';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { problem } from '#test/support/service/problem-answer';
import { startTestService } from '#test/support/service/test-service';

const world = useControlPlane();

const madeAt = new Date().toISOString();

/** An operation with an id of its own. */
const op = (type: string, fields: object = {}) => ({ id: ulid(), type, madeAt, ...fields });

const send = async (...operations: object[]): Promise<OperationResult[]> => {
  const answer = await world.service.api('/v1/operations', { body: { operations } });
  expect(answer.status, answer.text).toBe(200);
  return (answer.json as { results: OperationResult[] }).results;
};
const sendOne = async (operation: object): Promise<OperationResult> => {
  const [result] = await send(operation);
  if (result === undefined) throw new Error('no result');
  return result;
};
const ranges = async (): Promise<Range[]> =>
  ((await world.service.api('/v1/ranges?limit=1000')).json as { items: Range[] }).items;
const account = async (): Promise<Account> => (await world.service.api('/v1/account')).json as Account;
const newestAudit = async (): Promise<AuditEvent | undefined> =>
  ((await world.service.api('/v1/audit?limit=1')).json as { items: AuditEvent[] }).items[0];

describe('operations', () => {
  let cidr = '';
  beforeEach(() => {
    cidr = `198.51.${world.block}.0/24`;
  });

  it('are applied in order, and a later one may name the range that an earlier one made', async () => {
    const rangeId = ulid();
    const results = await send(
      op('range.add', { rangeId, cidr, label: 'Office' }),
      op('range.update', { rangeId, baseVersion: 1, changes: { label: 'Head office' } }),
      op('range.remove', { rangeId, baseVersion: 2 }),
      op('range.add', { cidr, effect: 'deny' }),
    );
    expect(results.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied', 'applied']);
    expect(results[1]?.entity).toMatchObject({ id: rangeId, label: 'Head office', version: 2 });
    expect((await ranges()).filter((range) => range.cidr === cidr)).toMatchObject([{ effect: 'deny' }]);
  });

  it('are in the audit trail with their id', async () => {
    const operation = op('range.add', { cidr });
    await send(operation);
    expect(await newestAudit()).toMatchObject({ action: 'range.add', operationId: operation.id });
  });

  it('give the same result again, without a second effect, also after a restart', async () => {
    const service = await startTestService();
    try {
      const operation = op('range.add', { cidr: '192.0.2.0/24' });
      const call = () => service.api('/v1/operations', { body: { operations: [operation] } });
      const first = (await call()).json as { results: OperationResult[] };
      const before = ((await service.api('/v1/account')).json as Account).revision;
      const rangeId = (first.results[0]?.entity as Range).id;
      await service.api(`/v1/ranges/${rangeId}`, { method: 'DELETE' });
      await service.restart();
      const again = (await call()).json as { results: OperationResult[] };
      expect(again.results).toEqual(first.results);
      expect(((await service.api('/v1/ranges')).json as { items: Range[] }).items).toEqual([]);
      expect(((await service.api('/v1/account')).json as Account).revision).toBe(before + 1);
    } finally {
      await service.stop();
    }
  });

  it('take effect once when the same one arrives many times at once', async () => {
    const before = (await account()).revision;
    const operation = op('range.add', { cidr });
    const results = (await Promise.all(Array.from({ length: 20 }, () => send(operation)))).flat();
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect((await account()).revision).toBe(before + 1);
  });

  it('do not answer for an id that was used for something else', async () => {
    const operation = op('range.add', { cidr });
    await send(operation);
    expect(await sendOne({ ...operation, cidr: '192.0.2.7' })).toMatchObject({
      status: 'rejected',
      code: 'id_reused',
    });
    // Other spelling, same meaning.
    const { id, ...rest } = operation;
    expect(await sendOne({ ...rest, label: '', id })).toMatchObject({ status: 'applied' });
  });

  it('that add what is there already are duplicates, and nothing changes', async () => {
    const existing = await world.addOne({ cidr });
    const before = (await account()).revision;
    expect(await sendOne(op('range.add', { cidr }))).toMatchObject({
      status: 'duplicate',
      entity: { id: existing.id },
    });
    expect((await account()).revision).toBe(before);
  });

  it('conflict with what somebody else changed, and show it', async () => {
    const range = await world.addOne({ cidr });
    await world.service.api(`/v1/ranges/${range.id}`, { method: 'PATCH', body: { label: 'Theirs' } });
    const update = op('range.update', { rangeId: range.id, baseVersion: 1, changes: { label: 'Mine' } });
    const remove = op('range.remove', { rangeId: range.id, baseVersion: 1 });
    for (const operation of [update, remove]) {
      expect(await sendOne(operation)).toMatchObject({
        status: 'conflict',
        code: 'stale',
        current: { id: range.id, label: 'Theirs', version: 2 },
      });
    }
    expect(await sendOne({ ...update, id: ulid(), baseVersion: 2 })).toMatchObject({ status: 'applied' });
  });

  it('conflict when the range is gone, unless they wanted it gone', async () => {
    const range = await world.addOne({ cidr });
    await world.service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
    expect(
      await sendOne(op('range.update', { rangeId: range.id, baseVersion: 1, changes: { label: 'x' } })),
    ).toMatchObject({ status: 'conflict', current: null, code: 'not_found' });
    expect(await sendOne(op('range.remove', { rangeId: range.id, baseVersion: 1 }))).toMatchObject({
      status: 'duplicate',
      entity: null,
    });
  });

  it('answer reviews, and conflict where somebody has answered already', async () => {
    const first = await world.pendingFor(world.ip);
    expect(
      await sendOne(op('review.authorize', { reviewId: first.id, scope: 'address', durationSeconds: 3600 })),
    ).toMatchObject({ status: 'applied', entity: { id: first.id, status: 'authorized' } });
    expect((await world.service.check(world.secret, world.ip)).status).toBe(200);
    expect(await sendOne(op('review.deny', { reviewId: first.id }))).toMatchObject({
      status: 'conflict',
      code: 'already_decided',
      current: { status: 'authorized' },
    });
    const other = `198.51.${world.block}.8`;
    const second = await world.pendingFor(other);
    expect(await sendOne(op('review.deny', { reviewId: second.id, addDenyRange: true }))).toMatchObject({
      status: 'applied',
      entity: { status: 'denied' },
    });
    expect((await world.service.check(world.secret, other)).headers['x-gatehouse-reason']).toBe('denied');
  });

  it('that give the very same answer are fulfilled, as long as its result holds; any other one conflicts', async () => {
    const review = await world.pendingFor(world.ip);
    const hour = { reviewId: review.id, scope: 'address', durationSeconds: 3600, thisKeyOnly: true };
    await sendOne(op('review.authorize', { ...hour, note: 'Office' }));
    const alike = { status: 'duplicate', entity: { id: review.id, status: 'authorized', version: 2 } };
    expect(await sendOne(op('review.authorize', hour))).toMatchObject(alike);
    expect(await sendOne(op('review.authorize', { ...hour, note: 'Office' }))).toMatchObject(alike);
    expect(
      await sendOne(op('review.authorize', { ...hour, scope: { cidr: `${world.ip}/32` } })),
    ).toMatchObject(alike);
    for (const other of [
      { durationSeconds: 7200 },
      { durationSeconds: undefined },
      { thisKeyOnly: false },
      { scope: 'subnet' },
      { note: 'Home' },
    ]) {
      expect(await sendOne(op('review.authorize', { ...hour, ...other }))).toMatchObject({
        status: 'conflict',
        code: 'already_decided',
      });
    }
    const [range] = (await ranges()).filter((each) => each.cidr === `${world.ip}/32`);
    await world.service.api(`/v1/ranges/${range?.id ?? ''}`, { method: 'DELETE' });
    expect(await sendOne(op('review.authorize', hour))).toMatchObject({ status: 'conflict' });

    const denied = await world.pendingFor(`198.51.${world.block}.8`);
    const denial = { reviewId: denied.id, addDenyRange: true };
    await sendOne(op('review.deny', denial));
    for (const again of [denial, { reviewId: denied.id }]) {
      expect(await sendOne(op('review.deny', again))).toMatchObject({ status: 'duplicate' });
    }
    expect(await sendOne(op('review.authorize', { reviewId: denied.id, scope: 'address' }))).toMatchObject({
      status: 'conflict',
      current: { status: 'denied' },
    });
  });

  it('set the mode', async () => {
    try {
      expect(await sendOne(op('mode.set', { mode: 'automatic' }))).toMatchObject({
        status: 'applied',
        entity: { mode: 'automatic', me: { role: 'owner' } },
      });
      expect((await account()).mode).toBe('automatic');
    } finally {
      await send(op('mode.set', { mode: 'manual' }));
    }
  });

  it('that come too late are not applied', async () => {
    const late = op('range.add', { cidr, expiresAt: new Date(Date.now() - 1).toISOString() });
    expect(await sendOne(late)).toMatchObject({ status: 'expired' });
    expect((await ranges()).filter((range) => range.cidr === cidr)).toEqual([]);
  });

  it('that cannot be read are rejected alone, each with its field', async () => {
    const results = await send(
      op('range.add', { cidr: '10.1' }),
      op('range.add', { cidr: '0.0.0.0/0' }),
      op('range.add', {}),
      op('range.burn', {}),
      op('range.add', { cidr: `198.51.${world.block}.1-198.51.${world.block}.2`, rangeId: ulid() }),
      op('review.authorize', { reviewId: ulid(), scope: 'address' }),
      op('range.add', { cidr }),
    );
    expect(results.map(({ status, code }) => `${status} ${code ?? ''}`.trim())).toEqual([
      'rejected invalid_cidr',
      'rejected too_wide',
      'rejected invalid_request',
      'rejected invalid_request',
      'rejected invalid_request',
      'rejected not_found',
      'applied',
    ]);
    expect(results[2]?.detail).toContain('cidr');
    expect(results[3]?.detail).toContain('type');
  });

  it('whose range id is taken are rejected, whoever it belongs to', async () => {
    const range = await world.addOne({ cidr });
    expect(await sendOne(op('range.add', { rangeId: range.id, cidr: '192.0.2.99' }))).toMatchObject({
      status: 'rejected',
      code: 'invalid_request',
    });
  });

  it('without a readable id are refused as a whole, before anything is applied', async () => {
    const before = (await account()).revision;
    const answer = await world.service.api('/v1/operations', {
      body: { operations: [op('range.add', { cidr }), { type: 'range.add', cidr }] },
    });
    expect(problem(answer)).toMatchObject({ code: 'invalid_request', field: 'operations.1.id' });
    expect((await account()).revision).toBe(before);
  });

  it('answer with a place in the feed that has all of it', async () => {
    const answer = await world.service.api('/v1/operations', {
      body: { operations: [op('range.add', { cidr })] },
    });
    const { cursor } = answer.json as { cursor: string };
    const nothing = await world.service.api(`/v1/changes?cursor=${cursor}`);
    expect(nothing.json).toMatchObject({ reset: false, changes: [] });
    await world.addOne({ cidr: `198.51.${world.block}.77` });
    const more = await world.service.api(`/v1/changes?cursor=${cursor}`);
    expect((more.json as { changes: { kind: string }[] }).changes.map(({ kind }) => kind)).toContain('range');
  });
});
