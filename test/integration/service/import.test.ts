import { monitorEventLoopDelay } from 'node:perf_hooks';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  MAX_IMPORT_BYTES,
  MAX_IMPORT_LINES,
  MAX_IMPORT_PAGE_LINES,
  MAX_IMPORT_RANGES,
} from '#shared/api/routes-import';
import type { Account, AuditEvent, Range } from '#shared/domain/entities';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { importText, short, type Imported } from '#test/support/service/import-text';
import { problem } from '#test/support/service/problem-answer';
import { waitFor } from '#test/support/wait-for';
import { startTestService, type Answer } from '#test/support/service/test-service';

describe('an import', () => {
  const world = useControlPlane();
  let net = '';
  beforeEach(() => {
    net = `198.51.${world.block}`;
  });

  const ranges = async (): Promise<Range[]> =>
    ((await world.service.api(`/v1/ranges?limit=1000&q=${net}.`)).json as { items: Range[] }).items;
  const audit = async (): Promise<AuditEvent[]> =>
    ((await world.service.api('/v1/audit?limit=1000')).json as { items: AuditEvent[] }).items;

  it('tried first is answered a page at a time', async () => {
    const text = Array.from({ length: 25 }, (_, n) => (n % 10 === 5 ? 'x' : `${net}.${n}`)).join('\n');
    const lines: number[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: Imported = await importText(world.service, text, {
        dryRun: true,
        limit: 10,
        ...(cursor !== null && { cursor }),
      });
      expect(page).toMatchObject({ added: 23, invalid: 2, omitted: 25 - page.results.length });
      lines.push(...page.results.map(({ line }) => line));
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== null);
    expect([pages, lines]).toEqual([3, Array.from({ length: 25 }, (_, n) => n + 1)]);
    const invalid = await importText(world.service, text, { dryRun: true, outcome: 'invalid' });
    expect(invalid.results.map(({ line }) => line)).toEqual([6, 16]);
    expect(await ranges()).toEqual([]);
  });

  it('is refused once when the text is no list', async () => {
    for (const text of ['[{"ip": "20.1.2.3"]', '<!DOCTYPE html>', '\uFFFD\uFFFD2\u00000\u0000.\u0000']) {
      const answer = await world.service.api('/v1/ranges/import', { body: { text } });
      expect(problem(answer)).toMatchObject({ status: 400, code: 'invalid_request', field: 'text' });
    }
  });

  it('sent again changes nothing', async () => {
    const text = `${net}.1,A\n${net}.2-${net}.5,B`;
    await importText(world.service, text);
    const before = (await world.service.api('/v1/account')).json as Account;
    expect(await importText(world.service, text)).toMatchObject({ added: 0, duplicate: 2 });
    expect(((await world.service.api('/v1/account')).json as Account).revision).toBe(before.revision);
  });

  it('tried first says the same and changes nothing', async () => {
    await world.addOne({ cidr: `${net}.0/28` });
    const text = [
      `${net}.3`,
      `${net}.64/26`,
      `${net}.65`,
      `${net}.64/26`,
      'office',
      `${net}.2-${net}.20`,
    ].join('\n');
    const [newest] = await audit();
    const tried = await importText(world.service, text, { dryRun: true });
    expect((await audit())[0]?.id).toBe(newest?.id);
    expect(await ranges()).toHaveLength(1);
    expect(tried.results.every(({ rangeIds, status }) => status === 'covered' || rangeIds.length === 0)).toBe(
      true,
    );
    const done = await importText(world.service, text);
    expect(short(tried)).toEqual(short(done));
    expect(tried).toMatchObject({ added: done.added, covered: done.covered, duplicate: done.duplicate });
  });

  it('has an event for each range and one for the whole, all of them in the feed', async () => {
    const { cursor } = (await world.service.api('/v1/changes')).json as { cursor: string };
    const imported = await importText(world.service, `${net}.1\n${net}.2\nx`);
    const [whole, second, first] = await audit();
    expect(whole).toMatchObject({
      action: 'ranges.import',
      actor: { name: 'owner@example.com' },
      before: null,
      after: { lines: 3, ranges: 2, added: 2, invalid: 1, duplicate: 0, covered: 0, complete: true },
    });
    expect([first?.target, second?.target]).toEqual(imported.results.flatMap(({ rangeIds }) => rangeIds));
    expect(first).toMatchObject({ action: 'range.add', before: null, after: { source: 'import' } });
    const { changes } = (await world.service.api(`/v1/changes?cursor=${cursor}`)).json as {
      changes: { kind: string; id: string }[];
    };
    const ids = changes.map(({ id }) => id);
    for (const event of [whole, second, first]) {
      expect(ids).toContain(event?.id);
    }
    expect(ids).toEqual(expect.arrayContaining([first?.target, second?.target]));
  });

  it('answers the reviews of its addresses', async () => {
    const inside = await world.pendingFor(`${net}.7`);
    const outside = await world.pendingFor(`${net}.200`);
    const denied = await world.pendingFor(`${net}.8`);
    await world.service.api(`/v1/reviews/${denied.id}/deny`, { body: {} });
    await importText(world.service, `${net}.0/28\n${net}.16/28`);
    expect(await world.reviewById(inside.id)).toMatchObject({
      status: 'superseded',
      decidedBy: 'owner@example.com',
    });
    expect(await world.reviewById(outside.id)).toMatchObject({ status: 'pending' });
    expect(await world.reviewById(denied.id)).toMatchObject({ status: 'denied' });
    expect((await world.service.check(world.secret, `${net}.8`)).status).toBe(200);
    const account = (await world.service.api('/v1/ranges?q=' + `${net}.0/28`)).json as { items: Range[] };
    await world.service.api(`/v1/ranges/${account.items[0]?.id ?? ''}`, { method: 'DELETE' });
    // The denial ended with the range that let the address in: the next call is a new review.
    expect((await world.pendingFor(`${net}.8`)).id).not.toBe(denied.id);
  });

  it.each<[string, unknown, string]>([
    ['no text', {}, 'text'],
    ['a text that is none', { text: 7 }, 'text'],
    ['both a text and a file', { text: '', data: '' }, 'text'],
    ['a file that is not in base64', { data: '*' }, 'data'],
    ['an unknown field', { text: '', ttl: 5 }, 'ttl'],
    ['an effect that is none', { text: '', effect: 'maybe' }, 'effect'],
    ['a key that is none', { text: '', keyId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }, 'keyId'],
    ['an expiry that is past', { text: '', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    ['a replacement of no list', { text: '', replace: true }, 'name'],
    ['an outcome that is none', { text: '', outcome: 'lost' }, 'outcome'],
    ['too long a page', { text: '', limit: MAX_IMPORT_PAGE_LINES + 1 }, 'limit'],
    ['a cursor that is none', { text: '', dryRun: true, cursor: 'x' }, 'cursor'],
    ['a cursor where there are no pages', { text: '', cursor: '5' }, 'cursor'],
  ])('is refused with %s', async (_what, body, field) => {
    const answer = await world.service.api('/v1/ranges/import', { body });
    expect(problem(answer)).toMatchObject({ status: 400, code: 'invalid_request', field });
  });

  it('is refused as a whole when it has too many lines or bytes', async () => {
    const importBody = (text: string): Promise<Answer> =>
      world.service.api('/v1/ranges/import', { body: { text } });
    expect(problem(await importBody(`${net}.1\n`.repeat(MAX_IMPORT_LINES + 1)))).toMatchObject({
      status: 422,
      code: 'limit_reached',
      field: 'text',
    });
    const large = problem(await importBody('#'.repeat(MAX_IMPORT_BYTES)));
    expect(large).toMatchObject({ status: 413, code: 'payload_too_large', field: 'body' });
    expect(large.detail).toContain(String(MAX_IMPORT_BYTES));
    expect(await ranges()).toEqual([]);
  });

  it('of a stranger is not even read', async () => {
    const answer = await world.service.api('/v1/ranges/import', {
      body: { text: '#'.repeat(MAX_IMPORT_BYTES) },
      headers: { authorization: 'Bearer no-token-of-this-service' },
    });
    expect(answer.status).toBe(401);
  });

  it('adds no more ranges than it may, and takes the other lines to their end', async () => {
    // All but the first and last of 2^80 addresses: a network of each length on either side.
    const perLine = 158;
    const full = Math.floor(MAX_IMPORT_RANGES / perLine);
    const lines = Array.from({ length: full + 2 }, (_, n) => {
      const prefix = `2001:db8:${n.toString(16)}:`;
      return `${prefix}:1-${prefix}ffff:ffff:ffff:ffff:fffe`;
    });
    const text = [...lines, '2001:db9::/64', 'x'].join('\n');
    const invalid = await importText(world.service, text, { dryRun: true, outcome: 'invalid' });
    expect(invalid.results.map(({ line, code }) => [line, code])).toEqual([
      [full + 1, 'limit_reached'],
      [full + 2, 'limit_reached'],
      [full + 4, 'invalid_cidr'],
    ]);
    expect(invalid).toMatchObject({ added: full + 1, invalid: 3 });
  });
});

describe('a large import', () => {
  const LINES = 10_000;

  it('lets calls be answered meanwhile, and is complete', async () => {
    const service = await startTestService();
    try {
      const { secret } = await service.createKey();
      await service.api('/v1/ranges', { body: { cidr: '192.0.2.0/24' } });
      const text = Array.from({ length: LINES }, (_, n) => `10.${n >> 8}.${n & 255}.7,Line ${n}`).join('\n');
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const progress = { done: false };
      const imported = importText(service, text).finally(() => {
        progress.done = true;
      });
      let known = 0;
      let fresh = 0;
      while (!progress.done) {
        if ((await service.check(secret, '192.0.2.9')).status === 200) known += 1;
        if ((await service.check(secret, `203.0.${fresh >> 8}.${fresh & 255}`)).status === 401) fresh += 1;
      }
      delay.disable();
      expect(await imported).toMatchObject({ added: LINES, invalid: 0 });
      console.log(
        `import of ${LINES} lines: ${known + fresh} calls answered meanwhile, ` +
          `longest event-loop delay ${Math.round(delay.max / 1e6)} ms`,
      );
      // One transaction for all would have let none through.
      expect(known).toBeGreaterThan(5);
      expect(fresh).toBeGreaterThan(5);
      await service.restart();
      expect((await service.check(secret, `10.${(LINES - 1) >> 8}.${(LINES - 1) & 255}.7`)).status).toBe(200);
      const last = (await service.api(`/v1/ranges?q=Line ${LINES - 1}`.replace(' ', '%20'))).json;
      expect(last).toMatchObject({ items: [{ label: `Line ${LINES - 1}` }] });
    } finally {
      await service.stop();
    }
  });

  it('answers what it did not simply add, when its lines are too many', async () => {
    const service = await startTestService();
    try {
      const text = Array.from({ length: MAX_IMPORT_PAGE_LINES + 1 }, (_, n) =>
        n % 500 === 7 ? 'x' : `10.0.${n >> 8}.${n & 255}`,
      ).join('\n');
      const imported = await importText(service, text);
      expect(imported).toMatchObject({ added: MAX_IMPORT_PAGE_LINES - 1, invalid: 2, nextCursor: null });
      expect(imported.results.map(({ line }) => line)).toEqual([8, 508]);
      expect(imported.omitted).toBe(MAX_IMPORT_PAGE_LINES - 1);
    } finally {
      await service.stop();
    }
  });

  it('ends where its caller goes away, and may be sent again', async () => {
    const service = await startTestService();
    try {
      const text = Array.from({ length: LINES }, (_, n) => `10.${n >> 8}.${n & 255}.7`).join('\n');
      const caller = new AbortController();
      const sent = service
        .api('/v1/ranges/import', { body: { text }, signal: caller.signal })
        .catch(() => 'gone');
      const { cursor } = (await service.api('/v1/changes')).json as { cursor: string };
      await service.api(`/v1/changes?cursor=${cursor}&wait=30`);
      caller.abort();
      expect(await sent).toBe('gone');
      const event = await waitFor('the end of the import', async () =>
        ((await service.api('/v1/audit?limit=1')).json as { items: AuditEvent[] }).items.find(
          ({ action }) => action === 'ranges.import',
        ),
      );
      const { ranges, complete } = event.after as { ranges: number; complete: boolean };
      expect(complete).toBe(false);
      expect(ranges).toBeGreaterThan(0);
      expect(ranges).toBeLessThan(LINES);
      expect(await importText(service, text)).toMatchObject({ added: LINES - ranges, duplicate: ranges });
    } finally {
      await service.stop();
    }
  });
});
