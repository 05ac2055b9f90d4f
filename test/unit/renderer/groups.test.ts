import { describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { commonWords, groupReviews } from '../../../renderer/src/features/pending/list/groups';
import { rowsOf } from '../../../renderer/src/features/pending/list/rows';
import { minutesAgo, review, ulid } from '../../component/builders';

let made = 0;
function at(ip: string, change: Partial<Review> = {}, userAgent = 'python-requests/2.31'): Review {
  made += 1;
  const callers = [{ ip, userAgent, method: null, path: null, at: minutesAgo(1) }];
  return review({ id: ulid(300 + made), ip, callers, ...change });
}
const german = { country: 'DE', asn: 3320, asName: 'Deutsche Telekom AG' } as const;
const dutch = { country: 'NL', asn: 14061, asName: 'DigitalOcean, LLC' } as const;

describe('groups', () => {
  const reviews = [
    at('203.0.113.9', german),
    at('198.51.100.1', dutch),
    at('198.51.100.77', dutch, 'curl/8.5.0'),
    at('2001:db8:1:2::3', { ...german, keyId: ulid(7), keyName: 'Warehouse' }),
    at('2001:db8:1:2:ffff::', dutch),
    at('192.0.2.1'),
  ];
  const titles = (groupBy: Parameters<typeof groupReviews>[1]) =>
    groupReviews(reviews, groupBy).map(({ title, reviews: of }) => [title, of.length]);

  it.each([
    [
      'key',
      [
        ['Billing worker', 5],
        ['Warehouse', 1],
      ],
    ],
    [
      'network',
      [
        ['AS14061 DigitalOcean, LLC', 3],
        ['AS3320 Deutsche Telekom AG', 2],
        ['Network not known', 1],
      ],
    ],
    [
      'country',
      [
        ['Netherlands', 3],
        ['Germany', 2],
        ['Country not known', 1],
      ],
    ],
    [
      'subnet',
      [
        ['198.51.100.0/24', 2],
        ['2001:db8:1:2::/64', 2],
        ['203.0.113.0/24', 1],
        ['192.0.2.0/24', 1],
      ],
    ],
  ] as const)('are made by %s, the largest first', (groupBy, expected) => {
    expect(titles(groupBy)).toEqual(expected);
  });

  it('keep every review once, in the order of the list', () => {
    for (const { reviews: of } of groupReviews(reviews, 'network')) {
      expect(of.map((each) => reviews.indexOf(each))).toEqual(
        of.map((each) => reviews.indexOf(each)).toSorted((a, b) => a - b),
      );
    }
    expect(rowsOf(reviews, 'network', new Set()).filter(({ kind }) => kind === 'review')).toHaveLength(6);
  });

  it('are a heading alone where they are folded', () => {
    const [first] = groupReviews(reviews, 'country');
    const rows = rowsOf(reviews, 'country', new Set([first?.id ?? '']));
    expect(rows.map(({ kind }) => kind)).toEqual(['group', 'group', 'review', 'review', 'group', 'review']);
    expect(rowsOf(reviews, 'none', new Set()).map(({ id }) => id)).toEqual(reviews.map(({ id }) => id));
  });

  it.each([
    [
      'an agent and a key in several networks',
      [at('203.0.113.9', german), at('198.51.100.1', dutch)],
      'key',
      '2 addresses of 2 networks, all with python-requests/2.31',
    ],
    [
      'the country of a network, but not its agents',
      [at('198.51.100.1', dutch), at('198.51.100.2', dutch, 'curl/8.5.0')],
      'network',
      '2 addresses, all from Netherlands, all with the key “Billing worker”',
    ],
    [
      'several keys',
      [at('198.51.100.1', german, 'a'), at('198.51.100.2', { ...german, keyId: ulid(7), keyName: 'W' }, 'b')],
      'network',
      '2 addresses, all from Germany, with 2 keys',
    ],
    [
      'nothing but their number, which counts what a review counts',
      [at('2001:db8::1', { addressCount: 24 }, 'a'), at('198.51.100.2', german, 'b')],
      'key',
      '25 addresses of 2 networks',
    ],
    [
      'one alone',
      [at('203.0.113.9', german)],
      'subnet',
      '1 address, in AS3320 Deutsche Telekom AG, from Germany, with the key “Billing worker”, with python-requests/2.31',
    ],
  ] as const)('say what their reviews have in common: %s', (_what, of, groupBy, words) => {
    expect(commonWords(of, groupBy)).toBe(words);
  });
});
