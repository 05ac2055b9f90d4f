import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changesResponse, type ChangesResponse } from '#shared/api/contract';
import { startTestService, type TestService } from '#test/support/service/test-service';

describe('the change feed', () => {
  let service: TestService;
  beforeEach(async () => {
    service = await startTestService();
  });
  afterEach(() => service.stop());

  const changes = async (query: string, signal?: AbortSignal): Promise<ChangesResponse> =>
    changesResponse.parse((await service.api(`/v1/changes${query}`, signal && { signal })).json);
  const add = (cidr: string) => service.api('/v1/ranges', { body: { cidr } });

  it('starts with a snapshot and goes on with what changed', async () => {
    const { key } = await service.createKey();
    const first = await changes('');
    expect(first).toMatchObject({ reset: true, more: false });
    // The mode that the test's service was set to, and the key.
    expect(first.changes.map(({ kind }) => kind).sort()).toEqual(['account', 'audit', 'audit', 'key']);
    await add('203.0.113.0/24');
    const second = await changes(`?cursor=${first.cursor}`);
    expect(second.reset).toBe(false);
    expect(second.changes.map(({ kind }) => kind).sort()).toEqual(['account', 'audit', 'range']);
    expect((await changes(`?cursor=${second.cursor}`)).changes).toEqual([]);
    expect(first.changes.find((change) => change.kind === 'key')?.value).toMatchObject({ id: key.id });
  });

  it('tells a removal', async () => {
    await add('203.0.113.0/24');
    const { cursor, changes: before } = await changes('');
    const id = before.find((change) => change.kind === 'range')?.id ?? '';
    await service.api(`/v1/ranges/${id}`, { method: 'DELETE' });
    expect((await changes(`?cursor=${cursor}`)).changes).toContainEqual({
      kind: 'range',
      op: 'delete',
      id,
      value: null,
    });
  });

  it('with wait answers as soon as something changes, within a few milliseconds', async () => {
    const { cursor } = await changes('');
    const waiting = changes(`?cursor=${cursor}&wait=20`);
    // The wait must have begun, or the answer would come without it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const changedAt = Date.now();
    await add('203.0.113.0/24');
    const answer = await waiting;
    expect(answer.changes.length).toBeGreaterThan(0);
    expect(Date.now() - changedAt).toBeLessThan(2_000);
  });

  it('with wait answers empty when nothing changes', async () => {
    const { cursor } = await changes('');
    const startedAt = Date.now();
    expect((await changes(`?cursor=${cursor}&wait=1`)).changes).toEqual([]);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(900);
  });

  it('lets those who wait go when the service stops', async () => {
    const { cursor } = await changes('');
    const waiting = service.api(`/v1/changes?cursor=${cursor}&wait=30`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const startedAt = Date.now();
    await service.restart();
    await waiting.catch(() => undefined);
    expect(Date.now() - startedAt).toBeLessThan(2_500);
  });

  it('gives everything exactly once over many pages, while more is being written', async () => {
    for (let octet = 0; octet < 250; octet += 5) {
      await Promise.all([0, 1, 2, 3, 4].map((step) => add(`203.0.113.${octet + step}`)));
    }
    const seen = new Map<string, number>();
    let cursor = '';
    let writes = 0;
    for (;;) {
      const page = await changes(cursor === '' ? '' : `?cursor=${cursor}`);
      for (const { kind, id } of page.changes) if (kind === 'range') seen.set(id, (seen.get(id) ?? 0) + 1);
      cursor = page.cursor;
      if (!page.more && writes >= 3) break;
      await add(`198.51.100.${writes++}`);
    }
    expect(seen.size).toBe(250 + writes);
    expect([...seen.values()].every((times) => times === 1)).toBe(true);
  });

  it('resets a cursor of another database', async () => {
    const other = await startTestService();
    try {
      const { cursor } = changesResponse.parse((await other.api('/v1/changes')).json);
      await add('203.0.113.0/24');
      const answer = await changes(`?cursor=${cursor}`);
      expect(answer.reset).toBe(true);
      expect(answer.changes.map(({ kind }) => kind)).toContain('range');
    } finally {
      await other.stop();
    }
  });

  it('keeps a cursor over a restart', async () => {
    const { cursor } = await changes('');
    await service.restart();
    await add('203.0.113.0/24');
    const answer = await changes(`?cursor=${cursor}`);
    expect(answer.reset).toBe(false);
    expect(answer.changes.map(({ kind }) => kind)).toContain('range');
  });
});
