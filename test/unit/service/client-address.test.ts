import { describe, expect, it } from 'vitest';
import { parseTrustedProxies } from '#service/config';
import { clientAddress, createCallerReader } from '#service/http/client-address';
import { formatAddress } from '#shared/ip/index';

const loopback = parseTrustedProxies('loopback');
const behindBalancer = parseTrustedProxies('loopback, 10.0.0.0/8');

const client = (peer: string | undefined, forwardedFor: string | undefined, trusted = loopback): string => {
  const result = clientAddress(peer, forwardedFor, trusted);
  const text = result.ok ? formatAddress(result.address) : `refused: ${result.detail}`;
  const reader = createCallerReader(trusted);
  // What is remembered of this request, and of others before it, changes nothing.
  reader('198.51.100.7', forwardedFor);
  reader('127.0.0.1', forwardedFor);
  for (const read of [reader(peer, forwardedFor), reader(peer, forwardedFor)]) {
    expect(read.ok ? read.caller.ip : `refused: ${read.detail}`).toBe(text);
  }
  return text;
};

describe('the client address', () => {
  it.each([
    ['the peer without a chain', '127.0.0.1', undefined, '127.0.0.1'],
    [
      'the peer when it is no trusted proxy, whatever it claims',
      '198.51.100.7',
      '203.0.113.9',
      '198.51.100.7',
    ],
    ['also when what it claims cannot be read', '198.51.100.7', 'rubbish', '198.51.100.7'],
    ['the forwarded address from a trusted proxy', '127.0.0.1', '203.0.113.9', '203.0.113.9'],
    [
      'the rightmost hop, not what the caller put in front',
      '127.0.0.1',
      '1.2.3.4, 203.0.113.9',
      '203.0.113.9',
    ],
    ['an IPv6 hop', '::1', '2001:DB8::1', '2001:db8::1'],
    ['a hop with a port', '127.0.0.1', '203.0.113.9:51234', '203.0.113.9'],
    ['a bracketed hop', '127.0.0.1', '[2001:db8::1]', '2001:db8::1'],
    ['a bracketed hop with a port', '127.0.0.1', '[2001:db8::1]:443', '2001:db8::1'],
    ['a mapped hop as IPv4', '127.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
    ['a mapped peer as IPv4', '::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ])('is %s', (_what, peer, chain, expected) => {
    expect(client(peer, chain)).toBe(expected);
  });

  it('walks over trusted hops from the right and stops at the first other one', () => {
    expect(client('127.0.0.1', '1.2.3.4, 203.0.113.9, 10.1.2.3', behindBalancer)).toBe('203.0.113.9');
    expect(client('127.0.0.1', '1.2.3.4, 203.0.113.9, 10.1.2.3', loopback)).toBe('10.1.2.3');
  });

  it('is the leftmost hop where all are trusted', () => {
    expect(client('127.0.0.1', '10.9.9.9, 10.1.2.3', behindBalancer)).toBe('10.9.9.9');
  });

  it.each([
    ['an empty hop', '203.0.113.9,'],
    ['an empty hop on the left', ', 203.0.113.9'],
    ['a name', 'client.example'],
    ['a word on the left of a good hop', 'unknown, 203.0.113.9'],
    ['a range', '203.0.113.0/24'],
    ['leading zeros', '203.0.113.009'],
    ['a port that is none', '203.0.113.9:http'],
    ['an open bracket', '[2001:db8::1'],
    ['a zone', 'fe80::1%eth0'],
  ])('is refused with %s in a chain from a trusted proxy', (_what, chain) => {
    expect(client('127.0.0.1', chain)).toMatch(/^refused: X-Forwarded-For/);
  });

  it('is refused with more hops than any real chain has', () => {
    expect(client('127.0.0.1', Array.from({ length: 65 }, () => '10.0.0.1').join(','))).toMatch(
      /more than 64 hops/,
    );
  });

  it('is refused without a readable peer', () => {
    expect(client(undefined, '203.0.113.9')).toMatch(/^refused/);
  });
});
