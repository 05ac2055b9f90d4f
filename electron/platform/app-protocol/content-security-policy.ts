/**
 * The content security policy of the app's windows: nothing but the app's own files, no inline script, no network. Style
 * elements that are made at run time need the nonce of the page; style attributes set by script need nothing.
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
