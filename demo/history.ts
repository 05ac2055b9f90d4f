import { DAY_MS, SECOND_MS } from '#shared/durations';
import { parseAddress } from '#shared/ip/index';
import { readConfig } from '#service/config';
import type { CallVerdict } from '#service/gate/call';
import type { Gate } from '#service/gate/gate';
import { hashSecret, newAccessTokenSecret } from '#service/policy/secrets';
import { startService } from '#service/service';
import { SILENT } from '#service/service-log';
import { Administrators, OWNER_EMAIL, type Plan } from './administrators';
import { HISTORY_MS, partnerAddress, visitsBefore, type KeyName, type Visit } from './traffic/scenarios';

/** What is needed to go on after the history. */
export interface History {
  /** The owner's access token. */
  readonly token: string;
  readonly secrets: ReadonlyMap<KeyName, string>;
}

interface HistoryOptions {
  readonly dataDir: string;
  readonly seed: string;
  /** The start of the demo, at which the history ends, in milliseconds since the epoch. */
  readonly startsAt: number;
}

/** Short, so that learning ends within the month. */
const LEARNING_DAYS = 4;
/** Nobody waits for an answer, and a busy machine is slow. */
const CHECK_TIMEOUT = '30s';
const BETWEEN_CALLS_MS = 2 * SECOND_MS;

/** Calls that are written together. */
const TOGETHER = 128;

/**
 * Resolves when a call has taken its time from the clock. One that a range lets in does so before the event loop goes on, so that
 * the rows of many calls gather for one transaction.
 */
function timeTaken(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function callerOf({ key, ip }: Visit): string {
  return `${key} ${ip}`;
}

async function ask(gate: Gate, apiKey: string, { ip, method, path, userAgent }: Visit): Promise<CallVerdict> {
  const parsed = parseAddress(ip);
  if (!parsed.ok) throw new Error(`${ip} is no address`);
  return gate.ask({
    key: { kind: 'one', apiKey },
    caller: { address: parsed.address, ip, isProxy: false },
    original: () => ({ method, path, userAgent, fingerprint: null }),
  });
}

/**
 * Makes the month before the start in an empty data folder: the service itself runs in this process with a clock that is
 * set to the time of each call. What people do goes through the control plane, calls go to the gate behind `/v1/check`.
 */
export async function makeHistory({ dataDir, seed, startsAt }: HistoryOptions): Promise<History> {
  let nowMs = startsAt - HISTORY_MS;
  /** Never puts the clock back, and not past the start: visits overlap a little. */
  const setTime = (at: number): void =>
    void (nowMs = Math.max(nowMs, Math.floor(startsAt + Math.min(at, 0))));
  const token = newAccessTokenSecret();
  const service = await startService({
    config: readConfig({
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_LEARNING_WINDOW: `${LEARNING_DAYS}d`,
      GATEHOUSE_CHECK_TIMEOUT: CHECK_TIMEOUT,
    }),
    clock: { now: () => nowMs },
    log: SILENT,
    owner: { email: OWNER_EMAIL, tokenName: 'Demo', tokenHash: () => hashSecret(token), renew: false },
  });
  try {
    const partnerIp = partnerAddress(seed);
    const people = new Administrators({ url: service.url, token, seed, partnerIp, startsAt });
    const plans: Plan[] = [...(await people.setUp())];
    const letIn = new Set<string>();
    let lastNewAt = -HISTORY_MS;
    let waiting: { readonly visit: Visit; readonly verdict: Promise<CallVerdict> }[] = [];
    const written = async (): Promise<void> => {
      for (const { visit, verdict } of waiting) {
        const { verdict: given, reason, reviewId } = await verdict;
        if (reason === 'learned') lastNewAt = visit.at;
        if (given === 'allowed') letIn.add(callerOf(visit));
        else letIn.delete(callerOf(visit));
        const answer = reviewId === null ? undefined : people.planAnswer(reviewId, visit);
        if (answer !== undefined) plans.push(answer);
      }
      waiting = [];
    };
    const doUntil = async (at: number): Promise<void> => {
      const due = plans.filter((plan) => plan.at <= at).sort((a, b) => a.at - b.at);
      if (due.length > 0) await written();
      for (const plan of due) {
        plans.splice(plans.indexOf(plan), 1);
        setTime(plan.at);
        await plan.do();
      }
    };
    let isLearning = true;
    for (const visit of visitsBefore(seed)) {
      await doUntil(visit.at);
      // The first call after it waits for the end of learning, while the clock would go on.
      const endsLearning = isLearning && visit.at > lastNewAt + LEARNING_DAYS * DAY_MS;
      if (endsLearning) isLearning = false;
      for (let n = 0; n < visit.calls; n += 1) {
        setTime(visit.at + n * BETWEEN_CALLS_MS);
        waiting.push({ visit, verdict: ask(service.gate, people.secrets.get(visit.key) ?? '', visit) });
        await timeTaken();
        // Everybody else may need the trust review, which reads what was written before, and takes the time afterwards.
        if (endsLearning || !letIn.has(callerOf(visit)) || waiting.length >= TOGETHER) await written();
      }
    }
    await written();
    await doUntil(0);
    return { token, secrets: people.secrets };
  } finally {
    await service.stop();
  }
}
