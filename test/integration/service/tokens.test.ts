import { describe, expect, it } from 'vitest';
import { MAX_TOKENS_PER_USER } from '#shared/api/routes-users';
import type { Account, AuditEvent, Token, User } from '#shared/domain/entities';
import { manualClock } from '#test/support/manual-clock';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { addPerson, withToken, type Person } from '#test/support/service/people';
import { problem } from '#test/support/service/problem-answer';
import { startTestService, type TestService } from '#test/support/service/test-service';

const NOBODY = '01M86AYXYC6M773ZV322JMJGX2';
const HOUR_MS = 3_600_000;

const inMs = (ms: number, now = Date.now()): string => new Date(now + ms).toISOString();

const tokensOf = async (person: Person): Promise<Token[]> =>
  ((await person.api(`/v1/users/${person.user.id}/tokens`)).json as { items: Token[] }).items;

const makeToken = async (
  person: Person,
  body: object = {},
): Promise<{ readonly token: Token; readonly secret: string }> => {
  const answer = await person.api(`/v1/users/${person.user.id}/tokens`, { body: { name: 'CI', ...body } });
  expect(answer.status, answer.text).toBe(201);
  return answer.json as { token: Token; secret: string };
};

const audit = async (service: TestService): Promise<AuditEvent[]> =>
  ((await service.api('/v1/audit?limit=10')).json as { items: AuditEvent[] }).items;

