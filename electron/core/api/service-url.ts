import { t } from '#shared/i18n/t';
import { isLoopbackHost } from '#shared/ip/loopback';
import { proxyName, type Route } from '../network/proxy';

export type ServiceUrlResult =
  { readonly ok: true; readonly url: string } | { readonly ok: false; readonly message: string };

/**
 * Parses a service's URL as a person types it. The scheme may be missing (https, or http for this computer). The result has
 * no slash at the end, and may have a path for a service behind a reverse proxy.
 */
export function parseServiceUrl(text: string): ServiceUrlResult {
  const typed = text.trim();
  if (typed === '') return refuse(t('network.enterUrl'));
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `${guessScheme(typed)}${typed}`;
  if (!URL.canParse(withScheme)) return refuse(t('network.noUrl'));
  const url = new URL(withScheme);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return refuse(t('network.urlScheme', { scheme: url.protocol.slice(0, -1) }));
  }
  if (url.username !== '' || url.password !== '') return refuse(t('network.urlCredentials'));
  if (url.search !== '' || url.hash !== '') return refuse(t('network.urlTooLong'));
  return { ok: true, url: `${url.origin}${url.pathname.replace(/\/+$/, '')}` };
}

/** Returns true if others can read what is sent to this URL: not encrypted, and not to this computer. */
export function isReadableOnTheWay(serviceUrl: string): boolean {
  const url = new URL(serviceUrl);
  return url.protocol === 'http:' && !isLoopbackHost(url.hostname);
}

/** Returns the question that a person answers before the token is sent to such a URL. */
export function plainWarning(serviceUrl: string, route: Route): string {
  return route.kind === 'proxy'
    ? t('network.plainThroughProxy', {
        url: serviceUrl,
        proxy: proxyName(route.proxy),
        namedBy: route.proxy.namedBy,
      })
    : t('network.plain', { url: serviceUrl });
}

function refuse(message: string): ServiceUrlResult {
  return { ok: false, message };
}

function guessScheme(typed: string): string {
  const hostname = URL.canParse(`http://${typed}`) ? new URL(`http://${typed}`).hostname : '';
  return isLoopbackHost(hostname) ? 'http://' : 'https://';
}
