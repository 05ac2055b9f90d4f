import { describe, expect, it } from 'vitest';
import type { AuditEvent, Range, Review } from '#shared/domain/entities';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { problem } from '#test/support/service/problem-answer';

describe('reviews', () => {
  const world = useControlPlane();

  it('are authorized for the address, and the next call is let in', async () => {
    const review = await world.pendingFor(world.ip);
    const answer = await world.service.api(`/v1/reviews/${review.id}/authorize`, {
      body: { scope: 'address' },
    });
    expect(answer.json).toMatchObject({
      review: { id: review.id, status: 'authorized', decidedBy: 'owner@example.com', version: 2 },
      range: {
        cidr: `${world.ip}/32`,
        source: 'approval',
        effect: 'authorize',
        keyId: null,
        expiresAt: null,
      },
    });
    expect((await world.service.check(world.secret, world.ip)).status).toBe(200);
  });

  it('are authorized for the subnet, for a time and for one key', async () => {
    const review = await world.pendingFor(world.ip);
    const before = Date.now();
    const answer = await world.service.api(`/v1/reviews/${review.id}/authorize`, {
      body: { scope: 'subnet', durationSeconds: 3600, thisKeyOnly: true },
    });
    const { range } = answer.json as { range: Range };
    expect(range).toMatchObject({ cidr: review.suggestedCidr, keyId: world.keyId });
    expect(Date.parse(range.expiresAt ?? '') - before).toBeGreaterThanOrEqual(3_600_000);
    expect(Date.parse(range.expiresAt ?? '') - before).toBeLessThan(3_660_000);
  });

  it('keep the note of an answer: the label of its range, the reason of a denial, until it is taken back', async () => {
    const call = { 'user-agent': 'agent/1', 'x-original-method': 'POST', 'x-original-uri': '/v1/mails' };
    await world.service.check(world.secret, world.ip, call);
    const review = await world.pendingFor(world.ip);
    expect(review).toMatchObject({
      note: null,
      callers: [{ ip: world.ip, userAgent: 'agent/1', method: 'POST', path: '/v1/mails' }],
    });
    const path = `/v1/reviews/${review.id}`;
    expect(
      problem(await world.service.api(`${path}/authorize`, { body: { scope: 'address', note: 'a\u202eb' } })),
    ).toMatchObject({ code: 'invalid_request', field: 'note' });
    const tooLong = { scope: 'address', note: 'x'.repeat(201) };
    expect(problem(await world.service.api(`${path}/authorize`, { body: tooLong }))).toMatchObject({
      code: 'invalid_request',
      field: 'note',
    });
    const authorized = await world.service.api(`${path}/authorize`, {
      body: { scope: 'address', note: ' Build server ' },
    });
    expect(authorized.json).toMatchObject({
      review: { note: 'Build server' },
      range: { label: 'Build server' },
    });
    expect((await world.service.api(`${path}/reopen`, { method: 'POST' })).json).toMatchObject({
      review: { status: 'pending', note: null },
    });
    const denied = await world.service.api(`${path}/deny`, {
      body: { note: 'Not ours', addDenyRange: true },
    });
    expect(denied.json).toMatchObject({ review: { note: 'Not ours' }, range: { label: 'Not ours' } });
    const { items } = (await world.service.api('/v1/audit')).json as { items: AuditEvent[] };
    const trail = items
      .filter(({ target }) => target === review.id)
      .map(({ action, after }) => [action, after]);
    expect(trail).toMatchObject([
      ['review.denied', { note: 'Not ours' }],
      ['review.reopened', { note: null }],
      ['review.authorized', { note: 'Build server' }],
    ]);
  });

  it("are authorized for a range of one's own, which has to contain the address", async () => {
    const review = await world.pendingFor(world.ip);
    const path = `/v1/reviews/${review.id}/authorize`;
    expect(
      problem(await world.service.api(path, { body: { scope: { cidr: '192.0.2.0/24' } } })),
    ).toMatchObject({
      code: 'invalid_cidr',
      field: 'scope.cidr',
    });
    expect(problem(await world.service.api(path, { body: { scope: { cidr: 'all' } } }))).toMatchObject({
      code: 'invalid_cidr',
      field: 'scope.cidr',
    });
    expect(problem(await world.service.api(path, { body: { scope: { cidr: '198/7' } } }))).toMatchObject({
      code: 'too_wide',
      field: 'scope.cidr',
    });
    expect(problem(await world.service.api(path, { body: { scope: 'world' } }))).toMatchObject({
      code: 'invalid_request',
      field: 'scope',
    });
    const answer = await world.service.api(path, { body: { scope: { cidr: `198.51.${world.block}.0/28` } } });
    expect(answer.json).toMatchObject({ range: { cidr: `198.51.${world.block}.0/28` } });
  });

  it('that another answer covers are superseded; other keys keep theirs when it is for one key', async () => {
    const neighbour = `198.51.${world.block}.8`;
    const review = await world.pendingFor(world.ip);
    const covered = await world.pendingFor(neighbour);
    const other = await world.service.createKey('Other');
    await world.service.check(other.secret, neighbour);
    await world.service.api(`/v1/reviews/${review.id}/authorize`, {
      body: { scope: 'subnet', thisKeyOnly: true },
    });
    expect(await world.reviewById(covered.id)).toMatchObject({
      status: 'superseded',
      decidedBy: 'owner@example.com',
    });
    const { items } = (await world.service.api('/v1/reviews?status=pending')).json as { items: Review[] };
    expect(items.filter((each) => each.ip === neighbour)).toMatchObject([{ keyId: other.key.id }]);
  });

  it('stay open where a longer deny range still keeps the address out', async () => {
    const review = await world.pendingFor(world.ip);
    await world.add({
      cidr: `198.51.${world.block}.0/25`,
      effect: 'deny',
      keyId: (await world.service.createKey('Third')).key.id,
    });
    expect(await world.reviewById(review.id)).toMatchObject({ status: 'pending' });
    await world.add({ cidr: `198.51.${world.block}.0/25`, effect: 'deny' });
    expect(await world.reviewById(review.id)).toMatchObject({ status: 'superseded' });
  });

  it('can be answered once', async () => {
    const review = await world.pendingFor(world.ip);
    await world.service.api(`/v1/reviews/${review.id}/deny`, { body: {} });
    const late = await world.service.api(`/v1/reviews/${review.id}/authorize`, {
      body: { scope: 'address' },
    });
    expect(problem(late)).toMatchObject({
      status: 409,
      code: 'already_decided',
      current: { id: review.id, status: 'denied' },
    });
    expect((await world.service.check(world.secret, world.ip)).status).toBe(401);
  });

  it('answered by two at once are answered by one', async () => {
    const review = await world.pendingFor(world.ip);
    const answers = await Promise.all([
      world.service.api(`/v1/reviews/${review.id}/authorize`, { body: { scope: 'address' } }),
      world.service.api(`/v1/reviews/${review.id}/deny`, { body: { addDenyRange: true } }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('denied with a deny range keep the address out without asking again', async () => {
    const review = await world.pendingFor(world.ip);
    const answer = await world.service.api(`/v1/reviews/${review.id}/deny`, { body: { addDenyRange: true } });
    expect(answer.json).toMatchObject({
      review: { status: 'denied' },
      range: { cidr: `${world.ip}/32`, effect: 'deny', source: 'denial' },
    });
    expect((await world.service.check(world.secret, world.ip)).headers['x-gatehouse-reason']).toBe('denied');
  });

  it('denied with an update of the key give its new secret once, and end the old one', async () => {
    const leaked = await world.service.createKey('Leaked');
    await world.service.check(leaked.secret, world.ip);
    const { items } = (await world.service.api('/v1/reviews?status=pending&limit=1000')).json as {
      items: Review[];
    };
    const review = items.find((each) => each.keyId === leaked.key.id);
    const answer = await world.service.api(`/v1/reviews/${review?.id ?? ''}/deny`, {
      body: { rotateKey: true },
    });
    const { secret: fresh, key } = answer.json as { secret: string; key: { prefix: string } };
    expect(fresh.startsWith(key.prefix)).toBe(true);
    expect((await world.service.check(leaked.secret, world.ip)).headers['x-gatehouse-reason']).toBe(
      'revoked_key',
    );
    expect((await world.service.check(fresh, world.ip)).headers['x-gatehouse-reason']).toBe('unknown');
    expect(JSON.stringify((await world.service.api('/v1/keys')).json)).not.toContain(fresh);
  });
});
