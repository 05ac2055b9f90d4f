import { BrevoClient, BrevoError } from '@getbrevo/brevo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { hasNginx, nginx } from '#test/support/service/nginx';
import { startProtectedApi, type ProtectedApi } from '#test/support/service/protected-api';
import type { TestProxy } from '#test/support/service/proxy';
import { unrecognised } from '#test/support/service/proxy-world';
import { startTestService, type TestService } from '#test/support/service/test-service';

/** What the vendor documents for GET /v3/account. https://developers.brevo.com/reference/getaccount */
const ACCOUNT = {
  organization_id: '8cf24b8e3ae75ab3b0ae0a68',
  user_id: 7,
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  companyName: 'Engines',
  enterprise: false,
  address: { street: '12 Dorset Street', city: 'London', zipCode: 'W1U 6QS', country: 'United Kingdom' },
  plan: [{ type: 'free', credits: 300, creditsType: 'sendLimit' }],
  relay: {
    enabled: true,
    data: { userName: 'ada@example.com', relay: 'smtp-relay.example.com', port: 587 },
  },
};

if (!hasNginx()) console.warn("The test of the vendor's client is SKIPPED: nginx is not installed.");

describe.skipIf(!hasNginx())("the vendor's own client behind nginx", () => {
  let service: TestService;
  let api: ProtectedApi;
  let proxy: TestProxy;
  let client: BrevoClient;
  beforeAll(async () => {
    service = await startTestService({ env: { GATEHOUSE_TRUSTED_PROXIES: '127.0.0.1/32' } });
    api = await startProtectedApi(({ method, url }) => {
      if (method === 'GET' && url === '/v3/account') return { status: 200, body: ACCOUNT };
      if (method === 'POST' && url === '/v3/smtp/email')
        return { status: 201, body: { messageId: '<1@api>' } };
      return { status: 404, body: { code: 'not_found', message: 'not found' } };
    });
    proxy = await nginx.start({ service: new URL(service.url).host, api: api.host });
    const { secret } = await service.createKey();
    client = new BrevoClient({ apiKey: secret, baseUrl: `${proxy.url}/v3`, maxRetries: 0 });
  });
  afterAll(async () => {
    await proxy.stop();
    await api.stop();
    await service.stop();
  });

  const send = () =>
    client.transactionalEmails.sendTransacEmail({
      subject: 'Grüße',
      textContent: 'Hello',
      sender: { email: 'ada@example.com' },
      to: [{ email: 'charles@example.com' }],
    });

  it('throws the error that its users know, and works once the address is authorized', async () => {
    const refused = await client.account.getAccount().catch((error: unknown) => error);
    const [review] = ((await service.api('/v1/reviews')).json as { items: [Review] }).items;
    expect(refused).toBeInstanceOf(BrevoError);
    const { statusCode, body, message } = refused as BrevoError;
    expect(statusCode).toBe(401);
    // What is seen in the logs of those who use the client.
    expect(message).toContain('We have detected you are using an unrecognised IP address 127.0.0.1.');
    expect(body).toEqual(unrecognised(service.url, '127.0.0.1', review.id));
    await expect(send()).rejects.toMatchObject({ statusCode: 401, body: { code: 'unauthorized' } });
    expect(api.reached).toEqual([]);

    await service.api(`/v1/reviews/${review.id}/authorize`, { body: { scope: 'address' } });
    expect(await client.account.getAccount()).toEqual(ACCOUNT);
    expect(await send()).toEqual({ messageId: '<1@api>' });
    expect(JSON.parse(api.reached[1]?.body ?? '')).toMatchObject({ subject: 'Grüße' });
  });

  it('says so where the key is wrong', async () => {
    const stranger = new BrevoClient({ apiKey: 'gk_wrong', baseUrl: `${proxy.url}/v3`, maxRetries: 0 });
    await expect(stranger.account.getAccount()).rejects.toMatchObject({
      statusCode: 401,
      body: { code: 'unauthorized', message: 'Key not found', reason: 'invalid_key' },
    });
  });
});
