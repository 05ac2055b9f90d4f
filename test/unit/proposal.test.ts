import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { type Caller, type CallerNetwork, proposalFor } from '#shared/domain/proposal';
import { cidrContains, parseAddress, parseCidr } from '#shared/ip/index';

const PROVIDER: CallerNetwork = { asn: 3320, ipv4Addresses: 33_000_000, trade: 'access', preset: undefined };
const AWS: CallerNetwork = { ...PROVIDER, asn: 16_509, trade: 'hosting', preset: 'aws' };
const caller = (ip: string, other: Partial<Caller> = {}): Caller => ({
  ip,
  country: 'DE',
  userAgent: 'shop/2.1',
  ...other,
});

describe('what is proposed for a further address of a network', () => {
  it('is nothing for the first one, or for the same again', () => {
    expect(proposalFor(caller('198.51.100.7'), [], PROVIDER)).toBeNull();
    expect(proposalFor(caller('198.51.100.7'), [caller('198.51.100.7')], PROVIDER)).toBeNull();
  });

  it('is the smallest range that holds them, up to 4,096 addresses', () => {
    const near = [caller('198.51.100.9'), caller('198.51.100.14')];
    expect(proposalFor(caller('198.51.100.7'), near, PROVIDER)).toEqual({
      kind: 'range',
      cidr: '198.51.100.0/28',
      covers: 3,
    });
    expect(proposalFor(caller('198.51.96.1'), [caller('198.51.111.1')], PROVIDER)).toMatchObject({
      cidr: '198.51.96.0/20',
    });
    expect(proposalFor(caller('2001:db8:1:2::1'), [caller('2001:db8:1:9::1')], PROVIDER)).toMatchObject({
      cidr: '2001:db8:1::/60',
    });
  });

  it('is the network where they are further apart, and says how many addresses that is', () => {
    const network = { kind: 'network', asn: 3320, ipv4Addresses: 33_000_000, covers: 2 };
    expect(proposalFor(caller('198.51.96.1'), [caller('198.51.112.1')], PROVIDER)).toEqual(network);
    expect(proposalFor(caller('2001:db8::1'), [caller('198.51.112.1')], PROVIDER)).toEqual(network);
  });

  it('is never all of a cloud, where anybody can rent an address', () => {
    const apart = [caller('203.0.113.1')];
    expect(proposalFor(caller('198.51.100.1'), apart, AWS)).toEqual({
      kind: 'preset',
      preset: 'aws',
      covers: 2,
    });
    expect(proposalFor(caller('198.51.100.1'), apart, { ...AWS, preset: undefined })).toBeNull();
    expect(proposalFor(caller('203.0.113.2'), apart, { ...AWS, trade: 'anonymizer' })).toBeNull();
  });

  it('counts only those of the same country and with the same agent, and takes an unknown one for no likeness', () => {
    for (const other of [
      { country: 'FR' },
      { country: null },
      { userAgent: 'curl/8' },
      { userAgent: null },
    ]) {
      const strange = caller('198.51.100.9', other);
      expect(proposalFor(caller('198.51.100.7'), [strange], PROVIDER)).toBeNull();
      expect(proposalFor({ ...strange, ip: '198.51.100.7' }, [caller('198.51.100.9')], PROVIDER)).toBeNull();
    }
    const unknown = (ip: string): Caller => caller(ip, { country: null, userAgent: null });
    expect(proposalFor(unknown('198.51.100.7'), [unknown('198.51.100.9')], PROVIDER)).toBeNull();
  });

  it('holds every address that it counts, and no range is wider than it may be', () => {
    const host = fc.nat(0xffff).map((n) => caller(`10.9.${n >> 8}.${n & 255}`));
    fc.assert(
      fc.property(host, fc.array(host, { minLength: 1, maxLength: 6 }), (first, others) => {
        const proposal = proposalFor(first, others, PROVIDER);
        if (proposal?.kind !== 'range') return;
        const range = parseCidr(proposal.cidr);
        if (range === undefined) throw new Error('the range cannot be read');
        expect(range.prefixLength).toBeGreaterThanOrEqual(20);
        for (const { ip } of [first, ...others]) {
          const parsed = parseAddress(ip);
          expect(parsed.ok && cidrContains(range, parsed.address)).toBe(true);
        }
      }),
    );
  });
});
