import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { routes } from '#shared/api/contract';
import type { Access, RouteContract } from '#shared/api/route-contract';
import { MAX_USERS } from '#shared/api/routes-users';
import type { Account, AuditEvent, User } from '#shared/domain/entities';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { addPerson, type Person } from '#test/support/service/people';
import { problem } from '#test/support/service/problem-answer';
import { startTestService, type TestService } from '#test/support/service/test-service';

const NOBODY = '01M86AYXYC6M773ZV322JMJGX2';

const listUsers = async (service: TestService): Promise<User[]> =>
  ((await service.api('/v1/users?limit=1000')).json as { items: User[] }).items;

const newestAudit = async (service: TestService): Promise<AuditEvent | undefined> =>
  ((await service.api('/v1/audit?limit=1')).json as { items: AuditEvent[] }).items[0];

describe('users', () => {
  const world = useControlPlane();

  it('are added with role and permissions, and listed page by page', async () => {
    const created = await world.service.api('/v1/users', {
      body: { email: 'Anna@Example.com', permissions: ['api_keys', 'api_keys'] },
    });
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({
      email: 'Anna@Example.com',
      role: 'user',
      permissions: ['api_keys'],
    });
    const first = (await world.service.api('/v1/users?limit=1')).json as {
      items: User[];
      nextCursor: string;
    };
    expect(first.items).toMatchObject([{ email: 'owner@example.com', role: 'owner' }]);
    const second = await world.service.api(`/v1/users?limit=1&cursor=${first.nextCursor}`);
    expect(second.json).toMatchObject({ items: [{ email: 'Anna@Example.com' }] });
  });

  it.each([
    ['an e-mail address that is none', { email: 'anna' }, 'email'],
    ['no e-mail address', {}, 'email'],
    ['a role that is none', { email: 'x@example.com', role: 'admin' }, 'role'],
    ['a permission that is none', { email: 'x@example.com', permissions: ['all'] }, 'permissions.0'],
    ['a field that is none', { email: 'x@example.com', name: 'X' }, 'name'],
  ])('are refused with %s', async (_what, body, field) => {
    const answer = await world.service.api('/v1/users', { body });
    expect(problem(answer)).toMatchObject({ status: 400, code: 'invalid_request', field });
  });

  it('have an e-mail address of their own, however its letters are written', async () => {
    await addPerson(world.service, { email: 'Bert@example.com' });
    const again = await world.service.api('/v1/users', { body: { email: 'bERT@EXAMPLE.COM' } });
    expect(problem(again)).toMatchObject({ status: 409, code: 'email_taken', field: 'email' });
    const other = await addPerson(world.service);
    const renamed = await world.service.api(`/v1/users/${other.user.id}`, {
      method: 'PATCH',
      body: { email: 'BERT@example.com' },
    });
    expect(problem(renamed)).toMatchObject({ status: 409, code: 'email_taken', field: 'email' });
    const own = await world.service.api(`/v1/users/${other.user.id}`, {
      method: 'PATCH',
      body: { email: other.user.email.toUpperCase() },
    });
    expect(own.json).toMatchObject({ email: other.user.email.toUpperCase() });
  });

  it('get and lose permissions from their next call on', async () => {
    const { user, api } = await addPerson(world.service);
    const add = () => api('/v1/ranges', { body: { cidr: world.ip } });
    expect(problem(await add())).toMatchObject({ status: 403, required: 'authorized_ips' });
    const changed = await world.service.api(`/v1/users/${user.id}`, {
      method: 'PATCH',
      body: { permissions: ['authorized_ips'] },
    });
    expect(changed.json).toMatchObject({ permissions: ['authorized_ips'] });
    expect((await add()).status).toBe(201);
    await world.service.api(`/v1/users/${user.id}`, { method: 'PATCH', body: { permissions: [] } });
    expect((await api(`/v1/ranges`, { body: { cidr: '192.0.2.1' } })).status).toBe(403);
  });

  it('hold everything as owners, and nothing unnamed afterwards', async () => {
    const { user, api } = await addPerson(world.service, { role: 'owner', permissions: [] });
    expect(user.permissions).toEqual(['authorized_ips', 'api_keys']);
    expect(((await api('/v1/account')).json as Account).me).toMatchObject({
      role: 'owner',
      permissions: ['authorized_ips', 'api_keys'],
    });
    const demoted = await world.service.api(`/v1/users/${user.id}`, {
      method: 'PATCH',
      body: { role: 'user' },
    });
    expect(demoted.json).toMatchObject({ role: 'user', permissions: [] });
    expect((await api('/v1/keys', { body: { name: 'No' } })).status).toBe(403);
  });

  it('always have an owner among them', async () => {
    const service = await startTestService();
    try {
      const [owner] = await listUsers(service);
      const path = `/v1/users/${owner?.id ?? ''}`;
      expect(problem(await service.api(path, { method: 'DELETE' }))).toMatchObject({
        status: 409,
        code: 'last_owner',
        field: 'id',
      });
      expect(problem(await service.api(path, { method: 'PATCH', body: { role: 'user' } }))).toMatchObject({
        status: 409,
        code: 'last_owner',
        field: 'role',
      });
      await addPerson(service, { role: 'owner' });
      expect((await service.api(path, { method: 'DELETE' })).status).toBe(204);
      expect((await service.api('/v1/account')).status).toBe(401);
    } finally {
      await service.stop();
    }
  });

  it('lose all of their tokens at once when they are removed', async () => {
    const { user, api } = await addPerson(world.service);
    expect((await api('/v1/account')).status).toBe(200);
    const removed = await world.service.api(`/v1/users/${user.id}`, { method: 'DELETE' });
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect(problem(await api('/v1/account'))).toMatchObject({ status: 401, code: 'unauthorized' });
    expect((await listUsers(world.service)).map(({ id }) => id)).not.toContain(user.id);
  });

  it.each([
    ['change', 'PATCH', { role: 'user' }],
    ['removal', 'DELETE', undefined],
  ])('that nobody knows are refused: %s', async (_what, method, body) => {
    const answer = await world.service.api(`/v1/users/${NOBODY}`, { method, body });
    expect(problem(answer)).toMatchObject({ status: 404, code: 'not_found', field: 'id' });
  });

  it('leave a trail, also in the feed, and are no change of policy', async () => {
    const account = async (): Promise<Account> => (await world.service.api('/v1/account')).json as Account;
    const { revision } = await account();
    const { cursor } = (
      await world.service.api('/v1/operations', {
        body: { operations: [{ id: ulid() }] },
      })
    ).json as { cursor: string };
    const { user } = await addPerson(world.service);
    await world.service.api(`/v1/users/${user.id}`, {
      method: 'PATCH',
      body: { permissions: ['api_keys'] },
    });
    expect(await newestAudit(world.service)).toMatchObject({
      action: 'user.update',
      target: user.id,
      actor: { kind: 'user', name: 'owner@example.com' },
      before: { permissions: [] },
      after: { permissions: ['api_keys'] },
    });
    await world.service.api(`/v1/users/${user.id}`, { method: 'DELETE' });
    expect(await newestAudit(world.service)).toMatchObject({ action: 'user.remove', after: null });
    expect((await account()).revision).toBe(revision);
    const { changes } = (await world.service.api(`/v1/changes?cursor=${cursor}`)).json as {
      changes: { kind: string; value: AuditEvent }[];
    };
    expect(changes.filter(({ kind }) => kind === 'audit').map(({ value }) => value.action)).toEqual([
      'user.create',
      'token.create',
      'user.update',
      'user.remove',
    ]);
  });

  it('change nothing, and leave no trail, when they are changed to what they are', async () => {
    const { user } = await addPerson(world.service, { permissions: ['api_keys'] });
    const before = await newestAudit(world.service);
    await world.service.api(`/v1/users/${user.id}`, {
      method: 'PATCH',
      body: { permissions: ['api_keys'], role: 'user' },
    });
    expect((await newestAudit(world.service))?.id).toBe(before?.id);
  });

  it('are limited in number', async () => {
    const service = await startTestService();
    try {
      for (let count = 1; count < MAX_USERS; count += 1) {
        const answer = await service.api('/v1/users', { body: { email: `u${count}@example.com` } });
        if (answer.status !== 201) throw new Error(`${count}: ${answer.text}`);
      }
      const over = await service.api('/v1/users', { body: { email: 'over@example.com' } });
      expect(problem(over)).toMatchObject({ status: 422, code: 'limit_reached' });
    } finally {
      await service.stop();
    }
  });
});

