import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account, AuditEvent, Range, Review } from '#shared/domain/entities';
import { problem } from '#test/support/service/problem-answer';
import { startTestService, type Answer, type TestService } from '#test/support/service/test-service';

describe('the account', () => {
  let service: TestService;
  let secret = '';
  beforeEach(async () => {
    service = await startTestService({ mode: 'learning' });
    ({ secret } = await service.createKey());
  });
  afterEach(() => service.stop());

  const account = async (): Promise<Account> => (await service.api('/v1/account')).json as Account;
  const update = (body: object): Promise<Answer> => service.api('/v1/account', { method: 'PATCH', body });
  const cidrs = async (): Promise<string[]> =>
    ((await service.api('/v1/ranges')).json as { items: Range[] }).items.map(({ cidr }) => cidr);

  it('adds ranges of the size that it is set to: by learning, by approvals, also after a restart', async () => {
    await service.check(secret, '198.51.100.7');
    const changed = await update({ grants: { ipv4PrefixLength: 32, ipv6PrefixLength: 56 } });
    expect(changed.json).toMatchObject({ grants: { ipv4PrefixLength: 32, ipv6PrefixLength: 56 } });
    await service.check(secret, '203.0.113.9');
    await service.restart();
    await service.check(secret, '2001:db8:1:1ff::1');
    expect(await cidrs()).toEqual(['198.51.100.0/24', '203.0.113.9/32', '2001:db8:1:100::/56']);
    await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
    await service.check(secret, '192.0.2.5');
    const [review] = ((await service.api('/v1/reviews?status=pending')).json as { items: Review[] }).items;
    expect(review?.suggestedCidr).toBe('192.0.2.5/32');
    await service.api(`/v1/reviews/${review?.id ?? ''}/authorize`, { body: { scope: 'subnet' } });
    expect(await cidrs()).toContain('192.0.2.5/32');
  });

  it('is a change of policy with its trail, unless nothing changes', async () => {
    const before = await account();
    await update({ name: 'Acme', grants: { ipv4PrefixLength: 28 } });
    const after = await account();
    expect(after).toMatchObject({
      name: 'Acme',
      revision: before.revision + 1,
      grants: { ipv4PrefixLength: 28, ipv6PrefixLength: 64 },
    });
    const [event] = ((await service.api('/v1/audit?limit=1')).json as { items: AuditEvent[] }).items;
    expect(event).toMatchObject({
      action: 'account.update',
      before: { name: before.name, grants: { ipv4PrefixLength: 24 } },
      after: { name: 'Acme', grants: { ipv4PrefixLength: 28 } },
    });
    await update({ name: 'Acme' });
    expect((await account()).revision).toBe(after.revision);
  });

  it.each([
    ['nothing', {}, 'body'],
    ['a grant that is very wide', { grants: { ipv4PrefixLength: 7 } }, 'grants.ipv4PrefixLength'],
    ['a grant that is none', { grants: { ipv6PrefixLength: 129 } }, 'grants.ipv6PrefixLength'],
    ['an empty name', { name: ' ' }, 'name'],
    ['something unknown', { mode: 'manual' }, 'mode'],
  ])('refuses %s', async (_what, body, field) => {
    expect(problem(await update(body))).toMatchObject({ code: 'invalid_request', field });
  });
});
