import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '#test/support/service/protected-api';
import { describeEachProxy, PROXY_ADDRESS, useProxy } from '#test/support/service/proxy-world';

describeEachProxy('a call with more than one key', (kind) => {
  const world = useProxy(kind);
  let other: string;
  beforeAll(async () => {
    await world.authorize(PROXY_ADDRESS);
    other = (await world.service.createKey('Another')).secret;
  });

  /** All that an API may take for a key, of the calls that reached it. */
  const keysThatReached = (): readonly string[] =>
    world.api.reached.flatMap(({ rawHeaders }) =>
      rawHeaders.filter(
        (_text, index) =>
          index % 2 === 1 &&
          /^(?:x[^a-z0-9])?api[^a-z0-9]key$|^authorization$/i.test(rawHeaders[index - 1] ?? ''),
      ),
    );
  const call = (...lines: string[]) =>
    callApi(`${world.proxy.url}/v3/account`, { lines: ['Connection', 'close', ...lines] });

  it.each([
    ['Basic', 'Basic OTHER'],
    ['Token', 'Token OTHER'],
    ['Bearer and a tab', 'Bearer\tOTHER'],
    ['a tab before Bearer', '\tBearer\tOTHER'],
    ['no scheme', 'OTHER'],
    ['another word before', 'Token Bearer OTHER'],
    ['nothing', 'Bearer'],
  ])('what the service does not read does not reach the API: %s', async (_name, authorization) => {
    const value = authorization.replace('OTHER', other);
    for (const lines of [
      ['Api-Key', world.secret, 'Authorization', value],
      ['AUTHORIZATION', value, 'X-API-KEY', world.secret],
    ]) {
      world.api.forget();
      expect((await call(...lines)).status).toBe(200);
      expect(keysThatReached()).toEqual([world.secret]);
    }
    expect((await call('Authorization', value)).json).toMatchObject({ reason: 'missing_key' });
  });

  it.each(['Bearer KEY', 'bearer KEY', 'BEARER   KEY'])(
    'a bearer token is passed on as it is: %s',
    async (text) => {
      const value = text.replace('KEY', world.secret);
      expect((await call('Authorization', value)).status).toBe(200);
      expect(keysThatReached()).toEqual([value]);
    },
  );

  it('the same key in two headers is one key', async () => {
    expect((await call('Api-Key', world.secret, 'Authorization', `Bearer ${world.secret}`)).status).toBe(200);
    expect(keysThatReached()).toEqual([world.secret, `Bearer ${world.secret}`]);
  });

  describe('that differ, is refused, or the API gets the evaluated one alone', () => {
    beforeEach(() => world.api.forget());
    it.each([
      ['two lines', ['Api-Key', 'KEY', 'Api-Key', 'OTHER']],
      ['two lines, of unlike case', ['api-key', 'KEY', 'API-KEY', 'OTHER']],
      ['two lines, one of them empty', ['Api-Key', '', 'Api-Key', 'KEY', 'X-Api-Key', 'OTHER']],
      ['two headers', ['Api-Key', 'KEY', 'X-Api-Key', 'OTHER']],
      ['a bearer token besides', ['Api-Key', 'KEY', 'Authorization', 'Bearer OTHER']],
      ['two bearer tokens', ['Authorization', 'Bearer KEY', 'Authorization', 'Bearer OTHER']],
      ['a bearer token and another scheme', ['Authorization', 'Bearer KEY', 'Authorization', 'Basic OTHER']],
      ['two tokens in a line', ['Authorization', 'Bearer KEY, Bearer OTHER']],
      [
        'a key and two bearer tokens',
        ['X-Api-Key', 'KEY', 'Authorization', 'Bearer KEY', 'Authorization', 'Bearer OTHER'],
      ],
    ])('%s', async (_name, lines) => {
      for (const [evaluated, second] of [
        [world.secret, other],
        [other, world.secret],
      ] as const) {
        world.api.forget();
        const written = lines.map((text) => text.replace('KEY', evaluated).replace('OTHER', second));
        const answer = await call(...written);
        if (answer.status === 200) {
          expect([...new Set(keysThatReached().map((key) => key.replace(/^Bearer /, '')))]).toHaveLength(1);
          const [key] = world.api.reached.map(({ headers }) => headers['x-gatehouse-key']);
          expect(key === world.keyId).toBe(keysThatReached()[0]?.includes(world.secret));
        } else if (answer.status === 400) {
          // nginx refuses two lines of Authorization by itself.
          expect([kind.name, answer.json, world.api.reached]).toEqual(['nginx', undefined, []]);
        } else {
          expect([answer.status, answer.json]).toMatchObject([
            401,
            { reason: expect.stringMatching(/^(?:ambiguous|invalid|missing)_key$/) as string },
          ]);
          expect(world.api.reached).toEqual([]);
        }
      }
    });
  });
});

describeEachProxy('an API that uses Authorization for something that is no key', (kind) => {
  describe.each(['.', '^(bearer|basic) +[!-~]'])('is given what matches %s', (authorization) => {
    const world = useProxy(kind, { authorization, keyHeaders: 'api-key, x-api-key' });

    it('and the key is evaluated without it', async () => {
      await world.authorize(PROXY_ADDRESS);
      for (const value of ['Basic dXNlcjpwYXNz', 'Bearer of-something-else']) {
        world.api.forget();
        expect((await world.call('/', { headers: { authorization: value } })).status).toBe(200);
        expect(world.api.reached).toMatchObject([
          { headers: { authorization: value, 'api-key': world.secret } },
        ]);
      }
      const without = { authorization: `Bearer ${world.secret}`, 'api-key': [] };
      expect((await world.call('/', { headers: without })).json).toMatchObject({ reason: 'missing_key' });
    });
  });
});
