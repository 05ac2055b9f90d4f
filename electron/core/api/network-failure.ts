import type { Failure } from '#shared/ipc/failure';
import type { RouteTrouble } from './agents';

/** A failure below HTTP, with an error code of Node, OpenSSL or axios. */
export interface NetworkTrouble {
  readonly code: string;
  readonly message: string;
  /** Set if a proxy or a setting is the cause. */
  readonly route?: RouteTrouble;
}

type Sentence = (host: string, code: string) => string;

const CAUSES: readonly (readonly [codes: readonly string[], sentence: Sentence])[] = [
  [['ECONNREFUSED'], (host) => `Nothing answers at ${host}. Is the service running?`],
  [['ENOTFOUND'], (host) => `The name of ${host} is not known. Check the URL, and the network.`],
  [['EAI_AGAIN'], (host) => `The name of ${host} could not be looked up. Is this computer online?`],
  [['ETIMEDOUT', 'ECONNABORTED', 'ESOCKETTIMEDOUT'], (host) => `${host} did not answer in time.`],
  [
    ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'],
    (host) => `The connection to ${host} was closed before there was an answer.`,
  ],
  [
    ['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'EADDRNOTAVAIL'],
    (host) => `${host} cannot be reached from this network.`,
  ],
  [['CERT_HAS_EXPIRED'], (host) => `The certificate of ${host} has expired.`],
  [['CERT_NOT_YET_VALID'], (host) => `The certificate of ${host} is not valid yet. Is the clock right?`],
  [
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
    (host) => `The certificate of ${host} is signed by itself, so nobody vouches for it.`,
  ],
  [
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    (host) => `The certificate of ${host} is signed by an authority that this computer does not trust.`,
  ],
  [['ERR_TLS_CERT_ALTNAME_INVALID'], (host) => `The certificate of ${host} was made for another name.`],
];

const OTHER_CERTIFICATE: Sentence = (host, code) => `The certificate of ${host} was refused (${code}).`;
// The sentence must not suggest http://, because the token would then travel in the open, and whoever broke the handshake
// may want that.
const NO_TLS: Sentence = (host) =>
  `No encrypted connection to ${host} could be made, so nothing was sent. Check the name and the port of the URL.`;
const OTHER: Sentence = (host, code) => `${host} cannot be reached (${code}).`;

/** Returns the failure for a call without an answer, with a sentence for its cause. `host` is host and port. */
export function networkFailure(trouble: NetworkTrouble, host: string): Failure {
  const { code, route } = trouble;
  if (route !== undefined) return { kind: 'unreachable', message: routeSentence(route, host) };
  // Node's HTTP parser reports these codes, so the other side is no web service.
  if (code.startsWith('HPE_')) {
    return { kind: 'service', code: 'not_http', message: `${host} answers, but not with HTTP.` };
  }
  if (/maxContentLength/.test(trouble.message)) {
    return {
      kind: 'service',
      code: 'answer_too_large',
      message: `${host} sent an answer that is too large to be from Gatehouse.`,
    };
  }
  return { kind: 'unreachable', message: sentenceFor(code)(host, code) };
}

function sentenceFor(code: string): Sentence {
  const known = CAUSES.find(([codes]) => codes.includes(code));
  if (known !== undefined) return known[1];
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return NO_TLS;
  return /CERT|CRL|SIGNATURE/.test(code) ? OTHER_CERTIFICATE : OTHER;
}

/** Sentences by the status with which a proxy refuses a tunnel. */
const PROXY_REFUSALS: Readonly<Record<string, (proxy: string, host: string) => string>> = {
  407: (proxy) =>
    `${proxy} asks for a user name and password, or refuses those that it got. Enter them in Settings, Network.`,
  403: (proxy, host) =>
    `${proxy} does not let this console through to ${host}. Ask whoever runs it, or name the host as an exception in Settings, Network.`,
  502: (proxy, host) => `${proxy} cannot reach ${host} (502). Is the service running?`,
  503: (proxy, host) => `${proxy} cannot reach ${host} at the moment (503).`,
  504: (proxy, host) => `${proxy} got no answer from ${host} in time (504).`,
};

function routeSentence(route: RouteTrouble, host: string): string {
  if (route.kind === 'setting') return route.message;
  const { code } = route;
  const proxy = `The proxy ${route.proxy} (${route.namedBy})`;
  const refusal = PROXY_REFUSALS[code];
  if (refusal !== undefined) return refusal(proxy, host);
  if (/^\d+$/.test(code)) return `${proxy} refused the connection to ${host} (${code}).`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `${proxy} is not known by that name. Check the setting.`;
  if (code === 'ETIMEDOUT') return `${proxy} did not answer in time.`;
  if (code.startsWith('HPE_') || code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return `${proxy} answers, but not as an HTTP proxy. Check the setting.`;
  }
  if (/CERT|SIGNATURE/.test(code))
    return `${proxy} has a certificate that this computer does not trust (${code}).`;
  return `${proxy} does not answer (${code}). Check the setting, and whether the proxy runs.`;
}
