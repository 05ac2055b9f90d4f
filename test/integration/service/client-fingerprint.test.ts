import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RouteResponse } from '#shared/api/route-types';
import type { Range } from '#shared/domain/entities';
import { MAX_FINGERPRINTS } from '#service/trust/fingerprint';
import { manualClock } from '#test/support/manual-clock';
import { startTestService, type Answer, type TestService } from '#test/support/service/test-service';

const DAY_MS = 86_400_000;
const OFFICE = '81.184.10.5';
const STRANGER = '81.184.77.9';
const JA4 = 't13d1516h2_8daaf6152771_b186095e22b6';

describe('the fingerprint of the TLS client', () => {
  const clock = manualClock();
  let service: TestService;
  let secret = '';
  let keyId = '';

  const check = (ip: string, fingerprint: string): Promise<Answer> =>
    service.check(secret, ip, { 'x-ja4': fingerprint });
  const evidenceOf = async (fingerprint: string | undefined) => {
    const query = new URLSearchParams({
      keyId,
      ip: STRANGER,
      ...(fingerprint !== undefined && { fingerprint }),
    });
    const { trust } = (await service.api(`/v1/explain?${query.toString()}`)).json as RouteResponse<'explain'>;
    return trust?.evidence.find(({ signal }) => signal === 'client-fingerprint');
  };

  beforeEach(async () => {
    service = await startTestService({
      clock,
      mode: 'learning',
      env: { GATEHOUSE_FINGERPRINT_HEADER: 'X-JA4' },
    });
    const created = await service.createKey();
    ({ secret } = created);
    keyId = created.key.id;
    await check(OFFICE, JA4);
    clock.advance(5 * DAY_MS);
    await check(OFFICE, JA4);
    await service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'automatic' } });
  });
  afterEach(() => service.stop());

  it('speaks for a caller with one that the key is used with, also after a restart', async () => {
    await service.restart();
    expect((await evidenceOf(JA4))?.weight).toBeGreaterThan(0);
    expect(await evidenceOf('t12d0000h1_other')).toBeUndefined();
    expect(await evidenceOf(undefined)).toBeUndefined();
  });

  it('is read of the call itself, and is in its review', async () => {
    await check('5.9.1.2', JA4);
    const { items } = (await service.api('/v1/reviews')).json as RouteResponse<'listReviews'>;
    expect(items.find(({ ip }) => ip === '5.9.1.2')?.evidence.map(({ signal }) => signal)).toContain(
      'client-fingerprint',
    );
  });

  it('of a blocked caller is not remembered', async () => {
    await check('5.9.1.2', 'thief');
    clock.advance(5 * DAY_MS);
    await check('5.9.1.2', 'thief');
    expect(await evidenceOf('thief')).toBeUndefined();
  });

  it('is forgotten with the range', async () => {
    const { items } = (await service.api('/v1/ranges')).json as { items: Range[] };
    for (const { id } of items) await service.api(`/v1/ranges/${id}`, { method: 'DELETE' });
    expect(await evidenceOf(JA4)).toBeUndefined();
  });

  it('has a number where it ends, in each range', async () => {
    for (let call = 0; call < MAX_FINGERPRINTS.ofRange + 5; call += 1) {
      clock.advance(60_000);
      await check(OFFICE, `client-${call}`);
    }
    clock.advance(5 * DAY_MS);
    const last = MAX_FINGERPRINTS.ofRange - 2;
    expect((await evidenceOf(`client-${last}`))?.weight).toBeGreaterThan(0);
    expect(await evidenceOf(`client-${last + 1}`)).toBeUndefined();
    expect((await evidenceOf(JA4))?.weight).toBeGreaterThan(0);
  });
});
