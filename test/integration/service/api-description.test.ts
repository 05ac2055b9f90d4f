import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#shared/api/contract';
import { startTestService, type TestService } from '#test/support/service/test-service';

interface Described {
  readonly openapi: string;
  readonly servers: { url: string }[];
  readonly paths: Record<string, Record<string, { responses: object; parameters?: { name: string }[] }>>;
  readonly components: { schemas: Record<string, object> };
}

describe('the description of the API', () => {
  let service: TestService;
  let api: Described;
  beforeAll(async () => {
    service = await startTestService();
    const answer = await service.api('/openapi.json', { headers: { authorization: '' } });
    expect(answer.status).toBe(200);
    api = answer.json as Described;
  });
  afterAll(() => service.stop());

  it('is OpenAPI 3.1 and names this service', () => {
    expect(api.openapi).toBe('3.1.0');
    expect(api.servers).toEqual([{ url: service.url }]);
  });

  it('is valid by the schema of the specification', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(
      structuredClone(api) as unknown as Record<string, unknown>,
    );
    expect(errors ?? []).toEqual([]);
    expect([valid, validator.version]).toEqual([true, '3.1']);
  });

  it('has every route of the contract, and the paths without a token', () => {
    for (const { method, path } of Object.values(routes)) {
      const described = api.paths[path.replaceAll(/:([a-z]+)/gi, '{$1}')]?.[method.toLowerCase()];
      expect(described, `${method} ${path}`).toBeDefined();
    }
    for (const path of ['/v1/check', '/v1/check/{path}', '/healthz', '/readyz', '/metrics']) {
      expect(api.paths[path]?.['get'], path).toBeDefined();
    }
  });

  it('describes parameters: those of the path, of the query, and If-Match', () => {
    const names = (path: string, method: string) =>
      api.paths[path]?.[method]?.parameters?.map(({ name }) => name) ?? [];
    expect(names('/v1/ranges/{id}', 'patch')).toEqual(['id', 'If-Match']);
    expect(names('/v1/attempts', 'get')).toEqual(
      expect.arrayContaining([
        'limit',
        'cursor',
        'ip',
        'keyId',
        'verdict',
        'reason',
        'country',
        'q',
        'order',
      ]),
    );
  });

  it('resolves every reference', () => {
    const text = JSON.stringify(api);
    const refs = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(refs.length).toBeGreaterThan(20);
    for (const ref of new Set(refs)) {
      expect(ref).toMatch(/^#\/components\/schemas\/\w+$/);
      expect(Object.keys(api.components.schemas), ref).toContain(ref.split('/').at(-1));
    }
    expect(text).not.toContain('$defs');
  });

  it('has an id of its own for each operation', () => {
    const ids = Object.values(api.paths).flatMap((methods) =>
      Object.values(methods).map(
        (operation) => (operation as unknown as { operationId: string }).operationId,
      ),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('can be read as a page that loads nothing and runs nothing', async () => {
    const answer = await service.api('/docs', { headers: { authorization: '' } });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.text).not.toMatch(/<script|<link|<img|src=/);
    for (const { path } of Object.values(routes)) {
      expect(answer.text).toContain(`<code>${path.replaceAll(/:([a-z]+)/gi, '{$1}')}</code>`);
    }
    const anchors = [...answer.text.matchAll(/href="#([^"]+)"/g)].map((match) => match[1] ?? '');
    for (const anchor of new Set(anchors)) expect(answer.text).toContain(`id="${anchor}"`);
  });
});
