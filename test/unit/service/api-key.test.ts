import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyReader } from '#service/http/check/api-key';

const DEFAULT = ['api-key', 'x-api-key', 'authorization'];
const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;

/** `none`, `ambiguous`, or the key. */
const keyIn = (headers: readonly (readonly [string, string])[], keyHeaders = DEFAULT): string => {
  const key = createKeyReader(keyHeaders)(headers.flat());
  return key.kind === 'one' ? key.apiKey : key.kind;
};

describe('the key of a call', () => {
  it.each<[what: string, headers: [string, string][], key: string]>([
    ['none where there is none', [['accept', '*/*']], 'none'],
    ['that of api-key, whatever its case', [['API-Key', ' K ']], 'K'],
    ['that of x-api-key', [['x-api-key', 'K']], 'K'],
    ['the bearer token', [['authorization', 'bearer  K']], 'K'],
    ['the bearer token behind a tab', [['authorization', 'Bearer\tK']], 'K'],
    ['no other scheme', [['authorization', basic('K:')]], 'none'],
    [
      'no empty header',
      [
        ['api-key', ''],
        ['x-api-key', 'K'],
      ],
      'K',
    ],
    [
      'one that is said twice',
      [
        ['api-key', 'K'],
        ['api-key', 'K'],
        ['authorization', 'Bearer K'],
      ],
      'K',
    ],
    [
      'none of two that differ',
      [
        ['api-key', 'K'],
        ['authorization', 'Bearer L'],
      ],
      'ambiguous',
    ],
    [
      'none of two in one header',
      [
        ['api-key', 'K'],
        ['Api-Key', 'L'],
      ],
      'ambiguous',
    ],
    [
      'none of two bearer tokens',
      [
        ['authorization', 'Bearer K'],
        ['authorization', 'Bearer L'],
      ],
      'ambiguous',
    ],
    [
      'none beside a second Authorization that is no bearer token',
      [
        ['authorization', 'Bearer K'],
        ['authorization', basic('L:')],
      ],
      'ambiguous',
    ],
  ])('is %s', (_what, headers, key) => {
    expect(keyIn(headers)).toBe(key);
    expect(keyIn([...headers].reverse())).toBe(key);
  });

  it('is only looked for in the configured headers', () => {
    expect(
      keyIn(
        [
          ['x-api-key', 'L'],
          ['authorization', 'Bearer M'],
          ['api-key', 'K'],
        ],
        ['api-key'],
      ),
    ).toBe('K');
  });

  describe('as the user name of HTTP Basic', () => {
    it.each<[what: string, authorization: string, key: string]>([
      ['with a password', basic('K:secret'), 'K'],
      ['with an empty password', basic('K:'), 'K'],
      ['with a colon in the password', basic('K:a:b'), 'K'],
      ['and not a bearer token', 'Bearer K', 'none'],
    ])('is read %s', (_what, authorization, key) => {
      expect(keyIn([['authorization', authorization]], ['api-key', 'basic'])).toBe(key);
    });

    it.each([
      ['no colon', basic('K')],
      ['no user name', basic(':secret')],
      ['something else in the base64', 'Basic Sz!o='],
      ['base64 that goes on behind its end', 'Basic Szo=Szo='],
      ['base64 whose last bits are set', 'Basic Szp='],
      ['no base64 at all', 'Basic K:'],
    ])('is no key with %s, and none that can be overlooked', (_what, authorization) => {
      expect(keyIn([['authorization', authorization]], ['api-key', 'basic'])).toBe(authorization);
      expect(
        keyIn(
          [
            ['authorization', authorization],
            ['api-key', 'K'],
          ],
          ['api-key', 'basic'],
        ),
      ).toBe('ambiguous');
    });

    it('must be the key of the other headers', () => {
      const both = ['api-key', 'authorization', 'basic'];
      expect(
        keyIn(
          [
            ['api-key', 'K'],
            ['authorization', basic('K:')],
          ],
          both,
        ),
      ).toBe('K');
      expect(
        keyIn(
          [
            ['api-key', 'K'],
            ['authorization', basic('L:')],
          ],
          both,
        ),
      ).toBe('ambiguous');
      expect(keyIn([['authorization', 'Bearer K']], both)).toBe('K');
    });
  });

  it('is the same in every order of the headers, among any number of others', () => {
    const aHeader = fc.tuple(
      fc.constantFrom('api-key', 'X-API-Key', 'Authorization', 'x-other', 'b'),
      fc.constantFrom('', 'K', 'L', 'Bearer K', 'Bearer L', basic('K:')),
    );
    fc.assert(
      fc.property(fc.array(aHeader, { maxLength: 6 }), fc.nat({ max: 2_000 }), (headers, count) => {
        const others = Array.from({ length: count }, () => ['B', ''] as const);
        const expected = keyIn(headers);
        expect(keyIn([...others, ...[...headers].reverse()])).toBe(expected);
        expect(keyIn([...headers, ...others])).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});