describe('who may do what', () => {
  const world = useControlPlane();
  const people = new Map<string, Person>();

  const person = async (kind: string): Promise<Person> => {
    const known = people.get(kind);
    if (known !== undefined) return known;
    const made = await addPerson(
      world.service,
      kind === 'owner'
        ? { role: 'owner' }
        : { permissions: kind === 'read only' ? [] : [kind as 'authorized_ips' | 'api_keys'] },
    );
    people.set(kind, made);
    return made;
  };

  const isAllowed = (kind: string, access: Access): boolean =>
    access === 'read' || kind === 'owner' || kind === access;

  const table = Object.entries(routes as Record<string, RouteContract>).flatMap(([name, route]) =>
    ['read only', 'authorized_ips', 'api_keys', 'owner'].map((kind) => ({
      name,
      kind,
      route,
      allowed: isAllowed(kind, route.access),
    })),
  );

  it.each(table)('$name with $kind: allowed is $allowed', async ({ kind, route, allowed }) => {
    const { api, user } = await person(kind);
    // Their own id where it is a user's, and one that nobody has elsewhere: what is refused is refused before that shows.
    const id = route.path.startsWith('/v1/users/:id/tokens') ? user.id : NOBODY;
    const answer = await api(route.path.replace(':id', id), {
      method: route.method,
      ...(route.body !== undefined && { body: {} }),
    });
    if (allowed) {
      expect([401, 403, 500], answer.text).not.toContain(answer.status);
    } else {
      expect(problem(answer)).toMatchObject({ status: 403, code: 'forbidden', required: route.access });
    }
  });
});
