import { beforeEach, describe, expect, it } from 'vitest';
import { createToken, listTokens, removeToken } from '#electron/core/use-cases/manage-tokens';
import { createUser, listUsers, removeUser, updateUser } from '#electron/core/use-cases/manage-users';
import { simulate } from '#electron/core/use-cases/simulate';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { addPerson } from '#test/support/service/people';

const world = useRemoteWorld();

describe('users and access tokens from the console', () => {
  beforeEach(() => world.connectAndSync());

  it('are added, changed and removed at the service', async () => {
    const { core } = world.console;
    const ana = value(
      await createUser(core, { email: 'ana@example.com', role: 'user', permissions: ['api_keys'] }),
    );
    expect(value(await listUsers(core)).map(({ email }) => email)).toContain('ana@example.com');
    const changed = value(
      await updateUser(core, { userId: ana.id, changes: { permissions: ['authorized_ips'] } }),
    );
    expect(changed.permissions).toEqual(['authorized_ips']);

    const made = value(await createToken(core, { userId: ana.id, name: 'Laptop', expiresAt: null }));
    expect(made.secret).toMatch(/^gt_/);
    expect(value(await listTokens(core, { userId: ana.id }))).toEqual([made.token]);
    value(await removeToken(core, { tokenId: made.token.id }));
    expect(value(await listTokens(core, { userId: ana.id }))).toEqual([]);

    value(await removeUser(core, { userId: ana.id }));
    expect(value(await listUsers(core))).toHaveLength(1);
    expect(world.console.log.text).not.toContain(made.secret);
  });

  it('are refused in words: the only owner, a known e-mail address, an expiry that has passed', async () => {
    const { core } = world.console;
    const [owner] = value(await listUsers(core));
    const userId = owner?.id ?? '';
    expect(await removeUser(core, { userId })).toMatchObject({
      ok: false,
      failure: {
        kind: 'conflict',
        code: 'last_owner',
        message: expect.stringContaining('only owner') as unknown,
      },
    });
    expect(await updateUser(core, { userId, changes: { role: 'user' } })).toMatchObject({
      ok: false,
      failure: { code: 'last_owner' },
    });
    const again = { email: owner?.email ?? '', role: 'user' as const, permissions: [] };
    expect(await createUser(core, again)).toMatchObject({ ok: false, failure: { code: 'email_taken' } });
    const past = { userId, name: 'Old', expiresAt: '2020-01-01T00:00:00.000Z' };
    expect(await createToken(core, past)).toMatchObject({
      ok: false,
      failure: { kind: 'invalid', field: 'expiresAt' },
    });
  });

  it('are not for somebody who is no owner, but for their own tokens', async () => {
    const person = await addPerson(world.service, { permissions: ['authorized_ips'] });
    value(await world.connectTo(world.service, person.secret));
    const { core } = world.console;
    expect(value(await listUsers(core))).toHaveLength(2);
    expect(value(await listTokens(core, { userId: person.user.id }))).toHaveLength(1);
    expect(await createUser(core, { email: 'x@example.com', role: 'user', permissions: [] })).toMatchObject({
      ok: false,
      failure: { kind: 'forbidden', required: 'owner' },
    });
  });
});

describe('a simulation from the console', () => {
  it('says what another mode would have made of the log, and changes nothing', async () => {
    await world.service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'deactivated' } });
    const { secret, key } = await world.service.createKey('Billing');
    await world.service.check(secret, '203.0.113.9');
    await world.connectAndSync();
    const simulated = value(
      await simulate(world.console.core, { mode: 'manual', addRanges: [], removeRangeIds: [] }),
    );
    expect(simulated).toMatchObject({
      changed: 1,
      changes: [{ ip: '203.0.113.9', keyId: key.id, after: { verdict: 'blocked', reason: 'unknown' } }],
    });
    expect(world.mirror().account?.mode).toBe('deactivated');
  });
});
