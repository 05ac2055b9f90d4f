import { describe, expect, it } from 'vitest';
import { originalRequest } from '#service/http/check/request-headers';

/** Bytes as Node hands them on: each one a character. */
const sent = (text: string, encoding: BufferEncoding = 'utf8'): string =>
  Buffer.from(text, encoding).toString('latin1');

const agentOf = (value: string): string | null =>
  originalRequest({ 'user-agent': value }, 'GET', '').userAgent;

describe('the call that a proxy asks about', () => {
  it('is read as UTF-8 in all that is logged of it', () => {
    const headers = {
      'user-agent': sent('Büro 日本語 😀'),
      'x-original-uri': sent('/straße/日本?q=1'),
      'x-original-method': sent('GÉT'),
    };
    expect(originalRequest(headers, 'GET', '')).toEqual({
      method: 'GÉT',
      path: '/straße/日本',
      userAgent: 'Büro 日本語 😀',
    });
    expect(originalRequest({}, 'GET', sent('/straße')).path).toBe('/straße');
  });

  it('is read as Latin-1 where it is no UTF-8', () => {
    expect(agentOf(sent('Café', 'latin1'))).toBe('Café');
    // An overlong form, and half of a pair: neither is UTF-8.
    expect(agentOf('a\u00c0\u00afb')).toBe('a\u00c0\u00afb');
    expect(agentOf('a\u00ed\u00a0\u0080b')).toBe('a\u00ed\u00a0\u0080b');
    expect(agentOf('curl/8.5.0')).toBe('curl/8.5.0');
  });

  it('is cut between characters', () => {
    const bare = 'x'.repeat(511);
    expect(agentOf(sent(`${bare}😀`))).toBe(bare);
    expect(agentOf(sent(`${bare}é😀`))).toBe(`${bare}é`);
    const { path, method } = originalRequest(
      { 'x-original-uri': sent(`/${'x'.repeat(1022)}😀`), 'x-original-method': sent(`${'M'.repeat(31)}😀`) },
      'GET',
      '',
    );
    expect(path).toBe(`/${'x'.repeat(1022)}`);
    expect(method).toBe('M'.repeat(31));
  });
});
