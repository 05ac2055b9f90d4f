import type { IncomingMessage, ServerResponse } from 'node:http';
import { sentence } from '#shared/domain/sentence';
import { SECOND_MS } from '#shared/durations';
import type { Gate } from '../../gate/gate';
import type { Call } from '../../gate/call';
import type { Metrics } from '../../metrics/metrics';
import type { ServiceLog } from '../../service-log';
import type { Tracing } from '../../telemetry/tracing';
import { createKeyReader } from './api-key';
import {
  responseTo,
  responseWithoutVerdict,
  sendResponse,
  UNDECIDED_LET_IN,
  type CheckResponse,
  type MessageOptions,
} from './check-response';
import type { CallerReader } from './client-address';
import type { FingerprintReader } from './fingerprint';
import type { ProxyFaults } from './proxy-faults';
import { originalRequest, sentHeader } from './request-headers';

const CHECK_PATH = '/v1/check';

export interface CheckOptions extends MessageOptions {
  readonly gate: Gate;
  readonly metrics: Pick<Metrics, 'checked' | 'checkedKey'>;
  readonly tracing: Tracing;
  readonly log: ServiceLog;
  readonly keyHeaders: readonly string[];
  readonly callerOf: CallerReader;
  readonly fingerprintOf: FingerprintReader;
  readonly proxyFaults: Pick<ProxyFaults, 'note'>;
  /** Called for each call that could not be decided or logged. */
  readonly onUndecided: () => void;
  /** The answer to calls that get no verdict. */
  readonly onError: 'deny' | 'allow';
}

const UNAVAILABLE = responseWithoutVerdict(
  'unavailable',
  'The enforcement service cannot decide at the moment.',
);

/** Returns the path behind `/v1/check`, which Envoy fills in; undefined if the request is not for the data plane. */
export function checkPathOf(url: string): string | undefined {
  const [path = ''] = url.split(/[?#]/, 1);
  if (path !== CHECK_PATH && !path.startsWith(`${CHECK_PATH}/`)) return undefined;
  return path.slice(CHECK_PATH.length);
}

/** A check whose response waits to be sent. */
interface DecidedCheck {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly decided: CheckResponse;
  /** In milliseconds of `performance.now()`. */
  readonly startedAt: number;
}

/**
 * Creates the handler of checks, which stands in front of the router for speed. It takes any method and reads no body. An
 * error never lets a call in, unless `onError` says so.
 */
export function createCheckHandler(options: CheckOptions) {
  const { callerOf, fingerprintOf, gate, log, metrics, proxyFaults, tracing } = options;
  const keyOf = createKeyReader(options.keyHeaders);

  function send({ request, response, decided, startedAt }: DecidedCheck): void {
    try {
      sendResponse(response, decided, sentHeader(request.rawHeaders, 'x-gatehouse-body') !== 'none');
    } catch (error) {
      log.write('error', 'check.answer_failed', { error });
      response.destroy();
    }
    metrics.checked(decided.verdict, decided.reason, (performance.now() - startedAt) / SECOND_MS);
  }

  /**
   * Sends the responses of one turn of the event loop together, so that a proxy that wakes up for the first finds them all.
   * `npm run bench:check -- http` shows the effect.
   */
  let waiting: DecidedCheck[] = [];

  function sendSoon(check: DecidedCheck): void {
    waiting.push(check);
    if (waiting.length > 1) return;
    setImmediate(() => {
      const checks = waiting;
      waiting = [];
      checks.forEach(send);
    });
  }

  /** A call that memory knows to be blocked stays blocked when it cannot be decided or logged. */
  function undecided(call: Call): CheckResponse {
    options.onUndecided();
    if (options.onError === 'deny') return UNAVAILABLE;
    const block = gate.knownBlock(call);
    return block === undefined ? UNDECIDED_LET_IN : responseTo(block, options);
  }

  async function decide(call: Call): Promise<CheckResponse> {
    try {
      const verdict = await gate.ask(call);
      if (verdict.keyId !== null) metrics.checkedKey(verdict.keyId, verdict.verdict);
      return responseTo(verdict, options);
    } catch (error) {
      log.write('error', 'check.failed', { error });
      return undecided(call);
    }
  }

  async function responseOf(request: IncomingMessage, pathAfterCheck: string): Promise<CheckResponse> {
    try {
      const read = callerOf(request);
      if (!read.ok) {
        proxyFaults.note(
          'chain_unreadable',
          sentence('proxyUnreadable', { peer: request.socket.remoteAddress ?? '?', ...read.fault }),
        );
        return responseWithoutVerdict('bad_forwarded_for', read.detail);
      }
      const { caller } = read;
      const key = keyOf(request.rawHeaders);
      if (caller.isProxy && key.kind !== 'none') {
        proxyFaults.note('caller_is_proxy', sentence('proxyNamesNobody', { ip: caller.ip }));
      }
      const original = () => ({
        ...originalRequest(request.headers, request.method, pathAfterCheck),
        fingerprint: fingerprintOf(request),
      });
      return await decide({ key, caller, original });
    } catch (error) {
      log.write('error', 'check.failed', { error });
      return UNAVAILABLE;
    }
  }

  return (request: IncomingMessage, response: ServerResponse, pathAfterCheck: string): void => {
    const startedAt = performance.now();
    tracing.ofRequest(CHECK_PATH, request, response, () => {
      void responseOf(request, pathAfterCheck).then((decided) =>
        sendSoon({ request, response, decided, startedAt }),
      );
    });
  };
}
