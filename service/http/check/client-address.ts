import type { IncomingMessage } from 'node:http';
import { reasonInWords, type ReasonValues } from '#shared/domain/sentence';
import { anyContains, formatAddress, parseAddress, type Cidr, type IpAddress } from '#shared/ip/index';
import type { Caller } from '../../gate/call';
import { sentHeader } from './request-headers';

/** The caller that a request names, or the reason why its chain of addresses cannot be read. */
export type ReadCaller =
  | { readonly ok: true; readonly caller: Caller }
  | {
      readonly ok: false;
      /** A clause for the caller, which may quote the caller's own text. */
      readonly detail: string;
      /** The reason for the administrator, without text that the caller wrote. */
      readonly fault: ReasonValues;
    };

/** The part of a request that identifies the caller. */
type CallerSource = Pick<IncomingMessage, 'rawHeaders'> & {
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
};

export type CallerReader = (request: CallerSource) => ReadCaller;

interface CallerReaderOptions {
  readonly trustedProxies: readonly Cidr[];
  /** The one header, in lower case, in which trusted proxies name the caller. */
  readonly clientHeader: string;
}

const MAX_HOPS = 64;

/** Words in place of an address: nginx writes `unix:` for a Unix socket, RFC 7239 has `unknown`. */
const PROXY_WORDS: ReadonlySet<string> = new Set(['unix:', 'unknown']);

function unreadable(fault: ReasonValues, detail = reasonInWords(fault)): ReadCaller {
  return { ok: false, detail, fault };
}

/** Removes brackets and the port from a hop: `[2001:db8::1]:443`, `203.0.113.9:51234`. */
function withoutPort(hop: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(hop);
  if (bracketed?.[1] !== undefined) return bracketed[1];
  const [host, port, ...rest] = hop.split(':');
  // A single colon starts a port; several belong to an IPv6 address.
  return host !== undefined && port !== undefined && rest.length === 0 && /^\d{1,5}$/.test(port) ? host : hop;
}

/** Returns the header's name in its usual spelling: `X-Forwarded-For`. */
function headerTitle(name: string): string {
  return name.replaceAll(
    /(^|-)([a-z])/g,
    (_match, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

/**
 * Creates the reader of callers (docs/behaviour.md 3.3). A chain that cannot be read as a whole is refused, because a guess
 * could let a caller choose its address.
 */
export function createCallerReader({ trustedProxies, clientHeader }: CallerReaderOptions): CallerReader {
  const title = headerTitle(clientHeader);

  const isTrusted = (address: IpAddress): boolean => anyContains(trustedProxies, address);

  const callerAt = (address: IpAddress): ReadCaller => ({
    ok: true,
    caller: { address, ip: formatAddress(address), isProxy: isTrusted(address) },
  });

  const readPeer = (peer: string): ReadCaller => {
    const parsed = parseAddress(peer);
    if (!parsed.ok) return unreadable({ reason: 'noPeer' });
    return callerAt(parsed.address);
  };

  const readChain = (chain: string): ReadCaller => {
    if (chain === '') return unreadable({ reason: 'chainEmpty', header: title });
    const hops = chain.split(',');
    if (hops.length > MAX_HOPS) return unreadable({ reason: 'chainLong', header: title, limit: MAX_HOPS });
    let caller: IpAddress | undefined;
    let leftmost: IpAddress | undefined;
    for (const hop of hops.reverse()) {
      const parsed = parseAddress(withoutPort(hop.trim()));
      if (!parsed.ok) {
        const written = hop.trim();
        const quoted: ReasonValues = { reason: 'hopWritten', header: title, hop: written.slice(0, 60) };
        return unreadable(
          PROXY_WORDS.has(written) ? quoted : { reason: 'hopUnreadable', header: title },
          reasonInWords(quoted),
        );
      }
      leftmost = parsed.address;
      if (!isTrusted(leftmost)) caller ??= leftmost;
    }
    const named = caller ?? leftmost;
    return named === undefined ? unreadable({ reason: 'chainEmpty', header: title }) : callerAt(named);
  };

  return ({ socket, rawHeaders }) => {
    const peer = readPeer(socket.remoteAddress ?? '');
    if (!peer.ok || !peer.caller.isProxy) return peer;
    const chain = sentHeader(rawHeaders, clientHeader);
    return chain === undefined ? peer : readChain(chain);
  };
}
