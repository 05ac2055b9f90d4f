import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assetPath, contentSecurityPolicy, serveAsset } from '#electron/platform/app-protocol/serve-asset';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

let folder: string;
let root: string;
const get = (url: string, method = 'GET'): Promise<Response> => serveAsset(root, { url, method }, 'fr');

beforeAll(() => {
  folder = makeTempDir('protocol');
  root = join(folder, 'renderer');
  mkdirSync(join(root, 'assets'), { recursive: true });
  mkdirSync(join(folder, 'renderer-other'));
  writeFileSync(
    join(root, 'index.html'),
    '<html lang="en"><meta content="__CSP_NONCE__"><style nonce="__CSP_NONCE__">',
  );
  writeFileSync(join(root, 'assets', 'index.js'), 'export {}; // __CSP_NONCE__');
  writeFileSync(join(root, 'notes.txt'), 'no page needs this');
  writeFileSync(join(folder, 'secret.html'), 'secret');
  writeFileSync(join(folder, 'renderer-other', 'index.html'), 'secret');
});
afterAll(() => removeTempDir(folder));

describe('the path of a file', () => {
  it.each([
    ['app://gatehouse/', 'index.html'],
    ['app://gatehouse/index.html?window=console#x', 'index.html'],
    ['app://gatehouse/assets/index.js', 'assets/index.js'],
    ['app://gatehouse/assets/%69ndex.js', 'assets/index.js'],
    ['app://gatehouse/assets/../index.html', 'index.html'],
    // The parser of URLs itself takes these dots away.
    ['app://gatehouse/%2e%2e/secret.html', 'secret.html'],
  ])('%s is %s', (url, path) => {
    expect(assetPath(root, url)).toBe(join(root, path));
  });

  it.each([
    'app://gatehouse/..%2fsecret.html',
    'app://gatehouse/%2e%2e%2fsecret.html',
    'app://gatehouse/assets/..%2f..%2fsecret.html',
    'app://gatehouse/..%2frenderer-other/index.html',
    'app://gatehouse/..%5csecret.html',
    'app://gatehouse//etc/passwd%00.html',
    'app://gatehouse/C:/Windows/win.ini',
    'app://gatehouse/%E0%A4%A',
    'app://elsewhere/index.html',
    'app://gatehouse.example/index.html',
    'https://gatehouse/index.html',
    'file:///etc/passwd',
    'nonsense',
  ])('%s is none', (url) => {
    expect(assetPath(root, url)).toBeUndefined();
  });
});

describe('serving a file', () => {
  it('gives a page with the language, and a nonce of its own, the same in text and policy', async () => {
    const [first, second] = await Promise.all([get('app://gatehouse/'), get('app://gatehouse/')]);
    const text = await first.text();
    const nonce = /nonce="([^"]+)"/.exec(text)?.[1] ?? '';
    expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect(text).toBe(`<html lang="fr"><meta content="${nonce}"><style nonce="${nonce}">`);
    expect(first.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
    expect(await second.text()).not.toBe(text);
    expect(first.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(first.headers.get('x-content-type-options')).toBe('nosniff');
    expect(first.headers.get('cache-control')).toBe('no-store');
  });

  it('leaves scripts as they are', async () => {
    const answer = await get('app://gatehouse/assets/index.js');
    expect(await answer.text()).toBe('export {}; // __CSP_NONCE__');
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBeNull();
  });

  it.each([
    ['app://gatehouse/missing.js', 'GET', 404],
    ['app://gatehouse/notes.txt', 'GET', 404],
    ['app://gatehouse/assets', 'GET', 404],
    ['app://gatehouse/..%2fsecret.html', 'GET', 404],
    ['app://gatehouse/index.html', 'POST', 405],
  ])('%s by %s is refused with %i, under the policy too', async (url, method, status) => {
    const answer = await get(url, method);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toBe('');
    expect(answer.headers.get('content-security-policy')).toContain(`default-src 'none'`);
  });
});

describe('the content security policy', () => {
  const policy = contentSecurityPolicy('abc');

  it('allows the app’s own files and nothing else', () => {
    expect(policy.split('; ')).toEqual([
      `default-src 'none'`,
      `script-src 'self'`,
      `style-src 'self' 'nonce-abc'`,
      `img-src 'self' data:`,
      `font-src 'self'`,
      `connect-src 'none'`,
      `form-action 'none'`,
      `frame-ancestors 'none'`,
      `base-uri 'none'`,
    ]);
  });

  it('has no way around itself', () => {
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });
});
