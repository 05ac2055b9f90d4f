import { describe, expect, it } from 'vitest';
import { viewOf } from '#shared/domain/apply-operation';
import type { Range, Review } from '#shared/domain/entities';
import { settledBy } from '#shared/domain/settle-reviews';
import { makeRange, makeReview } from '#test/support/console/builders';

const NOW = Date.UTC(2026, 0, 15, 12);
const context = { now: NOW, author: 'owner@example.com' };
const review = makeReview({ ip: '203.0.113.7' });

const settledWith = (range: Range, others: readonly Range[], active: Pick<Review, 'status'>) => {
  const ranges = new Map([range, ...others].map((each) => [each.id, each]));
  const view = viewOf({ account: null, ranges, reviews: new Map(), keys: new Map() });
  const activeReviews = () => [{ ...review, ...active }];
  const { reviews, endedDenials } = settledBy({ ...view, activeReviews }, range, context);
  return [reviews.map(({ id }) => id), endedDenials.map(({ id }) => id)];
};

const range = (cidr: string, fields: Partial<Range> = {}): Range =>
  makeRange({ cidr, keyId: null, expiresAt: null, ...fields });
const expired = { expiresAt: new Date(NOW).toISOString() };
const subnet = '203.0.113.0/24';

describe('a range settles the reviews that it decides about', () => {
  it.each<[string, Range, readonly Range[], boolean]>([
    ['alone', range(subnet), [], true],
    ['a denial too', range(subnet, { effect: 'deny' }), [], true],
    ['not once it has expired', range(subnet, expired), [], false],
    ['not for another key', range(subnet, { keyId: review.id }), [], false],
    ['not under a longer one', range(subnet), [range('203.0.113.0/25')], false],
    ['under a longer one that has expired', range(subnet), [range('203.0.113.0/25', expired)], true],
    ['not beside an equal denial', range(subnet), [range(subnet, { effect: 'deny' })], false],
    ['not beside an equal one of the key', range(subnet), [range(subnet, { keyId: review.keyId })], false],
  ])('%s', (_what, added, others, isSettled) => {
    expect(settledWith(added, others, { status: 'pending' })).toEqual([isSettled ? [review.id] : [], []]);
  });

  it('ends a denial where it authorizes, and leaves it where it denies', () => {
    const denied = { status: 'denied' } as const;
    expect(settledWith(range(subnet), [], denied)).toEqual([[], [review.id]]);
    expect(settledWith(range(subnet, { effect: 'deny' }), [], denied)).toEqual([[], []]);
  });
});
