import { cidrContains, formatAddress, parseAddress, type Cidr, type IpAddress } from '#shared/ip/index';
import { memoize } from '../memoize';

export type ClientAddress =
  | { readonly ok: true; readonly address: IpAddress }
  /** The chain cannot be read; `detail` says which hop. */
  | { readonly ok: false; readonly detail: string };

const MAX_HOPS = 64;

/** Takes brackets and a port off a hop: `[2001:db8::1]:443`, `203.0.113.9:51234`. */
const withoutPort = (hop: string): string => {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(hop);
  if (bracketed?.[1] !== undefined) return bracketed[1];
  const [host, port, ...rest] = hop.split(':');
  // One colon is a port; more are an IPv6 address.
  return host !== undefined && port !== undefined && rest.length === 0 && /^\d{1,5}$/.test(port) ? host : hop;
};

/**
 * The address of the caller (SPEC 2, "Client address"). The peer itself, unless it is a trusted proxy: then the
 * forwarded chain is walked from the right, and the first hop that is no trusted proxy is the client. Where all are
 * trusted, the leftmost is. A chain that cannot be read as a whole is refused, never guessed.
 */
export const clientAddress = (
  peer: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: readonly Cidr[],
): ClientAddress => {
  const peerAddress = parseAddress(peer ?? '');
  if (!peerAddress.ok) return { ok: false, detail: 'the connection has no readable peer address' };
  const isTrusted = (address: IpAddress): boolean =>
    trustedProxies.some((cidr) => cidrContains(cidr, address));
  if (forwardedFor === undefined || !isTrusted(peerAddress.address)) return peerAddress;

  const hops = forwardedFor.split(',');
  if (hops.length > MAX_HOPS) return { ok: false, detail: `X-Forwarded-For has more than ${MAX_HOPS} hops` };
  let client: IpAddress | undefined;
  let leftmost = peerAddress.address;
  for (const hop of hops.reverse()) {
    const parsed = parseAddress(withoutPort(hop.trim()));
    if (!parsed.ok) {
      return {
        ok: false,
        detail: `X-Forwarded-For has a hop that is no IP address: "${hop.trim().slice(0, 60)}"`,
      };
    }
    leftmost = parsed.address;
    if (client === undefined && !isTrusted(parsed.address)) client = parsed.address;
  }
  return { ok: true, address: client ?? leftmost };
};

/** An address with its canonical text, or why there is none. */
export type Caller =
  | { readonly ok: true; readonly address: IpAddress; readonly ip: string }
  | { readonly ok: false; readonly detail: string };

/** Reads the caller of a request from its peer and its forwarded chain. */
export type CallerReader = (peer: string | undefined, forwardedFor: string | undefined) => Caller;

/** Chains that are remembered, and how long one may be: callers come again and again with the same few. */
const REMEMBERED_CHAINS = 20_000;
const LONGEST_REMEMBERED = 100;

/** The same as {@link clientAddress}, for many requests: what was read before is not read again. */
export const createCallerReader = (trustedProxies: readonly Cidr[]): CallerReader => {
  const read = (peer: string | undefined, forwardedFor: string | undefined): Caller => {
    const client = clientAddress(peer, forwardedFor, trustedProxies);
    return client.ok ? { ...client, ip: formatAddress(client.address) } : client;
  };
  const remembered = memoize((text: string) => {
    const [peer, forwardedFor] = text.split('\n', 2);
    return read(peer, forwardedFor);
  }, REMEMBERED_CHAINS);
  return (peer, forwardedFor) => {
    if (peer === undefined || (forwardedFor?.length ?? 0) > LONGEST_REMEMBERED)
      return read(peer, forwardedFor);
    return remembered(forwardedFor === undefined ? peer : `${peer}\n${forwardedFor}`);
  };
};
