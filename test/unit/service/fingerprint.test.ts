import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFingerprintReader } from '#service/http/check/fingerprint';
import { parseTrustedProxies } from '#service/config';

const JA4 = 't13d1516h2_8daaf6152771_b186095e22b6';
const trustedProxies = parseTrustedProxies('loopback,10.0.0.0/8');
const readOf =
  (fingerprintHeader: string | undefined) =>
  (rawHeaders: readonly string[], remoteAddress = '127.0.0.1'): string | null =>
    createFingerprintReader({ trustedProxies, fingerprintHeader })({
      rawHeaders: [...rawHeaders],
      socket: { remoteAddress },
    });
const read = readOf('x-ja4');

describe('the fingerprint of the TLS client', () => {
  it('is what a trusted proxy says in the header of the setting', () => {
    expect(read(['X-JA4', ` ${JA4} `])).toBe(JA4);
    expect(read(['x-ja4', JA4], '::ffff:10.1.2.3')).toBe(JA4);
    expect(read(['x-ja4', 'TLSv1.3,TLS_AES_128_GCM_SHA256'])).toBe('TLSv1.3,TLS_AES_128_GCM_SHA256');
  });

  it('is nothing without the setting or the header', () => {
    expect(readOf(undefined)(['x-ja4', JA4])).toBeNull();
    expect(read(['x-other', JA4])).toBeNull();
    expect(read(['x-ja4', ''])).toBeNull();
  });

  it('is not taken from anybody else', () => {
    expect(read(['x-ja4', JA4], '203.0.113.9')).toBeNull();
    expect(read(['x-ja4', JA4], '')).toBeNull();
  });

  it('is not taken where a caller has added a line to that of the proxy', () => {
    expect(read(['x-ja4', 'mine', 'X-JA4', JA4])).toBeNull();
    expect(read(['x-ja4', JA4, 'X-JA4', JA4])).toBeNull();
  });

  it('is short and plain, or none', () => {
    expect(read(['x-ja4', 'a'.repeat(256)])).toBe('a'.repeat(256));
    expect(read(['x-ja4', 'a'.repeat(257)])).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (sent) => {
        expect(read(['x-ja4', sent]) ?? 'none').toMatch(/^[\x21-\x7e]{1,256}$/);
      }),
    );
  });
});
