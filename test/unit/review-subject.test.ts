import { describe, expect, it } from 'vitest';
import {
  callsOfReview,
  otherAddresses,
  OVERFLOW_SIGNAL,
  reviewName,
  reviewSubject,
} from '#shared/domain/review-subject';

describe('what a review stands for', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8::1', '2001:db8::/64'],
    ['2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:1::/64'],
    ['fd00::1', 'fd00::/64'],
    ['2002:c633:6407::1', '2002:c633:6407::1/128'],
  ])('%s: %s', (ip, subject) => {
    expect(reviewSubject(ip)).toBe(subject);
  });

  it('is named by its address, and by the network of several', () => {
    const review = { ip: '2001:db8::1', addressCount: 1, evidence: [] };
    expect([reviewName(review), otherAddresses(review), callsOfReview(review)]).toEqual([
      '2001:db8::1',
      undefined,
      '2001:db8::1',
    ]);
    const several = { ...review, addressCount: 1_235 };
    expect(reviewName(several)).toBe('2001:db8::1 and 1,234 more addresses in 2001:db8::/64');
    expect(reviewName({ ...review, addressCount: 2 })).toBe(
      '2001:db8::1 and 1 more address in 2001:db8::/64',
    );
    expect(callsOfReview(several)).toBe('2001:db8::/64');
  });

  it('is any address where it counts those that are too many', () => {
    const evidence = [{ signal: OVERFLOW_SIGNAL, weight: 0, detail: '' }];
    const overflow = { ip: '2001:db8::1', addressCount: 52, evidence };
    expect([reviewName(overflow), callsOfReview(overflow)]).toEqual([
      '2001:db8::1 and 51 more addresses',
      '2001:db8::1',
    ]);
  });
});
