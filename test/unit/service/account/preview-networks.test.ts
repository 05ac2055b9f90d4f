import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PreviewNetworks } from '#service/account/preview-networks';
import { RangeMatcher } from '#service/enforcement/matcher';
import { cidrOf, formatCidr, parseCidr, type Cidr } from '#shared/ip/index';

/** Few bits of the address differ, so that networks lie within one another. */
const ipv4 = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 32 }))
  .map(([bits, length]): Cidr => cidrOf({ family: 4, value: BigInt(bits) << 20n }, length));
const ipv6 = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 128 }))
  .map(([bits, length]): Cidr =>
    cidrOf({ family: 6, value: (0x2001n << 112n) | (BigInt(bits) << 60n) }, length),
  );
const networks = fc.uniqueArray(fc.oneof(ipv4, ipv6), { selector: formatCidr, maxLength: 40 });

describe('the networks of a preview', () => {
  it('hold a network exactly where ranges of the account would', () => {
    fc.assert(
      fc.property(networks, networks, (added, asked) => {
        const preview = new PreviewNetworks();
        const list = new RangeMatcher();
        added.forEach((cidr, index) => {
          preview.add(cidr, index + 1, null);
          list.set({
            id: String(index + 1),
            cidr,
            effect: 'authorize',
            keyId: null,
            createdAt: index,
            expiresAt: null,
          });
        });
        for (const cidr of asked) {
          const sorted = (ranges: { readonly id: string }[]): string[] => ranges.map(({ id }) => id).sort();
          expect(sorted(preview.covering(cidr))).toEqual(sorted(list.covering(cidr)));
        }
      }),
    );
  });

  it('are ranges with the line and the expiry that they came with', () => {
    const preview = new PreviewNetworks();
    const cidr = parseCidr('10.1.0.0/16');
    const inside = parseCidr('10.1.2.0/24');
    if (cidr === undefined || inside === undefined) throw new Error('these are networks');
    preview.add(cidr, 7, 1_000);
    expect(preview.covering(inside)).toEqual([
      {
        id: '7',
        cidr,
        effect: 'authorize',
        keyId: null,
        createdAt: expect.any(Number) as number,
        expiresAt: 1_000,
      },
    ]);
  });
});
