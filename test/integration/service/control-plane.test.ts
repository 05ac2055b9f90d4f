import { describe, expect, it } from 'vitest';
import type { Account, AuditEvent } from '#shared/domain/entities';
import { sentencesInWords } from '#shared/domain/sentence';
import { setLanguage } from '#shared/i18n/language';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { problem } from '#test/support/service/problem-answer';
import { httpCall, OWNER_TOKEN, startTestService, type Answer } from '#test/support/service/test-service';

describe('the control plane', () => {
  const world = useControlPlane();

  describe('tokens', () => {
    it.each([
      ['no token', {}],
      ['another scheme', { authorization: `Basic ${OWNER_TOKEN}` }],
      ['an empty token', { authorization: 'Bearer ' }],
      ['a wrong token', { authorization: 'Bearer wrong-token-wrong-token' }],
    ])('refuses %s, naming the header', async (_what, headers) => {
      const answer = await httpCall(`${world.service.url}/v1/account`, { headers });
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
      expect((await httpCall(`${world.service.url}/v1/ranges`, { body: { cidr: 'x' } })).status).toBe(401);
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
      const answer = await world.service.api(path, options);
      expect(problem(answer)).toMatchObject({ status, code, field });
      expect(problem(answer).detail.length).toBeGreaterThan(10);
    });

    it.each([
      [
        'a missing field',
        { label: '' },
        'cidr: must be there, as string',
        'Champ cidr\u00a0: il doit être présent',
      ],
      [
        'a choice',
        { cidr: '10.0.0.1', effect: 'maybe' },
        'effect: must be one of these: authorize, deny',
        'deny',
      ],
      [
        'a label',
        { cidr: '10.0.0.1', label: 'x'.repeat(201) },
        'label: must have at most 200 characters',
        '200 car',
      ],
      ['a hidden character', { cidr: '10.0.0.1', label: 'a\u202eb' }, 'character U+202E', 'caractère U+202E'],
      ['a time', { cidr: '10.0.0.1', expiresAt: 'soon' }, 'expiresAt: is not written as', 'sa forme'],
    ])('name %s also in words', async (_what, body, english, french) => {
      const { detail, detailWords, errors } = problem(await world.service.api('/v1/ranges', { body }));
      expect(detail).toContain(english);
      expect(sentencesInWords(detailWords)).toBe(detail);
      expect(errors?.map(({ field, message }) => `${field}: ${message}`)[0]).toBe(detail);
      expect(errors?.[0]?.messageWords).toEqual(detailWords);
      setLanguage('fr');
      expect(sentencesInWords(detailWords)).toContain(french);
      setLanguage('en');
    });

    it('leave nothing behind', async () => {
      expect(((await world.service.api('/v1/ranges?q=010')).json as { items: unknown[] }).items).toEqual([]);
    });
  });

  describe('the mode', () => {
    it('raises the revision once, and setting it again changes nothing', async () => {
      const revision = async (): Promise<number> =>
        ((await world.service.api('/v1/account')).json as Account).revision;
      const before = await revision();
      await world.service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'automatic' } });
      expect(await revision()).toBe(before + 1);
      await world.service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'automatic' } });
      expect(await revision()).toBe(before + 1);
      await world.service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
    });
  });

  it('leaves a trail of who did what through what', async () => {
    const range = await world.addOne({ cidr: world.ip, label: 'Trail' });
    await world.service.api(`/v1/ranges/${range.id}`, {
      method: 'DELETE',
      headers: { 'x-gatehouse-client': 'console' },
    });
    const { items } = (await world.service.api('/v1/audit?limit=2')).json as { items: AuditEvent[] };
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
    const { secret: shown } = await world.service.createKey('Once');
    for (const path of ['/v1/keys', '/v1/audit?limit=1000', '/v1/changes', '/v1/account']) {
      expect((await world.service.api(path)).text).not.toContain(shown);
    }
  });

  it('says that it lives and is ready', async () => {
    expect((await httpCall(`${world.service.url}/healthz`)).json).toEqual({ status: 'ok' });
    expect((await httpCall(`${world.service.url}/readyz`)).json).toEqual({
      status: 'ready',
      policyAgeSeconds: 0,
    });
  });

  it('shows the link of a blocked call as a page that tells nothing and does nothing', async () => {
    const review = await world.pendingFor(world.ip);
    const page = await httpCall(`${world.service.url}/security/authorised_ips/${review.id}`);
    expect(await httpCall(`${world.service.url}/reviews/${review.id}`)).toMatchObject({ text: page.text });
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).toContain(`gatehouse://review/${review.id}`);
    // Where the link opens nothing, it says what makes it known.
    expect(page.text).toContain('In the menu of this desktop');
    expect(page.text).not.toContain(world.ip);
    expect((await world.reviewById(review.id))?.status).toBe('pending');
    expect((await httpCall(`${world.service.url}/reviews/%22%3E%3Cscript%3E`)).text).not.toContain('<script');
  });
});
