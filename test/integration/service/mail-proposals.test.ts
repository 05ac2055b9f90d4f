import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_SOURCES } from '#shared/api/routes-sources';
import type { Range, Review } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import { acceptIn, expectSafe, linksIn, OWNER, pressButton, useMail } from '#test/support/service/mail-world';
import { stopTestDatabases } from '#test/support/service/test-database';
import { httpCall } from '#test/support/service/test-service';

afterAll(stopTestDatabases);

const AGENT = 'shop/2.1';
/** Addresses of one large provider in one country, far apart. */
const PROVIDER = ['80.128.7.1', '84.128.7.1', '91.0.7.1', '87.128.7.1', '93.192.7.1'] as const;

describe('a proposal in an e-mail', () => {
  const world = useMail();
  let secret = '';
  let keyId = '';
  beforeEach(async () => {
    const created = await world.service.createKey('Shop');
    secret = created.secret;
    keyId = created.key.id;
  });

  const check = (ip: string) => world.service.check(secret, ip, { 'user-agent': AGENT });
  const reviewOf = async (ip: string): Promise<Review> => {
    await check(ip);
    const { items } = (await world.service.api('/v1/reviews?limit=1000')).json as { items: Review[] };
    const review = items.find((each) => each.ip === ip && each.keyId === keyId);
    if (review === undefined) throw new Error(`there is no review of ${ip}`);
    return review;
  };
  const authorized = async (ip: string): Promise<void> => {
    const { id } = await reviewOf(ip);
    const answer = await world.service.api(`/v1/reviews/${id}/authorize`, { body: { scope: 'address' } });
    expect(answer.status).toBe(200);
  };
  /** Has the address ask, and resolves with the links of the message about it. */
  const mailed = async (ip: string) => {
    const review = await reviewOf(ip);
    const received = await world.mailTo(OWNER, ip);
    return { review, accept: acceptIn(received), ...linksIn(received) };
  };
  const sources = async (): Promise<Source[]> =>
    ((await world.service.api('/v1/sources')).json as { items: Source[] }).items;

  it('lets the network in after three of its addresses were authorized, with one press', async () => {
    for (const ip of PROVIDER.slice(0, 3)) await authorized(ip);
    const { review, accept, open, authorize } = await mailed(PROVIDER[3]);
    expect(review.proposal).toMatchObject({ kind: 'network', asn: 3320, covers: 4 });

    const choices = await httpCall(open);
    expect(choices.text).toContain('Authorize the network AS3320');
    const page = await httpCall(accept);
    expectSafe(page);
    expect(page.text).toContain('This is one of 4 addresses in AS3320');
    expect(page.text).toContain('Nothing has been changed yet');
    expect((await httpCall(accept, { method: 'POST' })).status).toBe(400);
    expect(await sources()).toEqual([]);

    const done = await pressButton(accept, page);
    expect(done.status).toBe(200);
    expectSafe(done);
    expect(done.text).toContain('is authorized');
    expect(await sources()).toMatchObject([
      { kind: 'asn', spec: { asn: 3320 }, effect: 'authorize', keyId, createdBy: OWNER },
    ]);
    expect((await check(PROVIDER[4])).status).toBe(200);
    expect(await world.review(review.id)).toMatchObject({ status: 'superseded' });
    const [added] = (await world.audit()).filter(({ action }) => action === 'source.add');
    expect(added).toMatchObject({ via: 'email', actor: { kind: 'email', name: OWNER } });

    for (const link of [accept, authorize]) {
      expect((await httpCall(link)).text).toContain('A link works once.');
    }
    expect((await pressButton(accept, page)).status).toBe(409);
    expect(await sources()).toHaveLength(1);
  });

  it('lets the range in that holds the addresses, for the key alone', async () => {
    await authorized('80.128.9.1');
    const { review, accept } = await mailed('80.128.9.14');
    expect(review.proposal).toMatchObject({ kind: 'range', cidr: '80.128.9.0/28' });
    const page = await httpCall(accept);
    expect(page.text).toContain('Authorize 80.128.9.0/28?');
    expect((await pressButton(accept, page)).text).toContain('80.128.9.0/28 is authorized');
    expect(await world.review(review.id)).toMatchObject({ status: 'authorized', decidedBy: OWNER });
    const { items } = (await world.service.api('/v1/ranges?limit=1000')).json as { items: Range[] };
    expect(items.find(({ cidr }) => cidr === '80.128.9.0/28')).toMatchObject({ effect: 'authorize', keyId });
  });

  it('is gone when somebody declines it, and the address can still be authorized', async () => {
    await authorized('80.128.11.1');
    const { review, accept, open, authorize } = await mailed('80.128.11.14');
    const page = await httpCall(accept);
    await world.service.api(`/v1/reviews/${review.id}/decline-proposal`, { method: 'POST' });
    for (const answer of [await httpCall(accept), await pressButton(accept, page)]) {
      expect(answer.status).toBe(409);
      expect(answer.text).toContain('This is not proposed any more');
    }
    expect((await httpCall(open)).text).not.toContain('/accept');
    expect((await pressButton(authorize)).status).toBe(200);
    expect((await check('80.128.11.14')).status).toBe(200);
  });

  it('is refused for a network while the account has as many sources as it may have', async () => {
    await authorized('79.192.7.1');
    const { accept, authorize } = await mailed('84.160.7.1');
    const page = await httpCall(accept);
    const { key } = await world.service.createKey('Others');
    for (let asn = 64_512 + (await sources()).length; asn < 64_512 + MAX_SOURCES; asn += 1) {
      const body = { kind: 'asn', spec: { asn }, keyId: key.id };
      expect((await world.service.api('/v1/sources', { body })).status).toBe(201);
    }
    const refused = await pressButton(accept, page);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('The account has too many sources');
    expect((await httpCall(authorize)).text).toContain('Authorize 84.160.7.1?');
  });
});
