import { describe, expect, it } from 'vitest';
import { useControlPlane } from '#test/support/service/control-plane-world';
import { httpCall, OWNER_TOKEN } from '#test/support/service/test-service';

describe('no answer is taken for another type than it says', () => {
  const world = useControlPlane();

  it.each([
    ['GET', '/healthz', 200],
    ['GET', '/readyz', 200],
    ['GET', '/metrics', 200],
    ['GET', '/openapi.json', 200],
    ['GET', '/docs', 200],
    ['GET', '/reviews', 200],
    ['GET', '/reviews/01M86AYXYC6M773ZV322JMJGX2', 200],
    ['GET', `/mail/${'x'.repeat(43)}/authorize`, 404],
    ['GET', '/v1/account', 200],
    ['GET', '/v1/attempts/export', 200],
    ['GET', '/v1/attempts/export?format=ndjson', 200],
    ['GET', '/v1/attempts?limit=none', 400],
    ['DELETE', '/v1/account', 405],
    ['GET', '/nowhere', 404],
    ['GET', '/%zz', 400],
    ['GET', '/v1/check', 401],
  ])('%s %s', async (method, path, status) => {
    const answer = await httpCall(`${world.service.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${OWNER_TOKEN}` },
    });
    expect([answer.status, answer.headers['x-content-type-options']]).toEqual([status, 'nosniff']);
  });

  it('nor one to somebody without a token', async () => {
    const answer = await httpCall(`${world.service.url}/v1/account`);
    expect([answer.status, answer.headers['x-content-type-options']]).toEqual([401, 'nosniff']);
  });
});
