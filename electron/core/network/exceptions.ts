import { cidrContains, parseAddress, parseRangeText } from '#shared/ip/index';

/** Splits a list such as NO_PROXY at commas and spaces. */
export function entriesOf(list: string): readonly string[] {
  return list.split(/[\s,;]+/).filter((entry) => entry !== '');
}

/**
 * Returns true if a host is reached without a proxy. `example.com` and `.example.com` match the name and all below it, `*`
 * all hosts, an address or network is compared as such, and `:port` narrows an entry.
 */
export function isException(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return entriesOf(list).some((entry) => matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, name = entry, entryPort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  if (entryPort !== undefined && entryPort !== port) return false;
  const address = parseAddress(host);
  const text = name.replace(/^\[|\]$/g, '');
  if (address.ok) {
    const range = parseRangeText(text, { allowWide: true });
    return range.ok && range.cidrs.some((cidr) => cidrContains(cidr, address.address));
  }
  const suffix = text.replace(/^\*?\./, '').replace(/\.$/, '');
  return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
}
