import { describe, expect, it } from 'vitest';
import type { Range } from '#shared/domain/entities';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { problem } from '#test/support/service/problem-answer';

describe('ranges', () => {
  const world = useControlPlane();

  it('are added in canonical form, by and at', async () => {
    expect(await world.addOne({ cidr: `198.51.${world.block}.77/24`, label: '  Office  ' })).toMatchObject({
      cidr: `198.51.${world.block}.0/24`,
      effect: 'authorize',
      label: 'Office',
      source: 'manual',
      keyId: null,
      createdBy: 'owner@example.com',
      expiresAt: null,
      version: 1,
      uses: 0,
      lastUsedAt: null,
    });
  });

  it('a dash makes several, with one label', async () => {
    const answer = await world.add({
      cidr: `198.51.${world.block}.1-198.51.${world.block}.6`,
      label: 'Pool',
    });
    expect((answer.json as { items: Range[] }).items.map(({ cidr, label }) => [cidr, label])).toEqual([
      [`198.51.${world.block}.1/32`, 'Pool'],
      [`198.51.${world.block}.2/31`, 'Pool'],
      [`198.51.${world.block}.4/31`, 'Pool'],
      [`198.51.${world.block}.6/32`, 'Pool'],
    ]);
  });

  it('come with notes: host bits, a wider range that says the same, denials', async () => {
    const block = `198.51.${world.block}`;
    const notesOf = async (body: object) =>
      ((await world.add(body)).json as { notes: { code: string; rangeId?: string }[] }).notes;
    expect(await notesOf({ cidr: `${block}.32/28` })).toEqual([]);
    expect(await notesOf({ cidr: `${block}.77/28` })).toMatchObject([{ code: 'host_bits_cleared' }]);
    const wide = await world.addOne({ cidr: `${block}.0/24` });
    expect(await notesOf({ cidr: `${block}.128/28` })).toMatchObject([{ code: 'covered', rangeId: wide.id }]);
    const denial = await world.addOne({ cidr: `${block}.192/27`, effect: 'deny' });
    expect(await notesOf({ cidr: `${block}.192/27` })).toMatchObject([
      { code: 'void_by_denial', rangeId: denial.id },
    ]);
    expect(await notesOf({ cidr: `${block}.200` })).toMatchObject([
      { code: 'opens_denial', rangeId: denial.id },
    ]);
  });

  it('that are there already are refused with what is there; deny and other keys are other ranges', async () => {
    const first = await world.addOne({ cidr: world.ip });
    const again = await world.add({ cidr: `${world.ip}/32` });
    expect(problem(again)).toMatchObject({ status: 409, code: 'duplicate', existing: { id: first.id } });
    expect((await world.add({ cidr: world.ip, effect: 'deny' })).status).toBe(201);
    expect((await world.add({ cidr: world.ip, keyId: world.keyId })).status).toBe(201);
  });

  it('may be wide when that is said', async () => {
    const wide = await world.addOne({ cidr: '100.0.0.0/7', allowWide: true });
    expect(wide.cidr).toBe('100.0.0.0/7');
    await world.service.api(`/v1/ranges/${wide.id}`, { method: 'DELETE' });
  });

  it('are changed with their version, and a stale one is refused with the current state', async () => {
    const range = await world.addOne({ cidr: world.ip });
    const path = `/v1/ranges/${range.id}`;
    const changed = await world.service.api(path, {
      method: 'PATCH',
      body: { label: 'VPN' },
      headers: { 'if-match': '"1"' },
    });
    expect(changed.json).toMatchObject({ label: 'VPN', version: 2 });
    const stale = await world.service.api(path, {
      method: 'PATCH',
      body: { label: 'Other' },
      headers: { 'if-match': '"1"' },
    });
    expect(problem(stale)).toMatchObject({
      status: 412,
      code: 'stale',
      current: { label: 'VPN', version: 2 },
    });
    expect(
      problem(await world.service.api(path, { method: 'DELETE', headers: { 'if-match': '"1"' } })).code,
    ).toBe('stale');
    expect(
      problem(
        await world.service.api(path, {
          method: 'PATCH',
          body: { label: 'X' },
          headers: { 'if-match': 'x' },
        }),
      ),
    ).toMatchObject({ code: 'invalid_request', field: 'if-match' });
    expect(problem(await world.service.api(path, { method: 'PATCH', body: {} }))).toMatchObject({
      code: 'invalid_request',
    });
    const removed = await world.service.api(path, { method: 'DELETE', headers: { 'if-match': '"2"' } });
    expect([removed.status, removed.text]).toEqual([204, '']);
  });

  it('changed to deny keep their addresses out at once', async () => {
    const range = await world.addOne({ cidr: world.ip });
    expect((await world.service.check(world.secret, world.ip)).status).toBe(200);
    await world.service.api(`/v1/ranges/${range.id}`, { method: 'PATCH', body: { effect: 'deny' } });
    expect((await world.service.check(world.secret, world.ip)).headers['x-gatehouse-reason']).toBe('denied');
  });

  it('are listed by effect, text and key, page by page', async () => {
    const labels = ['list-a', 'list-b', 'list-c'];
    for (const [index, label] of labels.entries()) await world.add({ cidr: `192.0.2.${index}`, label });
    await world.add({ cidr: '192.0.2.99', label: 'list-deny', effect: 'deny' });
    const first = (await world.service.api('/v1/ranges?q=LIST-&effect=authorize&limit=2')).json as {
      items: Range[];
      nextCursor: string;
    };
    expect(first.items.map(({ label }) => label)).toEqual(['list-a', 'list-b']);
    const second = (
      await world.service.api(`/v1/ranges?q=list-&effect=authorize&limit=2&cursor=${first.nextCursor}`)
    ).json as { items: Range[] };
    expect(second).toMatchObject({ items: [{ label: 'list-c' }], nextCursor: null });
    expect((await world.service.api('/v1/ranges?q=100%25')).json).toEqual({ items: [], nextCursor: null });
  });
});
