import { t } from '#shared/i18n/t';

export interface Proxy {
  /** True if the connection to the proxy itself is encrypted. */
  readonly isEncrypted: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  readonly credentials: { readonly userName: string; readonly password: string } | undefined;
  /** The source, for a sentence: `HTTPS_PROXY`. */
  readonly namedBy: string;
}

export type ProxyResult =
  { readonly ok: true; readonly proxy: Proxy } | { readonly ok: false; readonly message: string };

export type Route =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly proxy: Proxy }
  /** The configured proxy cannot be used. A direct connection would be a guess, so nothing is sent. */
  | { readonly kind: 'refused'; readonly message: string };

export const DIRECT: Route = { kind: 'direct' };

/** Returns what stands for the console's own setting in {@link Proxy.namedBy}. */
export function ownProxyName(): string {
  return t('network.ownProxy');
}

/** Returns `host:port`, without user name and password. */
export function proxyName({ host, port }: Proxy): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Parses a proxy in the form of HTTPS_PROXY: `host:port`, or a URL that may hold user name and password. */
export function parseProxy(text: string, namedBy: string): ProxyResult {
  const typed = text.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`;
  // The sentence must not quote the text, because it may hold a password.
  if (!URL.canParse(withScheme)) return refuse(t('network.proxyUnreadable', { namedBy }));
  const url = new URL(withScheme);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return refuse(t('network.proxyKind', { kind: url.protocol.slice(0, -1), namedBy }));
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return refuse(t('network.proxyTooLong', { namedBy }));
  }
  const isEncrypted = url.protocol === 'https:';
  const credentials = readCredentials(url);
  if (credentials === 'unreadable') return refuse(t('network.proxyCredentials', { namedBy }));
  return {
    ok: true,
    proxy: {
      isEncrypted,
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (isEncrypted ? 443 : 80) : Number(url.port),
      credentials,
      namedBy,
    },
  };
}

function refuse(message: string): ProxyResult {
  return { ok: false, message };
}

function readCredentials(url: URL): Proxy['credentials'] | 'unreadable' {
  if (url.username === '' && url.password === '') return undefined;
  try {
    return { userName: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  } catch {
    return 'unreadable';
  }
}

/**
 * Returns the first usable entry of a system's answer for a URL: `PROXY a:8080; SOCKS5 b:1080; DIRECT`
 * (https://developer.mozilla.org/docs/Web/HTTP/Proxy_servers_and_tunneling/Proxy_Auto-Configuration_PAC_file).
 */
export function routeOfSystem(answer: string): Route {
  let refused: Route | undefined;
  for (const entry of answer.split(';')) {
    const [kind = '', address = ''] = entry.trim().split(/\s+/);
    if (/^DIRECT$/i.test(kind)) return DIRECT;
    const scheme = /^(PROXY|HTTP)$/i.test(kind) ? 'http' : kind.toLowerCase();
    if (address === '') continue;
    const read = parseProxy(`${scheme}://${address}`, t('network.systemProxy'));
    if (read.ok) return { kind: 'proxy', proxy: read.proxy };
    refused ??= { kind: 'refused', message: read.message };
  }
  return refused ?? DIRECT;
}
