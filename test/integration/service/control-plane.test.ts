import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problemSchema } from '#shared/api/problem';
import type { Account, AuditEvent, Range, Review } from '#shared/domain/entities';
import {
  httpCall,
  OWNER_TOKEN,
  startTestService,
  type Answer,
  type TestService,
} from '#test/support/service/test-service';

const problem = (answer: Answer) => {
  expect(answer.headers['content-type']).toContain('application/problem+json');
  const parsed = problemSchema.parse(answer.json);
  expect(parsed.status).toBe(answer.status);
  return parsed;
};

describe('the control plane', () => {
  let service: TestService;
  let secret: string;
  let keyId: string;
  let lastOctet = 0;
  /** An address that no other test uses. */
  let ip: string;

  beforeAll(async () => {
    service = await startTestService();
    const created = await service.createKey();
    secret = created.secret;
    keyId = created.key.id;
  });
  afterAll(() => service.stop());
  beforeEach(() => {
    lastOctet += 1;
    ip = `198.51.${lastOctet}.7`;
  });

  const add = (body: object): Promise<Answer> => service.api('/v1/ranges', { body });
  const addOne = async (body: object): Promise<Range> =>
    ((await add(body)).json as { items: [Range] }).items[0];
  const pendingFor = async (address: string): Promise<Review> => {
    await service.check(secret, address);
    const { items } = (await service.api('/v1/reviews?status=pending&limit=1000')).json as {
      items: Review[];
    };
    const review = items.find((each) => each.ip === address);
    if (review === undefined) throw new Error(`no review for ${address}`);
    return review;
  };
  const reviewById = async (id: string): Promise<Review | undefined> => {
    const { items } = (await service.api('/v1/reviews?limit=1000')).json as { items: Review[] };
    return items.find((each) => each.id === id);
  };

  describe('tokens', () => {
    it.each([
      ['no token', {}],
      ['another scheme', { authorization: `Basic ${OWNER_TOKEN}` }],
      ['an empty token', { authorization: 'Bearer ' }],
      ['a wrong token', { authorization: 'Bearer wrong-token-wrong-token' }],
    ])('refuses %s, naming the header', async (_what, headers) => {
      const answer = await httpCall(`${service.url}/v1/account`, { headers });
      expect(answer.status).toBe(401);
      expect(problem(answer)).toMatchObject({ code: 'unauthorized', field: 'authorization' });
    });

    it('slows down guessing, and says for how long', async () => {
      const own = await startTestService();
      try {
        const guess = (): Promise<Answer> =>
          httpCall(`${own.url}/v1/account`, { headers: { authorization: 'Bearer guess-guess-guess-guess' } });
        for (let wrong = 0; wrong < 6; wrong += 1) expect((await guess()).status).toBe(401);
        const slowed = await guess();
        expect(problem(slowed)).toMatchObject({ status: 429, code: 'too_many_attempts' });
        expect(Number(slowed.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      } finally {
        await own.stop();
      }
    });

    it('asks for a token before it says anything about the request', async () => {
      expect((await httpCall(`${service.url}/v1/ranges`, { body: { cidr: 'x' } })).status).toBe(401);
    });
  });

  describe('requests that are not valid', () => {
    it.each([
      ['a body that is no JSON', '/v1/ranges', { body: '{"cidr":' }, 400, 'invalid_request', 'body'],
      ['a list as body', '/v1/ranges', { body: [] }, 400, 'invalid_request', 'body'],
      ['a missing field', '/v1/ranges', { body: {} }, 400, 'invalid_request', 'cidr'],
      ['a field of the wrong type', '/v1/ranges', { body: { cidr: 7 } }, 400, 'invalid_request', 'cidr'],
      [
        'an unknown field',
        '/v1/ranges',
        { body: { cidr: '10.0.0.1', effekt: 'deny' } },
        400,
        'invalid_request',
        'effekt',
      ],
      [
        'a wrong effect',
        '/v1/ranges',
        { body: { cidr: '10.0.0.1', effect: 'maybe' } },
        400,
        'invalid_request',
        'effect',
      ],
      [
        'a past expiry',
        '/v1/ranges',
        { body: { cidr: '10.0.0.1', expiresAt: '2020-01-01T00:00:00Z' } },
        400,
        'invalid_request',
        'expiresAt',
      ],
      [
        'an expiry that is no time',
        '/v1/ranges',
        { body: { cidr: '10.0.0.1', expiresAt: 'tomorrow' } },
        400,
        'invalid_request',
        'expiresAt',
      ],
      [
        'a key that does not exist',
        '/v1/ranges',
        { body: { cidr: '10.0.0.1', keyId: '01M86AYXYC6M773ZV322JMJGX2' } },
        400,
        'invalid_request',
        'keyId',
      ],
      ['a text that is no range', '/v1/ranges', { body: { cidr: '010.0.0.1' } }, 422, 'invalid_cidr', 'cidr'],
      ['a very wide range', '/v1/ranges', { body: { cidr: '0.0.0.0/0' } }, 422, 'too_wide', 'cidr'],
      [
        'a mode that is none',
        '/v1/account/mode',
        { method: 'PUT', body: { mode: 'off' } },
        400,
        'invalid_request',
        'mode',
      ],
      [
        'learning, which is not there yet',
        '/v1/account/mode',
        { method: 'PUT', body: { mode: 'learning' } },
        422,
        'mode_unavailable',
        'mode',
      ],
      ['a key without a name', '/v1/keys', { body: { name: '  ' } }, 400, 'invalid_request', 'name'],
      ['a limit that is no number', '/v1/ranges?limit=many', {}, 400, 'invalid_request', 'limit'],
      ['a limit out of bounds', '/v1/ranges?limit=0', {}, 400, 'invalid_request', 'limit'],
      ['a limit twice', '/v1/ranges?limit=1&limit=2', {}, 400, 'invalid_request', 'limit'],
      ['an unknown filter', '/v1/attempts?adress=10.0.0.1', {}, 400, 'invalid_request', 'adress'],
      ['a foreign cursor', '/v1/changes?cursor=rubbish', {}, 400, 'invalid_request', 'cursor'],
      ['a wait out of bounds', '/v1/changes?wait=31', {}, 400, 'invalid_request', 'wait'],
      ['an id that is none', '/v1/ranges/7', { method: 'DELETE' }, 400, 'invalid_request', 'id'],
      [
        'an id that nobody has',
        '/v1/ranges/01M86AYXYC6M773ZV322JMJGX2',
        { method: 'DELETE' },
        404,
        'not_found',
        'id',
      ],
      ['a path that is none', '/v1/nothing', {}, 404, 'not_found', 'path'],
      [
        'a method that the path does not take',
        '/v1/account',
        { method: 'DELETE' },
        405,
        'method_not_allowed',
        'method',
      ],
      [
        'a body that is not JSON',
        '/v1/ranges',
        { body: 'cidr=10.0.0.1', headers: { 'content-type': 'text/plain' } },
        415,
        'unsupported_media_type',
        'content-type',
      ],
      [
        'a body that is too large',
        '/v1/ranges',
        { body: { cidr: 'x'.repeat(1_100_000) } },
        413,
        'payload_too_large',
        'body',
      ],
    ])('refuses %s', async (_what, path, options, status, code, field) => {
      const answer = await service.api(path, options);
      expect(problem(answer)).toMatchObject({ status, code, field });
      expect(problem(answer).detail.length).toBeGreaterThan(10);
    });

    it('leave nothing behind', async () => {
      expect(((await service.api('/v1/ranges?q=010')).json as { items: unknown[] }).items).toEqual([]);
    });
  });

  describe('ranges', () => {
    it('are added in canonical form, by and at', async () => {
      expect(await addOne({ cidr: `198.51.${lastOctet}.77/24`, label: '  Office  ' })).toMatchObject({
        cidr: `198.51.${lastOctet}.0/24`,
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
      const answer = await add({ cidr: `198.51.${lastOctet}.1-198.51.${lastOctet}.6`, label: 'Pool' });
      expect((answer.json as { items: Range[] }).items.map(({ cidr, label }) => [cidr, label])).toEqual([
        [`198.51.${lastOctet}.1/32`, 'Pool'],
        [`198.51.${lastOctet}.2/31`, 'Pool'],
        [`198.51.${lastOctet}.4/31`, 'Pool'],
        [`198.51.${lastOctet}.6/32`, 'Pool'],
      ]);
    });

    it('that are there already are refused with what is there; deny and other keys are other ranges', async () => {
      const first = await addOne({ cidr: ip });
      const again = await add({ cidr: `${ip}/32` });
      expect(problem(again)).toMatchObject({ status: 409, code: 'duplicate', existing: { id: first.id } });
      expect((await add({ cidr: ip, effect: 'deny' })).status).toBe(201);
      expect((await add({ cidr: ip, keyId })).status).toBe(201);
    });

    it('may be wide when that is said', async () => {
      const wide = await addOne({ cidr: '100.0.0.0/7', allowWide: true });
      expect(wide.cidr).toBe('100.0.0.0/7');
      await service.api(`/v1/ranges/${wide.id}`, { method: 'DELETE' });
    });

    it('are changed with their version, and a stale one is refused with the current state', async () => {
      const range = await addOne({ cidr: ip });
      const path = `/v1/ranges/${range.id}`;
      const changed = await service.api(path, {
        method: 'PATCH',
        body: { label: 'VPN' },
        headers: { 'if-match': '"1"' },
      });
      expect(changed.json).toMatchObject({ label: 'VPN', version: 2 });
      const stale = await service.api(path, {
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
        problem(await service.api(path, { method: 'DELETE', headers: { 'if-match': '"1"' } })).code,
      ).toBe('stale');
      expect(
        problem(
          await service.api(path, { method: 'PATCH', body: { label: 'X' }, headers: { 'if-match': 'x' } }),
        ),
      ).toMatchObject({ code: 'invalid_request', field: 'if-match' });
      expect(problem(await service.api(path, { method: 'PATCH', body: {} }))).toMatchObject({
        code: 'invalid_request',
      });
      const removed = await service.api(path, { method: 'DELETE', headers: { 'if-match': '"2"' } });
      expect([removed.status, removed.text]).toEqual([204, '']);
    });

    it('changed to deny keep their addresses out at once', async () => {
      const range = await addOne({ cidr: ip });
      expect((await service.check(secret, ip)).status).toBe(200);
      await service.api(`/v1/ranges/${range.id}`, { method: 'PATCH', body: { effect: 'deny' } });
      expect((await service.check(secret, ip)).headers['x-gatehouse-reason']).toBe('denied');
    });

    it('are listed by effect, text and key, page by page', async () => {
      const labels = ['list-a', 'list-b', 'list-c'];
      for (const [index, label] of labels.entries()) await add({ cidr: `192.0.2.${index}`, label });
      await add({ cidr: '192.0.2.99', label: 'list-deny', effect: 'deny' });
      const first = (await service.api('/v1/ranges?q=LIST-&effect=authorize&limit=2')).json as {
        items: Range[];
        nextCursor: string;
      };
      expect(first.items.map(({ label }) => label)).toEqual(['list-a', 'list-b']);
      const second = (
        await service.api(`/v1/ranges?q=list-&effect=authorize&limit=2&cursor=${first.nextCursor}`)
      ).json as { items: Range[] };
      expect(second).toMatchObject({ items: [{ label: 'list-c' }], nextCursor: null });
      expect((await service.api('/v1/ranges?q=100%25')).json).toEqual({ items: [], nextCursor: null });
    });
  });

  describe('reviews', () => {
    it('are authorized for the address, and the next call is let in', async () => {
      const review = await pendingFor(ip);
      const answer = await service.api(`/v1/reviews/${review.id}/authorize`, { body: { scope: 'address' } });
      expect(answer.json).toMatchObject({
        review: { id: review.id, status: 'authorized', decidedBy: 'owner@example.com', version: 2 },
        range: { cidr: `${ip}/32`, source: 'approval', effect: 'authorize', keyId: null, expiresAt: null },
      });
      expect((await service.check(secret, ip)).status).toBe(200);
    });

    it('are authorized for the subnet, for a time and for one key', async () => {
      const review = await pendingFor(ip);
      const before = Date.now();
      const answer = await service.api(`/v1/reviews/${review.id}/authorize`, {
        body: { scope: 'subnet', durationSeconds: 3600, thisKeyOnly: true },
      });
      const { range } = answer.json as { range: Range };
      expect(range).toMatchObject({ cidr: review.suggestedCidr, keyId });
      expect(Date.parse(range.expiresAt ?? '') - before).toBeGreaterThanOrEqual(3_600_000);
      expect(Date.parse(range.expiresAt ?? '') - before).toBeLessThan(3_660_000);
    });

    it("are authorized for a range of one's own, which has to contain the address", async () => {
      const review = await pendingFor(ip);
      const path = `/v1/reviews/${review.id}/authorize`;
      expect(problem(await service.api(path, { body: { scope: { cidr: '192.0.2.0/24' } } }))).toMatchObject({
        code: 'invalid_cidr',
        field: 'scope.cidr',
      });
      expect(problem(await service.api(path, { body: { scope: { cidr: 'all' } } }))).toMatchObject({
        code: 'invalid_cidr',
        field: 'scope.cidr',
      });
      expect(problem(await service.api(path, { body: { scope: { cidr: '198/7' } } }))).toMatchObject({
        code: 'too_wide',
        field: 'scope.cidr',
      });
      expect(problem(await service.api(path, { body: { scope: 'world' } }))).toMatchObject({
        code: 'invalid_request',
        field: 'scope',
      });
      const answer = await service.api(path, { body: { scope: { cidr: `198.51.${lastOctet}.0/28` } } });
      expect(answer.json).toMatchObject({ range: { cidr: `198.51.${lastOctet}.0/28` } });
    });

    it('that another answer covers are superseded; other keys keep theirs when it is for one key', async () => {
      const neighbour = `198.51.${lastOctet}.8`;
      const review = await pendingFor(ip);
      const covered = await pendingFor(neighbour);
      const other = await service.createKey('Other');
      await service.check(other.secret, neighbour);
      await service.api(`/v1/reviews/${review.id}/authorize`, {
        body: { scope: 'subnet', thisKeyOnly: true },
      });
      expect(await reviewById(covered.id)).toMatchObject({
        status: 'superseded',
        decidedBy: 'owner@example.com',
      });
      const { items } = (await service.api('/v1/reviews?status=pending')).json as { items: Review[] };
      expect(items.filter((each) => each.ip === neighbour)).toMatchObject([{ keyId: other.key.id }]);
    });

    it('stay open where a longer deny range still keeps the address out', async () => {
      const review = await pendingFor(ip);
      await add({
        cidr: `198.51.${lastOctet}.0/25`,
        effect: 'deny',
        keyId: (await service.createKey('Third')).key.id,
      });
      expect(await reviewById(review.id)).toMatchObject({ status: 'pending' });
      await add({ cidr: `198.51.${lastOctet}.0/25`, effect: 'deny' });
      expect(await reviewById(review.id)).toMatchObject({ status: 'superseded' });
    });

    it('can be answered once', async () => {
      const review = await pendingFor(ip);
      await service.api(`/v1/reviews/${review.id}/deny`, { body: {} });
      const late = await service.api(`/v1/reviews/${review.id}/authorize`, { body: { scope: 'address' } });
      expect(problem(late)).toMatchObject({
        status: 409,
        code: 'already_decided',
        current: { id: review.id, status: 'denied' },
      });
      expect((await service.check(secret, ip)).status).toBe(401);
    });

    it('answered by two at once are answered by one', async () => {
      const review = await pendingFor(ip);
      const answers = await Promise.all([
        service.api(`/v1/reviews/${review.id}/authorize`, { body: { scope: 'address' } }),
        service.api(`/v1/reviews/${review.id}/deny`, { body: { addDenyRange: true } }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    });

    it('denied with a deny range keep the address out without asking again', async () => {
      const review = await pendingFor(ip);
      const answer = await service.api(`/v1/reviews/${review.id}/deny`, { body: { addDenyRange: true } });
      expect(answer.json).toMatchObject({
        review: { status: 'denied' },
        range: { cidr: `${ip}/32`, effect: 'deny', source: 'denial' },
      });
      expect((await service.check(secret, ip)).headers['x-gatehouse-reason']).toBe('denied');
    });

    it('denied with an update of the key give its new secret once, and end the old one', async () => {
      const leaked = await service.createKey('Leaked');
      await service.check(leaked.secret, ip);
      const { items } = (await service.api('/v1/reviews?status=pending&limit=1000')).json as {
        items: Review[];
      };
      const review = items.find((each) => each.keyId === leaked.key.id);
      const answer = await service.api(`/v1/reviews/${review?.id ?? ''}/deny`, { body: { rotateKey: true } });
      const { secret: fresh, key } = answer.json as { secret: string; key: { prefix: string } };
      expect(fresh.startsWith(key.prefix)).toBe(true);
      expect((await service.check(leaked.secret, ip)).headers['x-gatehouse-reason']).toBe('revoked_key');
      expect((await service.check(fresh, ip)).headers['x-gatehouse-reason']).toBe('unknown');
      expect(JSON.stringify((await service.api('/v1/keys')).json)).not.toContain(fresh);
    });
  });

  describe('the mode', () => {
    it('raises the revision once, and setting it again changes nothing', async () => {
      const revision = async (): Promise<number> =>
        ((await service.api('/v1/account')).json as Account).revision;
      const before = await revision();
      await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'automatic' } });
      expect(await revision()).toBe(before + 1);
      await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'automatic' } });
      expect(await revision()).toBe(before + 1);
      await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
    });
  });

  it('leaves a trail of who did what through what', async () => {
    const range = await addOne({ cidr: ip, label: 'Trail' });
    await service.api(`/v1/ranges/${range.id}`, {
      method: 'DELETE',
      headers: { 'x-gatehouse-client': 'console' },
    });
    const { items } = (await service.api('/v1/audit?limit=2')).json as { items: AuditEvent[] };
    expect(items).toMatchObject([
      { action: 'range.remove', via: 'console', target: range.id, before: { label: 'Trail' }, after: null },
      {
        action: 'range.add',
        via: 'api',
        actor: { kind: 'user', name: 'owner@example.com' },
        before: null,
        after: { label: 'Trail' },
      },
    ]);
  });

  it('never says a secret again', async () => {
    const { secret: shown } = await service.createKey('Once');
    for (const path of ['/v1/keys', '/v1/audit?limit=1000', '/v1/changes', '/v1/account']) {
      expect((await service.api(path)).text).not.toContain(shown);
    }
  });

  it('says that it lives and is ready', async () => {
    expect((await httpCall(`${service.url}/healthz`)).json).toEqual({ status: 'ok' });
    expect((await httpCall(`${service.url}/readyz`)).json).toEqual({ status: 'ready' });
  });

  it('shows the link of a blocked call as a page that tells nothing and does nothing', async () => {
    const review = await pendingFor(ip);
    const page = await httpCall(`${service.url}/reviews/${review.id}`);
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).toContain(`gatehouse://review/${review.id}`);
    expect(page.text).not.toContain(ip);
    expect((await reviewById(review.id))?.status).toBe('pending');
    expect((await httpCall(`${service.url}/reviews/%22%3E%3Cscript%3E`)).text).not.toContain('<script');
  });
});
