import type { IncomingMessage } from 'node:http';
import { anyContains, parseAddress, type Cidr } from '#shared/ip/index';
import { sentHeader } from './request-headers';

/** The part of a request that may tell of the TLS client. */
type FingerprintSource = Pick<IncomingMessage, 'rawHeaders'> & {
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
};

export type FingerprintReader = (request: FingerprintSource) => string | null;

interface FingerprintReaderOptions {
  readonly trustedProxies: readonly Cidr[];
  /** The header, in lower case, in which trusted proxies tell of the TLS client. */
  readonly fingerprintHeader: string | undefined;
}

/** Two lines of a header are joined with a space, so that a caller who adds one to the proxy's gets none. */
const FINGERPRINT = /^[\w.,:;|/+=-]{1,256}$/;

/** Creates the reader of fingerprints (docs/behaviour.md 3.4). Only trusted proxies are believed. */
export function createFingerprintReader({
  trustedProxies,
  fingerprintHeader,
}: FingerprintReaderOptions): FingerprintReader {
  if (fingerprintHeader === undefined) return () => null;
  return ({ rawHeaders, socket }) => {
    const sent = sentHeader(rawHeaders, fingerprintHeader);
    if (sent === undefined || !FINGERPRINT.test(sent)) return null;
    const peer = parseAddress(socket.remoteAddress ?? '');
    return peer.ok && anyContains(trustedProxies, peer.address) ? sent : null;
  };
}
