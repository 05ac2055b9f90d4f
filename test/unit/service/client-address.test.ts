import { describe, expect, it } from 'vitest';
import { parseTrustedProxies } from '#service/config';
import { createCallerReader, type ReadCaller } from '#service/http/check/client-address';

const loopback = parseTrustedProxies('loopback');
const behindBalancer = parseTrustedProxies('loopback, 10.0.0.0/8');

/** The headers as they are sent: a chain, several lines of it, or none. */
const linesOf = (chain: string | readonly string[] | undefined, name = 'X-Forwarded-For'): string[] => {
  if (chain === undefined) return [];
  return (typeof chain === 'string' ? [chain] : chain).flatMap((line) => [name, line]);
};

const request = (remoteAddress: string | undefined, rawHeaders: readonly string[]) => ({
  socket: { remoteAddress },
  rawHeaders: [...rawHeaders],
});

const textOf = (read: ReadCaller): string => (read.ok ? read.caller.ip : `refused: ${read.detail}`);

const client = (
  peer: string | undefined,
  chain: string | readonly string[] | undefined,
  trustedProxies = loopback,
): string => {
  const reader = createCallerReader({ trustedProxies, clientHeader: 'x-forwarded-for' });
  return textOf(reader(request(peer, linesOf(chain))));
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
    ['nothing', ''],
    ['white space alone', ' \t'],
    ['an empty first line', ['', '203.0.113.9']],
    ['the address of a Unix socket', 'unix:'],
    ['an empty hop', '203.0.113.9,'],
    ['an empty hop on the left', ', 203.0.113.9'],
    ['a name', 'client.example'],
    ['a word on the left of a good hop', 'unknown, 203.0.113.9'],
    ['a range', '203.0.113.0/24'],
    ['leading zeros', '203.0.113.009'],
    ['a port that is none', '203.0.113.9:http'],
    ['an open bracket', '[2001:db8::1'],
    ['a zone', 'fe80::1%eth0'],
  ])('is refused with %s in a chain from a trusted proxy', (_what, chain: string | string[]) => {
    expect(client('127.0.0.1', chain)).toMatch(/^refused: X-Forwarded-For/);
  });

  it('is refused with more hops than any real chain has', () => {
    expect(client('127.0.0.1', Array.from({ length: 65 }, () => '10.0.0.1').join(','))).toMatch(
      /more than 64 hops/,
    );
  });

  it('is the last hop that is no proxy, over several lines in their order', () => {
    expect(client('127.0.0.1', ['1.2.3.4', '203.0.113.9'])).toBe('203.0.113.9');
    expect(client('127.0.0.1', ['1.2.3.4, 203.0.113.9', '10.1.2.3'], behindBalancer)).toBe('203.0.113.9');
  });

  it.each([
    ['no chain', '127.0.0.1', undefined, true],
    ['a chain of proxies alone', '127.0.0.1', '10.9.9.9, 10.1.2.3', true],
    ['a caller', '127.0.0.1', '203.0.113.9', false],
    ['a peer that is no proxy', '198.51.100.7', '10.9.9.9', false],
  ])('is known to be that of a proxy with %s', (_what, peer, chain, isProxy) => {
    const reader = createCallerReader({ trustedProxies: behindBalancer, clientHeader: 'x-forwarded-for' });
    for (const read of [reader(request(peer, linesOf(chain))), reader(request(peer, linesOf(chain)))]) {
      expect(read.ok ? read.caller.isProxy : read.detail).toBe(isProxy);
    }
  });

  it('is read from the one configured header, and from no other', () => {
    const reader = createCallerReader({ trustedProxies: loopback, clientHeader: 'cf-connecting-ip' });
    const both = [...linesOf('1.2.3.4'), ...linesOf('203.0.113.9', 'CF-Connecting-IP')];
    expect(textOf(reader(request('127.0.0.1', both)))).toBe('203.0.113.9');
    const other = reader(request('127.0.0.1', linesOf('1.2.3.4')));
    expect(other.ok && other.caller.isProxy).toBe(true);
    expect(textOf(reader(request('127.0.0.1', linesOf('', 'CF-Connecting-IP'))))).toBe(
      'refused: Cf-Connecting-Ip is empty',
    );
  });

  it('is the same however many other headers there are, and wherever they stand', () => {
    const others = Array.from({ length: 3_000 }, (_, index) => [`X-Other-${index}`, 'a']).flat();
    const reader = createCallerReader({ trustedProxies: loopback, clientHeader: 'x-forwarded-for' });
    for (const headers of [
      [...others, ...linesOf('203.0.113.9')],
      [...linesOf('203.0.113.9'), ...others],
    ]) {
      expect(textOf(reader(request('127.0.0.1', headers)))).toBe('203.0.113.9');
    }
  });

  it('is refused without a readable peer', () => {
    expect(client(undefined, '203.0.113.9')).toMatch(/^refused/);
  });
});
