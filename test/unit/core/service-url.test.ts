import { describe, expect, it } from 'vitest';
import { isReadableOnTheWay, parseServiceUrl } from '#electron/core/api/service-url';

describe('the URL of a service', () => {
  it.each([
    ['https://gatehouse.example.com', 'https://gatehouse.example.com'],
    ['  https://gatehouse.example.com/  ', 'https://gatehouse.example.com'],
    ['https://example.com/gatehouse//', 'https://example.com/gatehouse'],
    ['gatehouse.example.com', 'https://gatehouse.example.com'],
    ['gatehouse.example.com:8443', 'https://gatehouse.example.com:8443'],
    ['localhost:8787', 'http://localhost:8787'],
    ['127.0.0.1:8787', 'http://127.0.0.1:8787'],
    ['[::1]:8787', 'http://[::1]:8787'],
    ['HTTP://Example.COM', 'http://example.com'],
  ])('%j is %s', (typed, url) => {
    expect(parseServiceUrl(typed)).toEqual({ ok: true, url });
  });

  it.each(['', '   ', 'https://', 'ftp://example.com', 'file:///etc/passwd', 'https://me:pw@example.com'])(
    '%j is refused with a sentence',
    (typed) => {
      const result = parseServiceUrl(typed);
      expect(result.ok).toBe(false);
      expect(result).toHaveProperty('message', expect.stringMatching(/\.$/));
    },
  );

  it.each(['https://example.com/?token=1', 'https://example.com/#x'])('%j is refused', (typed) => {
    expect(parseServiceUrl(typed).ok).toBe(false);
  });

  it('knows when a token could be read on the way', () => {
    expect(isReadableOnTheWay('http://10.0.0.7:8787')).toBe(true);
    expect(isReadableOnTheWay('http://127.evil.example')).toBe(true);
    expect(isReadableOnTheWay('http://127.0.0.1:8787')).toBe(false);
    expect(isReadableOnTheWay('https://example.com')).toBe(false);
  });
});
