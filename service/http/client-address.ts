import { cidrContains, formatAddress, parseAddress, type Cidr, type IpAddress } from '#shared/ip/index';
import type { Caller } from '../gate/gate';
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

/** Whether an address is that of a trusted proxy. */
type IsTrusted = (address: IpAddress) => boolean;

const trustIn =
  (trustedProxies: readonly Cidr[]): IsTrusted =>
  (address) =>
    trustedProxies.some((cidr) => cidrContains(cidr, address));

const addressOfPeer = (peer: string | undefined): ClientAddress => {
  const parsed = parseAddress(peer ?? '');
  return parsed.ok ? parsed : { ok: false, detail: 'the connection has no readable peer address' };
};

/** The client at the end of a chain that came from a trusted proxy. */
const endOfChain = (forwardedFor: string, isTrusted: IsTrusted): ClientAddress => {
  const hops = forwardedFor.split(',');
  if (hops.length > MAX_HOPS) return { ok: false, detail: `X-Forwarded-For has more than ${MAX_HOPS} hops` };
  let client: ClientAddress | undefined;
  let leftmost: ClientAddress | undefined;
  for (const hop of hops.reverse()) {
    const parsed = parseAddress(withoutPort(hop.trim()));
    if (!parsed.ok) {
      return {
        ok: false,
        detail: `X-Forwarded-For has a hop that is no IP address: "${hop.trim().slice(0, 60)}"`,
      };
    }
    leftmost = parsed;
    if (!isTrusted(parsed.address)) client ??= parsed;
  }
  return client ?? leftmost ?? { ok: false, detail: 'X-Forwarded-For is empty' };
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
  const isTrusted = trustIn(trustedProxies);
  const alone = addressOfPeer(peer);
  return forwardedFor === undefined || !alone.ok || !isTrusted(alone.address)
    ? alone
    : endOfChain(forwardedFor, isTrusted);
};

/** The caller that a request names, or why it names none. */
export type ReadCaller =
  { readonly ok: true; readonly caller: Caller } | { readonly ok: false; readonly detail: string };

/** Reads the caller of a request from its peer and its forwarded chain. */
export type CallerReader = (peer: string | undefined, forwardedFor: string | undefined) => ReadCaller;

/** Peers and chains that are remembered, and how long a chain may be: callers come again and again with the same few. */
const REMEMBERED = 20_000;
const LONGEST_REMEMBERED = 100;

const callerOf = (client: ClientAddress): ReadCaller => {
  if (!client.ok) return client;
  const { address } = client;
  return { ok: true, caller: { address, ip: formatAddress(address), known: undefined } };
};

/** The same as {@link clientAddress}, for many requests: what was read before is not read again. */
export const createCallerReader = (trustedProxies: readonly Cidr[]): CallerReader => {
  const isTrusted = trustIn(trustedProxies);
  const ofPeer = memoize((peer: string) => {
    const client = addressOfPeer(peer);
    return { alone: callerOf(client), isProxy: client.ok && isTrusted(client.address) };
  }, REMEMBERED);
  // Which of the trusted proxies it came from makes no difference to a chain.
  const ofChain = memoize(
    (forwardedFor: string) => callerOf(endOfChain(forwardedFor, isTrusted)),
    REMEMBERED,
  );
  return (peer = '', forwardedFor) => {
    const { alone, isProxy } = ofPeer(peer);
    if (forwardedFor === undefined || !isProxy) return alone;
    return forwardedFor.length <= LONGEST_REMEMBERED
      ? ofChain(forwardedFor)
      : callerOf(endOfChain(forwardedFor, isTrusted));
  };
};
