import type { AddressInfo } from 'node:net';
import { createSequential } from '#shared/async/sequential';
import type { ServiceContext } from './account/context';
import { createFirstAccount, isEmpty, replaceOwnerToken } from './account/first-account';
import { createLearningWatch } from './account/learning-watch';
import { loadPolicies } from './account/policy';
import { PolicyFollower } from './account/policy-follower';
import { systemClock, type Clock } from './clock';
import type { ServiceConfig } from './config';
import { confirmedGate, confirmedStorage } from './feed/confirmed';
import { Follower } from './feed/follower';
import { FeedHub } from './feed/hub';
import { createGate } from './gate/gate';
import { createJudge } from './gate/judge';
import { createTrustDesk } from './gate/trust-desk';
import { FileBlocklists } from './geo/blocklists/blocklists';
import { createGeoLookup } from './geo/geo-lookup';
import { createApp } from './http/app';
import { createIdFactory } from './ids';
import { Recorder } from './log/recorder';
import { createRetention } from './log/retention';
import { createMailQueue } from './mail/queue';
import { createMailTransport } from './mail/transport-choice';
import { defaultMailFrom } from './mail/settings';
import { measureWriter } from './metrics/measured-writer';
import { createMetrics } from './metrics/metrics';
import type { ServiceLog } from './service-log';
import { openPostgresStorage } from './storage/postgres';
import { openSqliteStorage } from './storage/sqlite';
import { createWriter } from './storage/writer';

const STOP_DEADLINE_MS = 3_000;

/** How the first account comes to be, and whose token is set at each start. */
export interface OwnerAccess {
  readonly email: string;
  readonly tokenName: string;
  /** SHA-256 of the token, hex; asked for only when it is needed. */
  tokenHash(): string;
  /** Whether the token replaces the earlier one of that name when the account exists already. */
  readonly renew: boolean;
}

export interface StartOptions {
  readonly config: ServiceConfig;
  readonly owner: OwnerAccess;
  readonly log: ServiceLog;
  readonly clock?: Clock;
}

export interface RunningService {
  /** `http://host:port` as it really listens. */
  readonly url: string;
  /** Answers what is in flight, writes what is in memory, and closes the database. */
  stop(): Promise<void>;
}

/** The port is taken by another program. */
export class AddressInUseError extends Error {}

const urlOf = (address: AddressInfo): string =>
  `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;

/**
 * Puts the enforcement service together and starts it.
 * @throws DataDirError, DatabaseStartError, NewerDatabaseError or AddressInUseError, each with a sentence for the one who starts it.
 */
export const startService = async ({
  config,
  owner,
  log,
  clock = systemClock,
}: StartOptions): Promise<RunningService> => {
  const storage =
    config.databaseUrl === undefined
      ? await openSqliteStorage(config.dataDir)
      : await openPostgresStorage(config.databaseUrl);
  const { countryMmdb, asnMmdb, dataDir } = config;
  const places = createGeoLookup({ countryMmdb, asnMmdb, dataDir, log });
  const blocklists = new FileBlocklists({ entries: config.blocklists, log });
  let follower: Follower | undefined;
  try {
    const hub = new FeedHub();
    const metrics = createMetrics({
      queueLengths: () => {
        const { firstSights, folds, repeats } = recorder.lengths;
        return { first_sights: firstSights, folds, repeats, writes: waiting() };
      },
      waitingReaders: () => hub.waiting,
      ranges: () => directory.accounts().reduce((sum, { ranges }) => sum + ranges.size, 0),
    });
    const directory = await loadPolicies(storage);
    const { notices } = storage;
    const policies = notices && new PolicyFollower(directory, hub);
    const { writer, waiting } = measureWriter(
      createWriter(storage, hub, clock, createIdFactory(clock), policies),
      metrics.published,
    );
    follower = notices && policies && new Follower({ notices, writer, policies, log });
    if (await isEmpty(storage)) {
      await createFirstAccount(writer, directory, () => ({
        ownerEmail: owner.email,
        tokenHash: owner.tokenHash(),
        tokenName: owner.tokenName,
      }));
    } else if (owner.renew) {
      await replaceOwnerToken(writer, { tokenHash: owner.tokenHash(), tokenName: owner.tokenName });
    }

    const { learningWindowMs } = config;
    const context: ServiceContext = {
      storage: follower === undefined ? storage : confirmedStorage(storage, follower),
      writer,
      directory,
      hub,
      clock,
      learningWindowMs,
    };
    await places.start();
    await blocklists.start();
    let url = '';
    const publicUrl = (): string => config.publicUrl ?? url;
    const mail = createMailQueue({
      storage,
      writer,
      clock,
      random: Math.random,
      log,
      transport: createMailTransport(config),
      publicUrl,
      from: () => config.mailFrom ?? defaultMailFrom(publicUrl()),
      isAlone: config.databaseUrl === undefined,
    });
    const recorder = new Recorder({
      writer,
      clock,
      log,
      places,
      foldWindowMs: config.foldWindowMs,
      learningWindowMs,
      onReviewOpened: mail.reviewOpened,
    });
    const { retentionMs, foldWindowMs } = config;
    const retention = createRetention({ context, log, retentionMs, foldWindowMs });
    const trust = createTrustDesk({ storage, places, blocklists, clock });
    const judge = createJudge({ clock, recorder, trust });
    const gate = createGate({ context, recorder, judge });
    const learningWatch = createLearningWatch(context, log);
    // Before the first call: what ended while the service was down has ended.
    await learningWatch.start();
    const app = await createApp({
      context: { ...context, insight: { judge, places, blocklists, replays: createSequential() } },
      metrics,
      check: {
        gate: follower === undefined ? gate : confirmedGate(gate, follower),
        keyHeaders: config.keyHeaders,
        trustedProxies: config.trustedProxies,
        onError: config.onError,
        echoIp: config.echoIp,
        publicUrl,
      },
      log,
      trustedProxies: config.trustedProxies,
    });
    follower?.start();
    try {
      await app.listen({ host: config.host, port: config.port });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
        throw new AddressInUseError(
          `${config.host}:${config.port} is in use by another program; choose another GATEHOUSE_LISTEN.`,
        );
      }
      throw error;
    }
    url = urlOf(app.server.address() as AddressInfo);
    recorder.start();
    retention.start();
    await mail.start();
    if (config.smtp !== undefined && config.publicUrl === undefined) {
      const detail = 'GATEHOUSE_PUBLIC_URL is not set: the links of e-mails lead to the address listened on.';
      log.write('warn', 'mail.links_lead_here', { url, detail });
    }
    log.write('info', 'service.started', { url, dataDir: config.dataDir });
    return {
      url,
      stop: async () => {
        hub.close();
        learningWatch.stop();
        await retention.stop();
        // Whoever takes longer than this to read its answer does not keep the log from the disk.
        const deadline = setTimeout(() => app.server.closeAllConnections(), STOP_DEADLINE_MS);
        await app.close();
        clearTimeout(deadline);
        try {
          await recorder.stop();
        } finally {
          // Also where the database does not take what is left: nothing of this process stays behind in it.
          await mail.stop();
          await follower?.stop();
          await places.stop();
          await blocklists.stop();
          await writer.idle();
          await storage.close();
        }
        log.write('info', 'service.stopped');
      },
    };
  } catch (error) {
    await follower?.stop();
    await places.stop();
    await blocklists.stop();
    await storage.close();
    throw error;
  }
};
