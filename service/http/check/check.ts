import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gate } from '../../gate/gate';
import type { Call } from '../../gate/call';
import type { Metrics } from '../../metrics/metrics';
import type { ServiceLog } from '../../service-log';
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
import type { ProxyFaults } from './proxy-faults';
import { originalRequest, sentHeader } from './request-headers';

const CHECK_PATH = '/v1/check';

const MS_PER_SECOND = 1000;

export interface CheckOptions extends MessageOptions {
  readonly gate: Gate;
  readonly metrics: Pick<Metrics, 'checked'>;
  readonly log: ServiceLog;
  readonly keyHeaders: readonly string[];
  readonly callerOf: CallerReader;
  readonly proxyFaults: Pick<ProxyFaults, 'note'>;
  /** Called for each call that could not be decided or logged. */
  readonly onUndecided: () => void;
  /** What happens when no verdict can be given. */
  readonly onError: 'deny' | 'allow';
}

const UNAVAILABLE = responseWithoutVerdict(
  'unavailable',
  'The enforcement service cannot decide at the moment.',
);

function unreadableSentence(peer: string | undefined, fault: string): string {
  return `Calls from the trusted proxy ${peer ?? 'without an address'} are refused: ${fault}.`;
}

function unnamedSentence(ip: string): string {
  return (
    `Calls are judged by ${ip}, the address of a trusted proxy, because the proxy names no other caller. ` +
    'Nothing is learned from them, and the trust review refuses them.'
  );
}

/** Whether the request is for the data plane; if so, the path behind `/v1/check`, which Envoy fills in. */
export function checkPathOf(url: string): string | undefined {
  const [path = ''] = url.split(/[?#]/, 1);
  if (path !== CHECK_PATH && !path.startsWith(`${CHECK_PATH}/`)) return undefined;
  return path.slice(CHECK_PATH.length);
}

/** A check whose response is known and not sent yet. */
interface DecidedCheck {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly decided: CheckResponse;
  /** In milliseconds of `performance.now()`. */
  readonly startedAt: number;
}

/**
 * Makes the handler of checks. It sits in front of the router: any method, no body is read, and nothing but the verdict is
 * worked out. Whatever goes wrong, the call is not let in.
 */
export function createCheckHandler(options: CheckOptions) {
  const { callerOf, gate, log, metrics, proxyFaults } = options;
  const keyOf = createKeyReader(options.keyHeaders);

  function send({ request, response, decided, startedAt }: DecidedCheck): void {
    try {
      sendResponse(response, decided, sentHeader(request.rawHeaders, 'x-gatehouse-body') !== 'none');
    } catch (error) {
      log.write('error', 'check.answer_failed', { error });
      response.destroy();
    }
    metrics.checked(decided.verdict, decided.reason, (performance.now() - startedAt) / MS_PER_SECOND);
  }

  /**
   * The responses of one turn of the event loop are sent together. A proxy that is woken by the first of them finds them all;
   * `npm run bench:check -- http` shows what that saves.
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

  /** What memory knows to be blocked stays blocked when a call cannot be decided or logged. */
  function undecided(call: Call): CheckResponse {
    options.onUndecided();
    if (options.onError === 'deny') return UNAVAILABLE;
    const block = gate.knownBlock(call);
    return block === undefined ? UNDECIDED_LET_IN : responseTo(block, options);
  }

  async function decide(call: Call): Promise<CheckResponse> {
    try {
      return responseTo(await gate.ask(call), options);
    } catch (error) {
      log.write('error', 'check.failed', { error });
      return undecided(call);
    }
  }

  async function responseOf(request: IncomingMessage, pathAfterCheck: string): Promise<CheckResponse> {
    try {
      const read = callerOf(request);
      if (!read.ok) {
        proxyFaults.note('chain_unreadable', unreadableSentence(request.socket.remoteAddress, read.fault));
        return responseWithoutVerdict('bad_forwarded_for', read.detail);
      }
      const { caller } = read;
      const key = keyOf(request.rawHeaders);
      if (caller.isProxy && key.kind !== 'none') {
        proxyFaults.note('caller_is_proxy', unnamedSentence(caller.ip));
      }
      const original = () => originalRequest(request.headers, request.method, pathAfterCheck);
      return await decide({ key, caller, original });
    } catch (error) {
      log.write('error', 'check.failed', { error });
      return UNAVAILABLE;
    }
  }

  return (request: IncomingMessage, response: ServerResponse, pathAfterCheck: string): void => {
    const startedAt = performance.now();
    void responseOf(request, pathAfterCheck).then((decided) =>
      sendSoon({ request, response, decided, startedAt }),
    );
  };
}
