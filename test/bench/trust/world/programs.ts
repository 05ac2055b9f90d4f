import type { Random } from '#demo/traffic/random';
import { tlsFingerprint, type AgentKind } from './agents';
import { DAY_MS, type Sent } from './call';
import { changing, type Changing } from './lines';

/**
 * What calls are for: methods and paths of an API for mail and contacts. Assumed: a program does one job all its life, most
 * calls of it the same; one call in fifty is another that it may make. Whoever has stolen a key looks around first: whose it
 * is, what it may, whom there is to write to; then contacts are taken or mails are sent.
 */
type Request = readonly [method: string, path: string];

type Job = readonly (readonly [request: Request, weight: number])[];

const JOBS: readonly Job[] = [
  [
    [['POST', '/v3/smtp/email'], 95],
    [['GET', '/v3/smtp/emails/{id}'], 5],
  ],
  [
    [['PUT', '/v3/contacts/{id}'], 55],
    [['POST', '/v3/contacts'], 25],
    [['GET', '/v3/contacts/{id}'], 18],
    [['DELETE', '/v3/contacts/{id}'], 2],
  ],
  [
    [['POST', '/v3/events'], 90],
    [['POST', '/v3/events/batch'], 10],
  ],
  [
    [['POST', '/v3/orders/status'], 60],
    [['POST', '/v3/products'], 30],
    [['POST', '/v3/smtp/email'], 10],
  ],
  [
    [['GET', '/v3/smtp/statistics/events'], 70],
    [['GET', '/v3/emailCampaigns'], 30],
  ],
];

/** What people try by hand, besides the job of their team. */
const BY_HAND: Job = [
  [['GET', '/v3/contacts'], 30],
  [['GET', '/v3/contacts/{id}'], 25],
  [['GET', '/v3/smtp/emails/{id}'], 20],
  [['POST', '/v3/smtp/email'], 15],
  [['GET', '/v3/account'], 10],
];

const LOOKING_AROUND: Job = [
  [['GET', '/v3/account'], 40],
  [['GET', '/v3/senders'], 20],
  [['GET', '/v3/contacts'], 20],
  [['GET', '/v3/smtp/templates'], 10],
  [['GET', '/v3/users'], 10],
];

const TAKING: readonly Job[] = [
  [[['GET', '/v3/contacts'], 1]],
  [[['POST', '/v3/contacts/export'], 1]],
  [[['POST', '/v3/smtp/email'], 1]],
  [
    [['POST', '/v3/emailCampaigns'], 1],
    [['POST', '/v3/senders'], 1],
  ],
];

function requestOf(random: Random, job: Job): Pick<Sent, 'method' | 'path'> {
  const [method, path] = random.weighted(job);
  return { method, path: path.replace('{id}', () => String(random.int(1_000, 999_999))) };
}

/** A program in its life: upgraded once in two months on average, three times in ten together with its library for TLS. */
export type Program = (at: number) => Sent;

function programOf(random: Random, kind: AgentKind, usual: Job, rare: Job): Program {
  let fingerprint: string | undefined;
  const client: Changing<Pick<Sent, 'userAgent' | 'fingerprint'>> = changing(random, 60 * DAY_MS, () => {
    const userAgent = kind(random);
    if (fingerprint === undefined || random.chance(0.3)) fingerprint = tlsFingerprint(random, userAgent);
    return { userAgent, fingerprint };
  });
  return (at) => ({ ...client(at), ...requestOf(random, random.chance(0.02) ? rare : usual) });
}

export function program(random: Random, kind: AgentKind): Program {
  return programOf(random, kind, random.pick(JOBS), BY_HAND);
}

/** Somebody's tool: the job of the team and what one tries by hand in turn. */
export function handTool(random: Random, kind: AgentKind, team: Job): Program {
  return programOf(random, kind, [...BY_HAND, ...team], BY_HAND);
}

export function teamJob(random: Random): Job {
  return random.pick(JOBS);
}

/** What a thief sends: the first two calls look around, in the order of the calls. */
export function thiefRequests(random: Random): () => Pick<Sent, 'method' | 'path'> {
  const taking = random.pick(TAKING);
  let calls = 0;
  return () => {
    calls += 1;
    return requestOf(random, calls <= 2 || random.chance(0.2) ? LOOKING_AROUND : taking);
  };
}
