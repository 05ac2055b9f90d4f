import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent, Review } from '#shared/domain/entities';
import { DAY_MS } from '#shared/durations';
import type { Proposal } from '#shared/domain/proposal';
import { manualClock } from '#test/support/manual-clock';
import { startTestService, type TestService } from '#test/support/service/test-service';

/** Addresses of one large provider in one country, far apart. */
const PROVIDER = ['80.128.7.1', '84.128.7.1', '91.0.7.1', '87.128.7.1'] as const;
const AGENT = 'shop/2.1';

describe('what would have covered the addresses that people authorized', () => {
  let service: TestService;
  let secret: string;
  const clock = manualClock();

  beforeEach(async () => {
    service = await startTestService({ clock, mode: 'manual' });
    ({ secret } = await service.createKey());
  });
  afterEach(() => service.stop());

  const opened = async (ip: string, agent = AGENT): Promise<Review> => {
    await service.check(secret, ip, { 'user-agent': agent });
    const { items } = (await service.api('/v1/reviews?status=pending')).json as { items: Review[] };
    const review = items.find((each) => each.ip === ip);
    if (review === undefined) throw new Error(`there is no review of ${ip}`);
    return review;
  };
  const authorized = async (ip: string, agent?: string): Promise<void> => {
    const { id } = await opened(ip, agent);
    const answer = await service.api(`/v1/reviews/${id}/authorize`, { body: { scope: 'address' } });
    expect(answer.status).toBe(200);
  };
  const decline = async ({ id }: Review): Promise<unknown> => {
    const answer = await service.api(`/v1/reviews/${id}/decline-proposal`, { method: 'POST' });
    expect(answer.status).toBe(200);
    return answer.json;
  };
  const proposedFor = async (ip: string, agent?: string): Promise<Proposal | null> =>
    (await opened(ip, agent)).proposal;

  it('is their network, with how many addresses that is, for the second one and every further one', async () => {
    expect(await proposedFor(PROVIDER[0])).toBeNull();
    await authorized(PROVIDER[0]);
    const second = await opened(PROVIDER[1]);
    expect(second.proposal).toMatchObject({ kind: 'network', asn: 3320, covers: 2 });
    const { ipv4Addresses } = second.proposal as Extract<Proposal, { kind: 'network' }>;
    expect(ipv4Addresses).toBeGreaterThan(10_000_000);
    await authorized(PROVIDER[1]);
    expect(await proposedFor(PROVIDER[2])).toMatchObject({ kind: 'network', covers: 3 });
    expect(await proposedFor(PROVIDER[3], 'curl/8.5.0')).toBeNull();
  });

  it('lets in the further addresses once it is accepted, and answers those that wait', async () => {
    await authorized(PROVIDER[0]);
    const { id, keyId } = await opened(PROVIDER[1]);
    const added = await service.api('/v1/sources', { body: { kind: 'asn', spec: { asn: 3320 }, keyId } });
    expect(added.status).toBe(201);
    expect((await service.check(secret, PROVIDER[2])).status).toBe(200);
    const { items } = (await service.api('/v1/reviews')).json as { items: Review[] };
    expect(items.find((review) => review.id === id)?.status).toBe('superseded');
  });

  it('is the smallest range of near addresses', async () => {
    await authorized('80.128.7.1');
    expect(await proposedFor('80.128.7.14')).toEqual({ kind: 'range', cidr: '80.128.7.0/28', covers: 2 });
  });

  it('does not come back for the network within 30 days after it was declined, for this key', async () => {
    await authorized(PROVIDER[0]);
    const waiting = await opened(PROVIDER[1]);
    expect(await decline(waiting)).toMatchObject({ review: { id: waiting.id, proposal: null, version: 1 } });
    expect((await opened(PROVIDER[1])).proposal).toBeNull();
    clock.advance(29 * DAY_MS);
    expect(await proposedFor(PROVIDER[2])).toBeNull();
    const { items } = (await service.api('/v1/audit')).json as { items: AuditEvent[] };
    expect(items.some(({ action }) => action === 'review.proposal_declined')).toBe(true);
    ({ secret } = await service.createKey());
    await authorized(PROVIDER[3]);
    expect(await proposedFor(PROVIDER[1])).not.toBeNull();
  });

  it('comes back after 30 days', async () => {
    await authorized(PROVIDER[0]);
    await decline(await opened(PROVIDER[1]));
    clock.advance(30 * DAY_MS + 1);
    expect(await proposedFor(PROVIDER[2])).not.toBeNull();
  });

  it('is nothing while many addresses wait: the key is probably leaked', async () => {
    await authorized(PROVIDER[0]);
    for (let host = 1; host <= 10; host += 1) await opened(`203.0.113.${host}`);
    expect(await proposedFor(PROVIDER[1])).toBeNull();
  });
});
