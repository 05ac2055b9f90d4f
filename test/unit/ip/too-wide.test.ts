import { describe, expect, it } from 'vitest';
import { AddressSum, type Cidr, isTooWide, parseCidr } from '#shared/ip/index';

const cidrs = (...texts: readonly string[]): Cidr[] =>
  texts.map((text) => {
    const cidr = parseCidr(text);
    if (cidr === undefined) throw new Error(text);
    return cidr;
  });

describe('networks that need confirmation', () => {
  it.each([
    [['10.0.0.0/8'], false],
    [['10.0.0.0/8', '11.0.0.0/32'], true],
    [['10.0.0.0/9', '11.0.0.0/9'], false],
    [['2001::/24'], false],
    [['2001::/24', '2001:100::/128'], true],
    [['10.0.0.0/8', '2001::/24'], false],
    [[], false],
  ])('%j: %s', (texts, expected) => {
    expect(isTooWide(cidrs(...texts))).toBe(expected);
  });

  it('are added up, and those that would be too many are left out', () => {
    const sum = new AddressSum();
    expect(sum.take(cidrs('1.0.0.0/9'))).toBe(true);
    expect(sum.take(cidrs('2.0.0.0/9', '3.0.0.0/32'))).toBe(false);
    expect(sum.take(cidrs('2.0.0.0/9'))).toBe(true);
    expect(sum.take(cidrs('3.0.0.0/32'))).toBe(false);
    expect(sum.take(cidrs('2001::/24'))).toBe(true);
  });
});
