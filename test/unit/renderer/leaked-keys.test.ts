import { describe, expect, it } from 'vitest';
import type { Review } from '#shared/domain/entities';
import { leakedKeys } from '../../../renderer/src/domain/leaked-keys';
import { KEY_ID, minutesAgo, review, ulid } from '../../component/builders';

/** Reviews of one key, each opened a minute before the next, from as many networks in turn. */
const burst = (count: number, networks: number, change: (index: number) => Partial<Review> = () => ({})) =>
  Array.from({ length: count }, (_, index) =>
    review({
      id: ulid(500 + index),
      ip: `198.51.${index}.1`,
      asn: 64_500 + (index % networks),
      firstAt: minutesAgo(index),
      ...change(index),
    }),
  );

describe('a key is probably leaked', () => {
  it('with ten open reviews of five networks within an hour', () => {
    expect(leakedKeys(burst(10, 5))).toEqual([
      { keyId: KEY_ID, keyName: 'Billing worker', addresses: 10, networks: 5, since: minutesAgo(9) },
    ]);
  });

  it.each([
    ['fewer reviews', burst(9, 5)],
    ['fewer networks', burst(40, 4)],
    ['answered ones among them', burst(10, 5, (index) => ({ status: index === 3 ? 'denied' : 'pending' }))],
    ['other keys among them', burst(10, 5, (index) => ({ keyId: ulid(index % 2) }))],
    ['longer than an hour between them', burst(10, 5, (index) => ({ firstAt: minutesAgo(index * 7) }))],
  ])('but not with %s', (_what, reviews) => {
    expect(leakedKeys(reviews)).toEqual([]);
  });

  it('counts everything since the hour began, in whatever order it comes, and the addresses of a network', () => {
    const old = review({ id: ulid(600), firstAt: minutesAgo(3_000), asn: 1 });
    const later = burst(12, 6, (index) => ({ addressCount: index === 0 ? 24 : 1 }));
    const between = review({ id: ulid(601), firstAt: minutesAgo(60), asn: 2 });
    expect(leakedKeys([...later, old, between].toReversed())).toMatchObject([
      { addresses: 36, networks: 7, since: minutesAgo(60) },
    ]);
  });

  it('goes by the /16 or /32 where networks are not known', () => {
    const unknown = (ipOf: (index: number) => string) =>
      burst(10, 1, (index) => ({ asn: null, ip: ipOf(index) }));
    expect(leakedKeys(unknown((index) => `198.${index % 5}.${index}.1`))).toMatchObject([{ networks: 5 }]);
    expect(leakedKeys(unknown((index) => `198.${index % 4}.${index}.1`))).toEqual([]);
    expect(leakedKeys(unknown((index) => `2001:db${index % 5}:${index}::1`))).toMatchObject([
      { networks: 5 },
    ]);
    expect(leakedKeys(unknown((index) => `2001:db8:${index}::1`))).toEqual([]);
  });

  it('names each key, the one with most addresses first', () => {
    const other = burst(20, 7, (index) => ({ id: ulid(700 + index), keyId: ulid(9), keyName: 'Other' }));
    expect(leakedKeys([...burst(10, 5), ...other]).map(({ keyName }) => keyName)).toEqual([
      'Other',
      'Billing worker',
    ]);
  });
});
