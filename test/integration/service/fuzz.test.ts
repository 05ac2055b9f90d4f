import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#shared/api/contract';
import { problemCodeSchema, problemSchema } from '#shared/api/problem';
import type { RouteContract } from '#shared/api/route-contract';
import { idSchema, verdictSchema } from '#shared/domain/entities';
import {
  httpCall,
  startTestService,
  type Answer,
  type TestService,
} from '#test/support/service/test-service';

/** Longer than anything here may take; a hang shows as a failure of its own and not as the test's. */
const HANG_MS = 10_000;

const within = <T>(what: string, answer: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${HANG_MS} ms: ${what}`)), HANG_MS);
  });
  return Promise.race([answer, hang]).finally(() => clearTimeout(timer));
};

/** Text that Node's client agrees to send as a header's value. */
const headerValue = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
  fc.constantFrom('', ' ', ',', ', ,', '::', '[::1]:', '1.2.3.4:99999', 'unknown', '_hidden', '"quoted"'),
  fc
    .array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('10.0.0.1:80', 'x')), { maxLength: 80 })
    .map((hops) => hops.join(', ')),
  // Latin-1 beyond ASCII, which header values may hold.
  fc.string({
    unit: fc.integer({ min: 0xa1, max: 0xff }).map((code) => String.fromCharCode(code)),
    maxLength: 40,
  }),
);

const headers = fc.dictionary(
  fc.constantFrom(
    'x-forwarded-for',
    'x-original-method',
    'x-original-uri',
    'x-original-url',
    'x-forwarded-uri',
    'x-forwarded-method',
    'authorization',
    'x-api-key',
    'user-agent',
    'if-match',
    'x-gatehouse-client',
    'accept',
    'forwarded',
  ),
  headerValue,
  { maxKeys: 6 },
);

describe('whatever arrives', () => {
  let service: TestService;
  let secret = '';
  let someId = '';
  beforeAll(async () => {
    // An account that lets nobody in by itself, and has nobody on its list.
    service = await startTestService({ mode: 'manual' });
    const created = await service.createKey();
    ({ secret } = created);
    someId = created.key.id;
  });
  afterAll(() => service.stop());

  /** A refusal that programs can read; nothing unexpected, and no inner workings in it. */
  const expectReadable = (answer: Answer, what: string): void => {
    expect(answer.status, `${what}: ${answer.text}`).toBeLessThan(500);
    if (answer.status < 400) return;
    const problem = problemSchema.parse(answer.json);
    expect(problemCodeSchema.options, what).toContain(problem.code);
    expect(answer.text).not.toMatch(/\bat .*\.(ts|js):\d+|SQLITE|node_modules/);
  };

  it('/v1/check gives a verdict or says why it cannot, and never lets an unknown address in', async () => {
    await fc.assert(
      fc.asyncProperty(
        headers,
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'),
        fc.string({ unit: fc.constantFrom(...'/?#%&=ab0:@~-_'.split('')), maxLength: 60 }),
        fc.boolean(),
        async (extra, method, rest, withKey) => {
          const path = `/v1/check${rest === '' || rest.startsWith('?') ? rest : `/${rest}`}`;
          const answer = await within(
            `${method} ${path} ${JSON.stringify(extra)}`,
            httpCall(`${service.url}${path}`, {
              method,
              headers: { ...extra, ...(withKey && { 'api-key': secret }) },
            }),
          );
          expect([400, 401], JSON.stringify([extra, path, answer.status])).toContain(answer.status);
          expect(verdictSchema.parse(answer.headers['x-gatehouse-verdict'])).toBe('blocked');
          expect(answer.json).toMatchObject({ code: expect.any(String) as string });
        },
      ),
      { numRuns: 400 },
    );
  });

  it('an address cannot be talked into the list by headers', async () => {
    await service.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } });
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.ipV4(), { maxLength: 5 }), headers, async (claimed, extra) => {
          const { 'x-forwarded-for': _forged, ...others } = extra;
          // The proxy appends the real caller; whatever the caller claimed stands to the left of it.
          const chain = [...claimed, '203.0.113.9', '198.51.100.200'].join(', ');
          const answer = await httpCall(`${service.url}/v1/check`, {
            headers: { ...others, 'api-key': secret, 'x-forwarded-for': chain },
          });
          // Among the other headers there may be a second key.
          expect(['unknown', 'ambiguous_key']).toContain(answer.headers['x-gatehouse-reason']);
        }),
        { numRuns: 100 },
      );
    } finally {
      const [range] = ((await service.api('/v1/ranges')).json as { items: { id: string }[] }).items;
      await service.api(`/v1/ranges/${range?.id ?? ''}`, { method: 'DELETE' });
    }
  });

  it('every call of the control plane answers any query, body and id with a result or a problem', async () => {
    const calls = Object.values(routes) as RouteContract[];
    const anyText = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('0', '-1', '1e9', 'NaN', 'null', '[]', '2026-02-30T00:00:00Z', '10.0.0.0/8', '%'),
      fc.ulid(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...calls),
        fc.oneof(fc.ulid(), fc.constant('<some id>'), anyText),
        fc.dictionary(
          fc.constantFrom(
            'limit',
            'cursor',
            'ip',
            'keyId',
            'q',
            'from',
            'to',
            'status',
            'top',
            'format',
            'odd',
          ),
          anyText,
          { maxKeys: 3 },
        ),
        fc.oneof(
          fc.json({ maxDepth: 3 }),
          fc.string({ maxLength: 60 }),
          fc
            .record(
              {
                cidr: anyText,
                label: fc.anything({ maxDepth: 1 }),
                expiresAt: anyText,
                keyId: anyText,
                mode: anyText,
                name: fc.constant(''),
                scope: fc.oneof(anyText, fc.record({ cidr: anyText })),
                text: anyText,
                operations: fc.array(
                  fc.record(
                    { id: fc.oneof(fc.ulid(), anyText), type: anyText, cidr: anyText },
                    { requiredKeys: [] },
                  ),
                  { maxLength: 3 },
                ),
              },
              { requiredKeys: [] },
            )
            .map((body) => JSON.stringify(body)),
        ),
        headers,
        async (contract, id, query, body, extra) => {
          const path = contract.path.replace(':id', encodeURIComponent(id === '<some id>' ? someId : id));
          // A long poll is no hang.
          const search = new URLSearchParams(query).toString();
          const { authorization: _auth, ...others } = extra;
          const answer = await within(
            `${contract.method} ${path}?${search} ${body}`,
            service.api(`${path}?${search}`, {
              method: contract.method,
              headers: others,
              ...(contract.method !== 'GET' && { body }),
            }),
          );
          expectReadable(answer, `${contract.method} ${path}?${search} ${body}`);
        },
      ),
      { numRuns: 800 },
    );
  });

  it('tokens of any shape are refused, and never let through', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          headerValue,
          fc.string({ maxLength: 60 }).map((t) => `Bearer ${t}`),
        ),
        async (token) => {
          fc.pre(/^[\x20-\x7e\xa1-\xff]*$/.test(token));
          const answer = await within(
            token,
            httpCall(`${service.url}/v1/account`, { headers: { authorization: token } }),
          );
          expect([401, 429]).toContain(answer.status);
          expectReadable(answer, token);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('bytes that are no HTTP end the connection and nothing else', async () => {
    const { hostname, port } = new URL(service.url);
    const send = (bytes: Uint8Array): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(Number(port), hostname);
        let text = '';
        socket.on('data', (chunk) => (text += chunk.toString('latin1')));
        socket.on('error', () => resolve(text));
        socket.on('close', () => resolve(text));
        socket.end(bytes);
      });
    const request = (head: string) => Buffer.from(head, 'latin1');
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc
            .string({ unit: 'binary', maxLength: 80 })
            .map((t) => request(`GET /v1/check HTTP/1.1\r\nhost: a\r\napi-key: ${t}\r\n\r\n`)),
          fc
            .string({ unit: 'binary', maxLength: 80 })
            .map((t) => request(`GET /v1/check${t} HTTP/1.1\r\nhost: a\r\n\r\n`)),
          fc.constantFrom(
            request('GET /v1/check HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n'),
            request(
              'POST /v1/check HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\nabc',
            ),
            request(`GET /v1/check HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`),
            request(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`),
            request('GET /v1/check HTTP/9.9\r\n\r\n'),
          ),
        ),
        async (bytes) => {
          const text = await within(Buffer.from(bytes).toString('hex'), send(bytes));
          expect(text).not.toMatch(/^HTTP\/1\.1 (2|5)\d\d/m);
        },
      ),
      { numRuns: 200 },
    );
    expect((await service.api('/v1/account')).status).toBe(200);
  });

  it('bodies, headers and lists beyond their limits are refused by name', async () => {
    const large = await service.api('/v1/ranges', {
      body: { cidr: '192.0.2.1', label: 'x'.repeat(2_000_000) },
    });
    expect(large.status).toBe(413);
    expect(large.json).toMatchObject({ code: 'payload_too_large', field: 'body' });
    const long = await service.api('/v1/ranges', { body: { cidr: '192.0.2.1', label: 'x'.repeat(201) } });
    expect(long.json).toMatchObject({ code: 'invalid_request', field: 'label' });
    const many = Array.from({ length: 501 }, () => ({ id: someId, type: 'mode.set', mode: 'manual' }));
    const operations = await service.api('/v1/operations', { body: { operations: many } });
    expect(operations.json).toMatchObject({ code: 'invalid_request', field: 'operations' });
    expect((await service.api('/v1/ranges?limit=1001')).json).toMatchObject({ field: 'limit' });
  });

  it('leaves an account behind that is as strict as before', async () => {
    expect((await service.api('/v1/account')).json).toMatchObject({ mode: 'manual' });
    expect(idSchema.safeParse(someId).success).toBe(true);
    expect((await service.check(secret, '198.51.100.201')).status).toBe(401);
  });
});
