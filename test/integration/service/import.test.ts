import { monitorEventLoopDelay } from 'node:perf_hooks';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  MAX_IMPORT_BYTES,
  MAX_IMPORT_LINES,
  MAX_IMPORT_PAGE_LINES,
  MAX_IMPORT_PAGE_NETWORKS,
  MAX_IMPORT_RANGES,
} from '#shared/api/routes-policy';
import type { RouteInput, RouteResponse } from '#shared/api/route-types';
import type { Account, AuditEvent, Range } from '#shared/domain/entities';
import { manualClock } from '#test/support/manual-clock';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { problem } from '#test/support/service/problem-answer';
import { waitFor } from '#test/support/wait-for';
import { startTestService, type Answer, type TestService } from '#test/support/service/test-service';

type Imported = RouteResponse<'importRanges'>;

type Request = Omit<RouteInput<'importRanges'>['body'], 'text'>;

const importText = async (service: TestService, text: string, request: Request = {}): Promise<Imported> => {
  const answer = await service.api('/v1/ranges/import', { body: { text, ...request } });
  expect(answer.status, answer.text).toBe(200);
  return answer.json as Imported;
};

const short = ({ results }: Imported): unknown[] =>
  results.map(({ line, status, cidrs }) => [line, status, ...cidrs]);

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

  it('authorizes what each line means, for all keys, and says where it came from', async () => {
    const text = `\uFEFFcidr,label,expiresAt\r\n# ours\r\n\r\n${net}.1,"Office, 2nd floor"\r\n${net}.16/28,,2035-01-31T00:00:00Z\r\n`;
    const imported = await importText(world.service, text);
    expect(imported).toMatchObject({ added: 2, duplicate: 0, covered: 0, invalid: 0 });
    expect(short(imported)).toEqual([
      [4, 'added', `${net}.1/32`],
      [5, 'added', `${net}.16/28`],
    ]);
    const common = { effect: 'authorize', keyId: null, source: 'import', createdBy: 'owner@example.com' };
    const [first, second] = await ranges();
    expect(first).toMatchObject({
      ...common,
      cidr: `${net}.1/32`,
      label: 'Office, 2nd floor',
      expiresAt: null,
      version: 1,
    });
    expect(second).toMatchObject({
      ...common,
      cidr: `${net}.16/28`,
      label: '',
      expiresAt: '2035-01-31T00:00:00.000Z',
    });
    expect(imported.results.map(({ rangeIds }) => rangeIds)).toEqual([[first?.id], [second?.id]]);
    expect((await world.service.check(world.secret, `${net}.17`)).status).toBe(200);
    expect((await world.service.check(world.secret, `${net}.32`)).status).toBe(401);
  });

  it('adds several ranges for a dash, with one label', async () => {
    const imported = await importText(world.service, `${net}.1-${net}.6,Pool`);
    expect(short(imported)).toEqual([
      [1, 'added', `${net}.1/32`, `${net}.2/31`, `${net}.4/31`, `${net}.6/32`],
    ]);
    expect(imported.results[0]?.rangeIds).toHaveLength(4);
    expect((await ranges()).map(({ label }) => label)).toEqual(['Pool', 'Pool', 'Pool', 'Pool']);
  });

  it('adds the good lines however many are bad, and says why each of them is', async () => {
    const imported = await importText(
      world.service,
      [
        `${net}.1,First`,
        'office',
        '0.0.0.0/0,Everybody',
        `${net}.2,"never closed`,
        `${net}.3,${'x'.repeat(201)}`,
        `${net}.4,A,soon`,
        `${net}.5,A,2020-01-01T00:00:00Z`,
        `${net}.9,Last`,
      ].join('\n'),
    );
    expect(imported).toMatchObject({ added: 2, invalid: 6 });
    expect(imported.results.map(({ line, code }) => [line, code])).toEqual([
      [1, undefined],
      [2, 'invalid_cidr'],
      [3, 'too_wide'],
      [4, 'invalid_line'],
      [5, 'invalid_label'],
      [6, 'invalid_expiry'],
      [7, 'invalid_expiry'],
      [8, undefined],
    ]);
    for (const result of imported.results.filter(({ status }) => status === 'invalid')) {
      expect(result.detail?.length).toBeGreaterThan(10);
      expect(result.rangeIds).toEqual([]);
    }
    expect((await ranges()).map(({ label }) => label)).toEqual(['First', 'Last']);
  });

  it('adds nothing that is there or covered, be it by an earlier line', async () => {
    const office = await world.addOne({ cidr: `${net}.0/28` });
    const imported = await importText(
      world.service,
      [
        `${net}.0/28`,
        `${net}.3`,
        `${net}.64/26`,
        `${net}.64/26,Again`,
        `${net}.65`,
        `${net}.14-${net}.16`,
      ].join('\n'),
    );
    expect(short(imported)).toEqual([
      [1, 'duplicate', `${net}.0/28`],
      [2, 'covered', `${net}.3/32`],
      [3, 'added', `${net}.64/26`],
      [4, 'duplicate', `${net}.64/26`],
      [5, 'covered', `${net}.65/32`],
      [6, 'added', `${net}.14/31`, `${net}.16/32`],
    ]);
    const [duplicate, covered, added, again, inside] = imported.results;
    expect(duplicate).toMatchObject({ rangeIds: [office.id], detail: 'It is in the list already.' });
    expect(covered).toMatchObject({
      rangeIds: [office.id],
      detail: `${net}.0/28 in the list covers it.`,
    });
    expect(again).toMatchObject({ rangeIds: added?.rangeIds, detail: 'It is in line 3 already.' });
    expect(inside).toMatchObject({
      rangeIds: added?.rangeIds,
      detail: `${net}.64/26 in line 3 covers it.`,
    });
    expect(await ranges()).toHaveLength(3);
  });

  it('adds a range below a denial that a wider range does not overcome', async () => {
    await world.addOne({ cidr: `${net}.0/24` });
    await world.addOne({ cidr: `${net}.64/26`, effect: 'deny' });
    expect(short(await importText(world.service, `${net}.65`))).toEqual([[1, 'added', `${net}.65/32`]]);
    expect((await world.service.check(world.secret, `${net}.65`)).status).toBe(200);
  });

  it('says which lines a denial makes void, and which open one', async () => {
    const wide = await world.addOne({ cidr: `${net}.0/24`, effect: 'deny' });
    const same = await world.addOne({ cidr: `${net}.8`, effect: 'deny', keyId: world.keyId });
    const text = [`${net}.0/24`, `${net}.7,Hole`, `${net}.8-${net}.9`, '100.64.0.1'].join('\n');
    const tried = await importText(world.service, text, { dryRun: true });
    const done = await importText(world.service, text);
    for (const imported of [tried, done]) {
      expect(imported).toMatchObject({ added: 4, noted: 3 });
      const [isVoid, hole, span, free] = imported.results.map(({ notes }) => notes);
      expect(isVoid).toMatchObject([{ code: 'void_by_denial', rangeId: wide.id }]);
      expect(isVoid?.[0]?.message).toContain(`${net}.0/24 is denied, and of two equal ranges`);
      expect(hole).toMatchObject([{ code: 'opens_denial', rangeId: wide.id }]);
      expect(hole?.[0]?.message).toContain(`${net}.0/24 is denied; the line lets`);
      // The /31 is longer than the /24; that one address of it stays denied for one key is not asked here.
      expect(span).toMatchObject([{ code: 'opens_denial', rangeId: wide.id }]);
      expect(free).toEqual([]);
    }
    const verdictOf = async (ip: string): Promise<number> =>
      (await world.service.check(world.secret, ip)).status;
    expect(await verdictOf(`${net}.1`)).toBe(401);
    expect(await verdictOf(`${net}.7`)).toBe(200);
    expect(await importText(world.service, `${net}.8`, { dryRun: true })).toMatchObject({
      results: [
        {
          status: 'added',
          notes: [
            {
              code: 'void_by_denial',
              rangeId: same.id,
              message: expect.stringMatching(/for the key “Test key”.* with that key\.$/) as string,
            },
          ],
        },
      ],
    });
    expect(await verdictOf(`${net}.8`)).toBe(401);
  });

  it('reads nothing by half', async () => {
    const imported = await importText(
      world.service,
      [`${net}.1, ${net}.2`, `${net}.0,255.255.255.0`, `allow ${net}.3;`, `${net}.4/24`].join('\n'),
    );
    expect(
      imported.results.map(({ status, code, notes }) => [status, code, notes.map((note) => note.code)]),
    ).toEqual([
      ['invalid', 'several_ranges', []],
      ['invalid', 'several_ranges', []],
      ['invalid', 'invalid_cidr', []],
      ['added', undefined, ['host_bits_cleared']],
    ]);
    expect(await ranges()).toMatchObject([{ cidr: `${net}.0/24` }]);
  });

  it('proposes nothing that it cannot do', async () => {
    const { results } = await importText(world.service, '0.0.0.0/0\n8.0.0.0-23.255.255.255', {
      dryRun: true,
    });
    expect(results.map(({ code }) => code)).toEqual(['too_wide', 'too_wide']);
    for (const { detail } of results) {
      expect(detail).toContain('write a narrower range, or add it by itself');
      expect(detail).not.toContain('allowWide');
    }
  });

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
    for (const text of ['[{"ip": "20.1.2.3"}]', '<!DOCTYPE html>', '\uFFFD\uFFFD2\u00000\u0000.\u0000']) {
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

  it('answers the questions about its addresses', async () => {
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
    // The denial ended with the range that let the address in: the next call is a new question.
    expect((await world.pendingFor(`${net}.8`)).id).not.toBe(denied.id);
  });

  it('takes the place of an expired range of the same text', async () => {
    const clock = manualClock();
    const service = await startTestService({ clock });
    try {
      const expiresAt = new Date(clock.now() + 1_000).toISOString();
      await service.api('/v1/ranges', { body: { cidr: '192.0.2.0/24', expiresAt } });
      clock.advance(1_000);
      expect(await importText(service, '192.0.2.0/24,New\n192.0.2.0/24,Again')).toMatchObject({
        added: 1,
        duplicate: 1,
      });
      expect(((await service.api('/v1/ranges')).json as { items: Range[] }).items).toMatchObject([
        { cidr: '192.0.2.0/24', label: 'New', expiresAt: null },
      ]);
    } finally {
      await service.stop();
    }
  });

  it.each<[string, unknown, string]>([
    ['no text', {}, 'text'],
    ['a text that is none', { text: 7 }, 'text'],
    ['an unknown field', { text: '', effect: 'deny' }, 'effect'],
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
    const first = await importText(world.service, text, { dryRun: true });
    expect(first).toMatchObject({ added: full + 1, invalid: 3 });
    expect(first.results[0]?.cidrs).toHaveLength(perLine);
    // A page ends after so many networks, however few its lines are.
    expect(first.results).toHaveLength(Math.ceil(MAX_IMPORT_PAGE_NETWORKS / perLine));
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