describe('access tokens', () => {
  const world = useControlPlane();

  it('are made by their user, with the rights of the user', async () => {
    const person = await addPerson(world.service, { permissions: ['api_keys'] });
    const { token, secret } = await makeToken(person);
    expect(secret).toMatch(/^gt_[0-9A-Za-z]{40}$/);
    expect(token).toMatchObject({ name: 'CI', expiresAt: null, lastUsedAt: null });
    const api = withToken(world.service, secret);
    expect(((await api('/v1/account')).json as Account).me).toMatchObject({
      userId: person.user.id,
      permissions: ['api_keys'],
    });
    expect((await api('/v1/ranges', { body: { cidr: world.ip } })).status).toBe(403);
  });

  it('are listed without their secrets, page by page, and say when they were last used', async () => {
    const person = await addPerson(world.service);
    const { secret } = await makeToken(person);
    await withToken(world.service, secret)('/v1/account');
    const listed = await person.api(`/v1/users/${person.user.id}/tokens`);
    expect(listed.text).not.toContain(secret);
    expect((listed.json as { items: Token[] }).items).toMatchObject([{ name: 'Laptop' }, { name: 'CI' }]);
    expect((await tokensOf(person))[1]?.lastUsedAt).toEqual(expect.any(String));
    const first = (await person.api(`/v1/users/${person.user.id}/tokens?limit=1`)).json as {
      nextCursor: string;
    };
    expect(
      (await person.api(`/v1/users/${person.user.id}/tokens?limit=1&cursor=${first.nextCursor}`)).json,
    ).toMatchObject({ items: [{ name: 'CI' }], nextCursor: null });
  });

  it('end at once when they are removed, by their user or by an owner', async () => {
    const person = await addPerson(world.service);
    const asOwner: Person['api'] = (path, options) => world.service.api(path, options);
    for (const api of [person.api, asOwner]) {
      const { token, secret } = await makeToken(person);
      expect((await withToken(world.service, secret)('/v1/account')).status).toBe(200);
      expect((await api(`/v1/tokens/${token.id}`, { method: 'DELETE' })).status).toBe(204);
      const after = await withToken(world.service, secret)('/v1/account');
      expect(problem(after)).toMatchObject({ status: 401, code: 'unauthorized' });
    }
  });

  it("of others are an owner's business", async () => {
    const person = await addPerson(world.service, { permissions: ['authorized_ips', 'api_keys'] });
    const other = await addPerson(world.service);
    const path = `/v1/users/${other.user.id}/tokens`;
    for (const answer of [
      await person.api(path),
      await person.api(path, { body: { name: 'Mine' } }),
      await person.api(`/v1/tokens/${other.token.id}`, { method: 'DELETE' }),
    ]) {
      expect(problem(answer)).toMatchObject({ status: 403, code: 'forbidden', required: 'owner' });
    }
    expect((await other.api('/v1/account')).status).toBe(200);
    expect((await world.service.api(path)).json).toMatchObject({ items: [{ name: 'Laptop' }] });
  });

  it.each([
    ['no name', { name: ' ' }, 'name'],
    ['an expiry that is no time', { name: 'X', expiresAt: 'soon' }, 'expiresAt'],
    ['an expiry that is over', { name: 'X', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
  ])('are refused with %s', async (_what, body, field) => {
    const person = await addPerson(world.service);
    const answer = await person.api(`/v1/users/${person.user.id}/tokens`, { body });
    expect(problem(answer)).toMatchObject({ status: 400, code: 'invalid_request', field });
    expect(await tokensOf(person)).toHaveLength(1);
  });

  it.each([
    ['a user that nobody is', `/v1/users/${NOBODY}/tokens`, {}],
    ['a user that nobody is, making one', `/v1/users/${NOBODY}/tokens`, { body: { name: 'X' } }],
    ['a token that is none', `/v1/tokens/${NOBODY}`, { method: 'DELETE' }],
  ])('are not found for %s', async (_what, path, options) => {
    const answer = await world.service.api(path, options);
    expect(problem(answer)).toMatchObject({ status: 404, code: 'not_found', field: 'id' });
  });

  it('do not outlive the token that makes them', async () => {
    const person = await addPerson(world.service);
    const lent = await makeToken(person, { expiresAt: inMs(HOUR_MS) });
    const borrower: Person = { ...person, api: withToken(world.service, lent.secret) };
    const path = `/v1/users/${person.user.id}/tokens`;
    for (const expiresAt of [null, inMs(2 * HOUR_MS)]) {
      const answer = await borrower.api(path, { body: { name: 'Longer', expiresAt } });
      expect(problem(answer)).toMatchObject({ status: 400, code: 'invalid_request', field: 'expiresAt' });
    }
    const { token } = await makeToken(borrower, { expiresAt: lent.token.expiresAt });
    expect(token.expiresAt).toBe(lent.token.expiresAt);
  });

  it('end when they expire', async () => {
    const clock = manualClock();
    const service = await startTestService({ clock });
    try {
      const [owner] = ((await service.api('/v1/users')).json as { items: User[] }).items;
      const made = await service.api(`/v1/users/${owner?.id ?? ''}/tokens`, {
        body: { name: 'Short', expiresAt: inMs(HOUR_MS, clock.now()) },
      });
      const api = withToken(service, (made.json as { secret: string }).secret);
      clock.advance(HOUR_MS - 1);
      expect((await api('/v1/account')).status).toBe(200);
      clock.advance(1);
      expect(problem(await api('/v1/account'))).toMatchObject({ status: 401, code: 'token_expired' });
    } finally {
      await service.stop();
    }
  });

  it('leave a trail without the secret', async () => {
    const person = await addPerson(world.service);
    const { token, secret } = await makeToken(person);
    await person.api(`/v1/tokens/${token.id}`, { method: 'DELETE' });
    const [removed, created] = await audit(world.service);
    expect(removed).toMatchObject({
      action: 'token.remove',
      target: token.id,
      actor: { name: person.user.email },
      before: { name: 'CI', user: person.user.email },
      after: null,
    });
    expect(created).toMatchObject({ action: 'token.create', target: token.id, before: null });
    for (const path of ['/v1/audit?limit=1000', '/v1/changes']) {
      expect((await world.service.api(path)).text).not.toContain(secret);
    }
  });

  it('are limited in number', async () => {
    const person = await addPerson(world.service);
    for (let count = 1; count < MAX_TOKENS_PER_USER; count += 1) await makeToken(person);
    const over = await person.api(`/v1/users/${person.user.id}/tokens`, { body: { name: 'Over' } });
    expect(problem(over)).toMatchObject({ status: 422, code: 'limit_reached' });
    const [first] = await tokensOf(person);
    await world.service.api(`/v1/tokens/${first?.id ?? ''}`, { method: 'DELETE' });
    const next = await world.service.api(`/v1/users/${person.user.id}/tokens`, { body: { name: 'Next' } });
    expect(next.status).toBe(201);
  });
});
