import { t } from '#shared/i18n/t';
import type { Failure } from '#shared/ipc/failure';
import type { RouteTrouble } from './agents';

/** A failure below HTTP, with an error code of Node, OpenSSL or axios. */
export interface NetworkTrouble {
  readonly code: string;
  readonly message: string;
  /** Set if a proxy or a setting is the cause. */
  readonly route?: RouteTrouble;
}

const CAUSES = [
  [['ECONNREFUSED'], 'nothingAnswers'],
  [['ENOTFOUND'], 'nameUnknown'],
  [['EAI_AGAIN'], 'nameNotLookedUp'],
  [['ETIMEDOUT', 'ECONNABORTED', 'ESOCKETTIMEDOUT'], 'tooLate'],
  [['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'], 'closed'],
  [['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'EADDRNOTAVAIL'], 'notFromHere'],
  [['CERT_HAS_EXPIRED'], 'certificateExpired'],
  [['CERT_NOT_YET_VALID'], 'certificateNotYet'],
  [['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'], 'certificateOfItself'],
  [
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    'certificateOfStranger',
  ],
  [['ERR_TLS_CERT_ALTNAME_INVALID'], 'certificateOfOther'],
] as const satisfies readonly (readonly [codes: readonly string[], name: string])[];

/** Returns the failure for a call without an answer, with a sentence for its cause. `host` is host and port. */
export function networkFailure(trouble: NetworkTrouble, host: string): Failure {
  const { code, route } = trouble;
  if (route !== undefined) return { kind: 'unreachable', message: routeSentence(route, host) };
  // Node's HTTP parser reports these codes, so the other side is no web service.
  if (code.startsWith('HPE_')) {
    return { kind: 'service', code: 'not_http', message: t('network.notHttp', { host }) };
  }
  if (/maxContentLength/.test(trouble.message)) {
    return {
      kind: 'service',
      code: 'answer_too_large',
      message: t('network.answerTooLarge', { host }),
    };
  }
  return { kind: 'unreachable', message: causeSentence(code, host) };
}

function causeSentence(code: string, host: string): string {
  const known = CAUSES.find(([codes]) => (codes as readonly string[]).includes(code));
  if (known !== undefined) return t(`network.${known[1]}`, { host });
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return t('network.noEncryption', { host });
  return /CERT|CRL|SIGNATURE/.test(code)
    ? t('network.certificateRefused', { host, code })
    : t('network.notReached', { host, code });
}

/** The statuses with which a proxy refuses a tunnel, and that have a sentence of their own. */
const PROXY_REFUSALS = ['403', '407', '502', '503', '504'] as const;

function routeSentence(route: RouteTrouble, host: string): string {
  if (route.kind === 'setting') return route.message;
  const { proxy, namedBy, code } = route;
  const words = { proxy, namedBy, host, code };
  const refusal = PROXY_REFUSALS.find((status) => status === code);
  if (refusal !== undefined) return t(`network.proxy_${refusal}`, words);
  if (/^\d+$/.test(code)) return t('network.proxyRefused', words);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return t('network.proxyUnknown', words);
  if (code === 'ETIMEDOUT') return t('network.proxyTooLate', words);
  if (code.startsWith('HPE_') || code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return t('network.proxyNotHttp', words);
  }
  return /CERT|SIGNATURE/.test(code)
    ? t('network.proxyNotTrusted', words)
    : t('network.proxyNotReached', words);
}
