import { describe, expect, it } from 'vitest';
import { isException } from '#electron/core/network/exceptions';
import { parseProxy, proxyName, routeOfSystem } from '#electron/core/network/proxy';

describe('the address of a proxy', () => {
  it.each([
    ['proxy.example.com:3128', 'proxy.example.com:3128', false],
    [' http://proxy.example.com:3128/ ', 'proxy.example.com:3128', false],
    ['http://proxy.example.com', 'proxy.example.com:80', false],
    ['https://proxy.example.com', 'proxy.example.com:443', true],
    ['[2001:db8::1]:3128', '[2001:db8::1]:3128', false],
  ])('%j is %s', (text, name, isEncrypted) => {
    const read = parseProxy(text, 'HTTPS_PROXY');
    expect(read).toMatchObject({ ok: true, proxy: { isEncrypted, credentials: undefined } });
    expect(read.ok && proxyName(read.proxy)).toBe(name);
  });

  it('may hold user name and password, which no name or sentence shows', () => {
    const read = parseProxy('http://me:p%40ss@proxy:3128', 'HTTPS_PROXY');
    expect(read).toMatchObject({ proxy: { credentials: { userName: 'me', password: 'p@ss' } } });
    expect(read.ok && proxyName(read.proxy)).toBe('proxy:3128');
  });

  it.each([
    'socks5://me:hidden@proxy:1080',
    'http://me:hidden@proxy:99999',
    'http://me:hidden%@proxy:1',
    'http://me:hidden@proxy/x',
  ])('%j is refused with a sentence that names who set it', (text) => {
    const read = parseProxy(text, 'HTTPS_PROXY');
    expect(read).toMatchObject({ ok: false, message: expect.stringContaining('(HTTPS_PROXY).') as string });
    expect(JSON.stringify(read)).not.toContain('hidden');
  });
});

describe('what a system answers', () => {
  it.each([
    ['DIRECT', 'direct'],
    ['', 'direct'],
    ['PROXY a:8080', 'a:8080'],
    ['HTTPS a:8080; DIRECT', 'a:8080'],
    ['SOCKS5 b:1080; PROXY a:8080', 'a:8080'],
    ['SOCKS b:1080; DIRECT', 'direct'],
    ['SOCKS b:1080', 'refused'],
  ])('%j leads to %s', (answer, expected) => {
    const route = routeOfSystem(answer);
    expect(route.kind === 'proxy' ? proxyName(route.proxy) : route.kind).toBe(expected);
  });
});

describe('an exception', () => {
  it.each([
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://gate.example.com', true],
    ['.example.com', 'https://gate.example.com', true],
    ['*.Example.com', 'https://gate.example.com', true],
    ['example.com', 'https://badexample.com', false],
    ['example.com', 'https://example.com.evil', false],
    ['a, example.com:8443', 'https://example.com:8443', true],
    ['example.com:443', 'https://example.com', true],
    ['example.com:8443', 'https://example.com', false],
    ['*', 'https://anything', true],
    ['10.0.0.0/8 192.168.1.*', 'https://10.2.3.4', true],
    ['10.0.0.0/8;192.168.1.*', 'https://192.168.1.7:8443', true],
    ['10.0.0.0/8', 'https://11.0.0.1', false],
    ['0.0.0.0/0', 'https://11.0.0.1', true],
    ['2001:db8::/32', 'https://[2001:db8::7]', true],
    ['[2001:db8::7]:443', 'https://[2001:db8::7]', true],
    ['1.2.3.4', 'https://1.2.3.4.example', false],
    ['', 'https://example.com', false],
    ['.', 'https://example.com', false],
  ])('%j for %s: %s', (list, url, expected) => {
    expect(isException(new URL(url), list)).toBe(expected);
  });
});
