import fc from 'fast-check';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headerText, sentHeader } from '#service/http/check/request-headers';
import { sendRaw } from '#test/support/service/raw-http';

const NAMES = ['api-key', 'x-api-key', 'x-forwarded-for', 'x-gatehouse-body', 'x-other'] as const;

/** Upper and lower case as it comes. */
const aSpelling = (name: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((upper) =>
      name.replaceAll(/./g, (letter, index: number) => (upper[index] ? letter.toUpperCase() : letter)),
    );

const aHeader = fc.tuple(
  fc.constantFrom(...NAMES).chain(aSpelling),
  fc.constantFrom('', ' ', 'a', ' b ', '203.0.113.9', 'one, two', ',', '\u00e9'),
);

describe('headers as they were sent', () => {
  let server: Server;
  let seen: IncomingMessage | undefined;
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen = request;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  it('say the same as those that Node has sorted', async () => {
    const { port } = server.address() as AddressInfo;
    await fc.assert(
      fc.asyncProperty(fc.array(aHeader, { maxLength: 8 }), async (headers) => {
        const lines = headers.map(([name, value]) => `${name}:${value}`);
        const request = ['GET / HTTP/1.1', 'host: a', ...lines, 'connection: close', '\r\n'].join('\r\n');
        seen = undefined;
        await sendRaw(`http://127.0.0.1:${port}`, request);
        const { rawHeaders, headers: sorted } = seen as unknown as IncomingMessage;
        for (const name of NAMES) {
          const sent = sentHeader(rawHeaders, name);
          expect(sent === '' ? undefined : sent).toBe(headerText(sorted, name));
        }
      }),
      { numRuns: 300 },
    );
  });
});
