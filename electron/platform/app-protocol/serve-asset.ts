import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import type { Language } from '#shared/i18n/language';
import { isAppUrl } from './app-origin';

/** index.html has this placeholder for the nonce of style elements. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';
const PAGE_LANGUAGE = '<html lang="en">';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Answers a request for a file below `root`. Every page gets its own nonce, and the language of its first paint. */
export async function serveAsset(
  root: string,
  request: Pick<Request, 'url' | 'method'>,
  language: Language,
): Promise<Response> {
  if (request.method !== 'GET') return refuse(405);
  const file = assetPath(root, request.url);
  const type = file === undefined ? undefined : TYPES[extname(file)];
  if (file === undefined || type === undefined) return refuse(404);
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch {
    return refuse(404);
  }
  const nonce = randomBytes(16).toString('base64');
  const headers = { ...headersOf(nonce), 'content-type': type };
  if (!type.startsWith('text/html')) return new Response(new Uint8Array(content), { headers });
  const page = content
    .toString('utf8')
    .replaceAll(NONCE_PLACEHOLDER, nonce)
    .replace(PAGE_LANGUAGE, `<html lang="${language}">`);
  // The nonce is for one use. The page's assets have names that change with their content, so they may be cached.
  return new Response(page, { headers: { ...headers, 'cache-control': 'no-store' } });
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: headersOf('none') });
}

function headersOf(nonce: string) {
  return {
    'content-security-policy': contentSecurityPolicy(nonce),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
}

/**
 * Returns the file below `root` for a URL of the app, or undefined for a foreign origin, a path out of the folder, or a name
 * that no file of ours has.
 */
export function assetPath(root: string, url: string): string | undefined {
  if (!isAppUrl(url)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(new URL(url).pathname);
  } catch {
    return undefined;
  }
  // A NUL ends a file name for the system, a backslash is a separator on Windows, and a colon names a drive or stream.
  if (/[\0\\:]/.test(path)) return undefined;
  const file = resolve(root, `.${path === '/' ? '/index.html' : path}`);
  return file.startsWith(resolve(root) + sep) ? file : undefined;
}

/**
 * The content security policy of the app's windows: the app's own files, no inline script, no network. Style elements made
 * at run time need the page's nonce; style attributes set by script do not.
 */
export function contentSecurityPolicy(styleNonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${styleNonce}'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
  ].join('; ');
}
