import type { ServiceContext } from './policy/context';
import { sentence, type Sentence } from '#shared/domain/sentence';
import { createFirstAccount, isEmpty, replaceOwnerToken } from './account/first-account';
import { HistoryLoss } from './policy/history-loss';
import { loadPolicies } from './policy/policy-directory';
import { PolicyFollower } from './policy/policy-follower';
import { isoTime, type Clock } from './runtime/clock';
import { SharedClock } from './runtime/shared-clock';
import type { ServiceConfig } from './config';
import { confirmedGate, confirmedStorage } from './feed/confirmed';
import { Follower, UnconfirmedPolicyError } from './feed/follower';
import { FeedHub } from './storage/feed-hub';
import type { Gate } from './gate/gate';
import { gateWhileAway, type PolicyAge } from './gate/while-away';
import type { Geolocations } from './geo/geolocation';
import { ProxyFaults } from './http/check/proxy-faults';
import { createIdFactory } from './runtime/ids';
import { measureWriter } from './metrics/measured-writer';
import { Readiness } from './readiness';
import type { ServiceLog } from './service-log';
import type { Shutdown } from './runtime/shutdown';
import type { Tracing } from './telemetry/tracing';
import type { Spool } from './storage/spool';
import type { Storage } from './storage/storage';
import { createWriter } from './storage/writer';

/** The owner of the first account, and the owner's token. */
export interface OwnerAccess {
  readonly email: string;
  readonly tokenName: string;
  /** Returns the SHA-256 of the token in hex. Called only if it is needed, because it may make a token. */
  tokenHash(): string;
  /** True if the token replaces the one of the same name in an account that exists already. */
  readonly renew: boolean;
}

interface PolicyParts {
  readonly config: ServiceConfig;
  readonly owner: OwnerAccess;
  readonly log: ServiceLog;
  readonly clock: Clock;
  readonly shutdown: Shutdown;
}

/** Returns how calls are decided by a policy of this age, as a sentence (docs/behaviour.md 7.8). */
function decidesAlone({ unconfirmedMs }: PolicyAge, clock: Clock): Sentence {
  // To the minute, because another sentence is news to every console.
  const minute = isoTime(clock.now() - unconfirmedMs).slice(0, 'yyyy-mm-ddThh:mm'.length);
  return sentence('decidesAlone', { minute });
}

/** The age of a policy that only this process changes: it is current until the database is in trouble. */
function ageInTrouble(
  readiness: () => Pick<Readiness, 'troubleMs'>,
  access: Storage['exclusiveAccess'],
): PolicyAge {
  return {
    get unconfirmedMs() {
      return readiness().troubleMs;
    },
    requireYounger(ms) {
      access?.requireConfirmed();
      const { troubleMs } = readiness();
      if (troubleMs > ms) throw new UnconfirmedPolicyError(troubleMs);
    },
  };
}

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

/**
 * Loads the policy into memory. Makes the writer that changes it and, if processes share the database, the follower that
 * keeps it current.
 */
export async function openPolicy(
  { config, owner, log, clock, shutdown }: PolicyParts,
  storage: Storage,
  geolocations: Geolocations,
  spool: Pick<Spool, 'isFailing'> | undefined,
  onWritten: (seconds: number) => void,
  tracing: Tracing,
) {
  const hub = new FeedHub();
  const onChange = (): void => hub.publishToAll();
  const proxyFaults = new ProxyFaults(clock, log, onChange);
  const { notices } = storage;
  const sharedClock = clock instanceof SharedClock ? clock : undefined;
  // Before anything goes by the time.
  if (notices !== undefined) await sharedClock?.measure(() => notices.look());
  const directory = await loadPolicies(storage, geolocations);
  const historyLoss = new HistoryLoss(clock, log, onChange);
  const policies = notices && new PolicyFollower(directory, hub, () => historyLoss.note());
  const { writer, waiting } = measureWriter(
    createWriter(storage, hub, clock, createIdFactory(clock), policies),
    { onWritten, onFailed: () => readiness.suspect(), tracing },
  );
  shutdown.add(() => writer.idle());
  const onFailing = (): void => readiness.suspect();
  const follower =
    notices && policies && new Follower({ notices, writer, policies, log, clock: sharedClock, onFailing });
  shutdown.add(() => follower?.stop());
  const followed = follower === undefined ? storage : confirmedStorage(storage, follower);
  const age: PolicyAge = follower ?? ageInTrouble(() => readiness, storage.exclusiveAccess);
  const { stalePolicyMs } = config;
  // What cannot be logged must not be decided.
  const requireFresh =
    spool === undefined || stalePolicyMs === null ? undefined : () => age.requireYounger(stalePolicyMs);
  const readiness = new Readiness({
    probe: () => followed.probe(),
    faults: () =>
      [...proxyFaults.why(), historyLoss.why(), sharedClock?.why()].filter((why) => why !== undefined),
    decidesAlone: () =>
      requireFresh !== undefined && spool?.isFailing === false && passes(requireFresh)
        ? decidesAlone(age, clock)
        : undefined,
    onError: config.onError,
    onChange,
  });
  shutdown.add(() => readiness.stop());
  if (await isEmpty(storage)) {
    await createFirstAccount(writer, directory, () => ({
      ownerEmail: owner.email,
      tokenHash: owner.tokenHash(),
      tokenName: owner.tokenName,
    }));
  } else if (owner.renew) {
    await replaceOwnerToken(writer, { tokenHash: owner.tokenHash(), tokenName: owner.tokenName });
  }
  const context: ServiceContext = {
    storage: followed,
    writer,
    directory,
    hub,
    clock,
    learningWindowMs: config.learningWindowMs,
    trustedProxies: config.trustedProxies,
    state: () => readiness.state(),
  };
  /** Returns the gate that does not decide by a policy that may be out of date, unless its database is away. */
  const gateOver = (gate: Gate): Gate => {
    const confirming = follower ?? storage.exclusiveAccess;
    const confirmed = confirming === undefined ? gate : confirmedGate(gate, confirming);
    if (requireFresh === undefined) return confirmed;
    return gateWhileAway(confirmed, {
      isAway: () => readiness.isInTrouble,
      requireFresh,
      onAway: () => readiness.suspect(),
    });
  };
  return { context, follower, age, readiness, proxyFaults, gateOver, writesWaiting: waiting };
}
