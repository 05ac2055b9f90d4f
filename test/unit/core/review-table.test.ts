import { describe, expect, it } from 'vitest';
import { ReviewTable } from '#electron/core/sync/review-table';
import type { Review } from '#shared/domain/entities';
import { parseCidr } from '#shared/ip/index';
import { makeReview } from '#test/support/console/builders';

const near = makeReview({ ip: '203.0.113.9' });
const neighbour = makeReview({ ip: '203.0.113.200' });
const far = makeReview({ ip: '192.0.2.1' });
const six = makeReview({ ip: '2001:db8::7' });
const all = [near, neighbour, far, six];

function tableOf(reviews: readonly Review[]): ReviewTable {
  const table = new ReviewTable();
  for (const value of reviews) table.set(value.id, { value, generation: 1 });
  return table;
}

function idsIn(table: ReviewTable, text: string): readonly string[] {
  const network = parseCidr(text);
  if (network === undefined) throw new Error(`${text} is no network`);
  return [...table.pendingAbout(network)].map(({ id }) => id);
}

const idsOf = (...reviews: readonly Review[]): readonly string[] => reviews.map(({ id }) => id);

describe('the pending reviews that a range may settle', () => {
  it.each([
    ['203.0.113.9/32', [near, neighbour]],
    ['203.0.113.0/24', [near, neighbour]],
    ['203.0.0.0/16', [near, neighbour, far]],
    ['0.0.0.0/0', [near, neighbour, far]],
    ['198.51.100.1/32', []],
    ['2001:db8::7/128', [six]],
    ['2001:db8::/32', [six]],
    ['2001:db8:0:1::/64', []],
  ])('of %s are found without a look at those far away', (network, expected) => {
    expect(idsIn(tableOf(all), network)).toEqual(idsOf(...expected));
  });

  it('follow every change of the table', () => {
    const table = tableOf(all);
    expect(idsIn(table, '203.0.113.0/24')).toEqual(idsOf(near, neighbour));
    table.set(near.id, { value: { ...near, status: 'denied' }, generation: 1 });
    expect(idsIn(table, '203.0.113.0/24')).toEqual(idsOf(neighbour));
    table.delete(neighbour.id);
    expect(idsIn(table, '203.0.113.0/24')).toEqual([]);
    table.set(near.id, { value: near, generation: 2 });
    expect(idsIn(table, '0.0.0.0/0')).toEqual(idsOf(far, near));
    table.clear();
    expect(idsIn(table, '0.0.0.0/0')).toEqual([]);
  });
});
