import { MAX_TOKENS_MADE_PER_DAY } from '#shared/api/routes-users';
import { createBatched } from '#shared/async/batched';
import { createSequential } from '#shared/async/sequential';
import { within } from '#shared/async/within';
import { SECOND_MS } from '#shared/durations';
import type { ServiceContext } from './policy/context';
import { DailyAllowance } from './account/daily-allowance';
import { openPolicy, type OwnerAccess } from './open-policy';
import { createLearningWatch } from './policy/learning-watch';
import { systemClock, type Clock } from './runtime/clock';
import { SharedClock } from './runtime/shared-clock';
import type { ServiceConfig } from './config';
import { createPageReader } from './feed/feed-page';
import { createGate, type Gate } from './gate/gate';
import { createEvaluate } from './gate/evaluate';
import { createTrustReviewer } from './trust/collect-facts';
import { FileBlocklists } from './geo/blocklists/blocklists';
import { createGeoLookup } from './geo/geo-lookup';
import { createApp } from './http/app';
import { closeApp, listen } from './http/listen';
import { createCallerReader } from './http/check/client-address';
import { createFingerprintReader } from './http/check/fingerprint';
import { Recorder } from './log/record/recorder';
import { createDelivery } from './log/spool/delivery';
import { Spool } from './storage/spool';
import { createRetention } from './retention/retention';
import { createMailQueue } from './mail/queue';
import { createMailTransport } from './mail/transport';
import { defaultMailFrom } from './mail/settings';
import { createMetrics, type Metrics } from './metrics/metrics';
import type { ServiceLog } from './service-log';
import { NO_TRACING, type Tracing } from './telemetry/tracing';
import { createShutdown, type Shutdown } from './runtime/shutdown';
import { createListFetcher, isPublicAddress } from './sources/fetch-list';
import { createNameResolver, type NameResolver } from './sources/name-resolver';
import { createRefresher } from './sources/refresher';
import { openSqliteStorage } from './storage/sqlite';
import type { Storage } from './storage/storage';
import { createImpactGuard } from './simulate/impact';

interface StartOptions {
  readonly config: ServiceConfig;
  readonly owner: OwnerAccess;
  readonly log: ServiceLog;
  /** The computer's by default, which the one of a shared database corrects. */
  readonly clock?: Clock;
  /** True if traces and metrics are sent where the environment's OpenTelemetry variables say. */
  readonly sendsTelemetry?: boolean;
  /** Resolves the names of sources; the system's DNS servers by default. */
  readonly resolveName?: NameResolver;
}

export interface RunningService {
  /** `http://host:port`, with the port on which the service really listens. */
  readonly url: string;
  /** The data plane without HTTP. */
  readonly gate: Gate;
  /** Tells load balancers and callers to go elsewhere. It goes on answering them until it is stopped. */
  beginStop(): void;
  /** Answers the requests in flight, writes what is in memory, and closes the database. */
  stop(): Promise<void>;
}

type Parts = Omit<StartOptions, 'clock'> & { readonly clock: Clock; readonly shutdown: Shutdown };

/** Metrics are asked for above all while the database is in trouble, so that they do not wait for it. */
function soon<T>(read: Promise<T>): Promise<T> {
  return within(SECOND_MS / 2, read, () => new Error('the database did not answer in time'));
}

/** The dynamic import keeps PostgreSQL's driver out of the memory of services that use SQLite, such as the console's own. */
async function openPostgres(
  url: string,
  { databaseDirectUrl }: ServiceConfig,
  log: ServiceLog,
): Promise<Storage> {
  const { openPostgresStorage } = await import('./storage/postgres');
  return openPostgresStorage(url, log, databaseDirectUrl);
}

async function openStorage({ config, log, shutdown }: Parts): Promise<Storage> {
  const storage =
    config.databaseUrl === undefined
      ? await openSqliteStorage(config.dataDir)
      : await openPostgres(config.databaseUrl, config, log);
  shutdown.add(() => storage.close());
  return storage;
}

/** Opens the spool of a process that decides without its database, or that has left calls in it. */
async function openSpool({ config, log }: Parts): Promise<Spool | undefined> {
  if (config.stalePolicyMs === null && !Spool.isIn(config.dataDir)) return undefined;
  try {
    return await Spool.open(config.dataDir);
  } catch (error) {
    const detail = `Calls are not decided while the database is away, because ${config.dataDir} cannot be used.`;
    log.write('warn', 'spool.unusable', { detail, error });
    return undefined;
  }
}

/** The import keeps the SDK out of the memory of all who send nothing. */
async function openTracing({ sendsTelemetry = false, shutdown }: Parts, metrics: Metrics): Promise<Tracing> {
  if (!sendsTelemetry) return NO_TRACING;
  const { startTelemetry } = await import('./telemetry/telemetry');
  const telemetry = startTelemetry(() => metrics.families());
  shutdown.add(() => telemetry.stop());
  return telemetry.tracing;
}

/** Opens the data on countries, networks and blocklists. @throws SettingError if a named file cannot be read. */
async function openKnowledge({ config, log, shutdown }: Parts) {
  const { countryMmdb, asnMmdb, dataDir } = config;
  const geolocations = createGeoLookup({ countryMmdb, asnMmdb, dataDir, log });
  const blocklists = new FileBlocklists({ entries: config.blocklists, log });
  shutdown.add(() => geolocations.stop());
  shutdown.add(() => blocklists.stop());
  await geolocations.start();
  await blocklists.start();
  return { geolocations, blocklists };
}

function openMail({ config, log, clock, shutdown }: Parts, context: ServiceContext, publicUrl: () => string) {
  const mail = createMailQueue({
    storage: context.storage,
    writer: context.writer,
    clock,
    random: Math.random,
    log,
    transport: createMailTransport(config),
    publicUrl,
    from: () => config.mailFrom ?? defaultMailFrom(publicUrl()),
    isAlone: config.databaseUrl === undefined,
  });
  shutdown.add(() => mail.stop());
  return mail;
}

async function start(parts: Parts): Promise<Omit<RunningService, 'stop'>> {
  const { config, log, clock, shutdown, resolveName } = parts;
  const storage = await openStorage(parts);
  const metrics = createMetrics({
    queueLengths: async () => {
      const { firstSeen, aggregates, repeats } = callLog.lengths;
      const mails = await soon(storage.read.mail.countQueued()).catch(() => Number.NaN);
      return {
        ...{ first_sights: firstSeen, folds: aggregates, repeats, writes: writesWaiting(), mail: mails },
        spool: spool?.length ?? 0,
      };
    },
    sources: () => soon(storage.read.sources.countByStatus()).catch(() => new Map()),
    waitingReaders: () => context.hub.waiting,
    proxyFaults: () => proxyFaults.counts(),
    isDatabaseAvailable: () => !readiness.isInTrouble,
    policyAgeMs: () => age.unconfirmedMs,
    clockOffsetMs: () => (clock instanceof SharedClock ? clock.offsetMs : 0),
    ranges: () => context.directory.accounts().reduce((sum, { ranges }) => sum + ranges.size, 0),
  });
  const tracing = await openTracing(parts, metrics);
  // Its thread starts while the files are read.
  const openingSpool = openSpool(parts);
  shutdown.add(async () => (await openingSpool)?.close());
  const { geolocations, blocklists } = await openKnowledge(parts);
  const spool = await openingSpool;
  const { context, follower, age, readiness, proxyFaults, gateOver, writesWaiting } = await openPolicy(
    parts,
    storage,
    geolocations,
    spool,
    (seconds) => metrics.published(seconds),
    tracing,
  );
  let url = '';
  const publicUrl = (): string => config.publicUrl ?? url;
  const mail = openMail(parts, context, publicUrl);

  const { foldWindowMs, learningWindowMs, retentionMs, trustedProxies } = config;
  const callLog = new Recorder({
    writer: context.writer,
    clock,
    log,
    geolocations,
    foldWindowMs,
    learningWindowMs,
    trustedProxies,
    onReviewOpened: mail.reviewOpened,
    spool: spool && {
      append: async (entries) => {
        await spool.append(entries);
        delivery?.wake();
      },
    },
  });
  shutdown.add(() => callLog.stop());
  const isAway = (): boolean => readiness.isInTrouble;
  const delivery =
    spool &&
    createDelivery({
      spool,
      writer: context.writer,
      directory: context.directory,
      geolocations,
      learningWindowMs,
      trustedProxies,
      onReviewOpened: mail.reviewOpened,
      isAway,
      log,
    });
  shutdown.add(() => delivery?.stop());
  const trust = createTrustReviewer({
    storage,
    geolocations,
    blocklists,
    trustedProxies: config.trustedProxies,
    clock,
  });
  const evaluate = createEvaluate({ clock, callLog, trust });
  const gate = createGate({ context, callLog, evaluate, checkTimeoutMs: config.checkTimeoutMs });
  const sources = createRefresher({
    context,
    log,
    fetchList: createListFetcher({ mayConnect: config.sourcePrivate ? () => true : isPublicAddress }),
    resolveName: resolveName ?? createNameResolver(),
    geolocations,
    random: Math.random,
    isAlone: config.databaseUrl === undefined,
    onRefreshed: (outcome) => metrics.refreshed(outcome),
  });
  shutdown.add(() => sources.stop());
  const evaluation = { evaluate, geolocations, blocklists, replays: createSequential() };
  const app = await createApp({
    context: {
      ...context,
      sources,
      evaluation,
      guard: createImpactGuard({ ...context, evaluation }, config),
      tokensMade: new DailyAllowance(clock, MAX_TOKENS_MADE_PER_DAY),
      findToken: createBatched((hashes) => context.storage.read.users.byTokenHashes(hashes)),
      readPage: createPageReader(context),
    },
    readiness,
    metrics,
    tracing,
    check: {
      gate: gateOver(gate),
      keyHeaders: config.keyHeaders,
      fingerprintOf: createFingerprintReader(config),
      proxyFaults,
      onError: config.onError,
      echoIp: config.echoIp,
      publicUrl,
    },
    log,
    callerOf: createCallerReader(config),
    policyAgeSeconds: () => Math.round(age.unconfirmedMs / SECOND_MS),
  });
  shutdown.add(() => closeApp(app));
  const retention = createRetention({ context, log, retentionMs, foldWindowMs });
  shutdown.add(() => retention.stop());
  const learningWatch = createLearningWatch(context, log);
  shutdown.add(() => learningWatch.stop());
  // Long polls would keep the app from closing.
  shutdown.add(() => context.hub.close());

  // Learning that ended while the service was down has to end before the first call.
  await learningWatch.run();
  learningWatch.start();
  follower?.start();
  url = await listen(app, config);
  callLog.start();
  delivery?.start();
  retention.start();
  await mail.start();
  await sources.start();
  if (config.smtp !== undefined && config.publicUrl === undefined) {
    const detail = 'GATEHOUSE_PUBLIC_URL is not set: the links of e-mails lead to the address listened on.';
    log.write('warn', 'mail.links_lead_here', { url, detail });
  }
  return { url, gate, beginStop: () => readiness.beginStop() };
}

/**
 * Assembles the service and starts it.
 * @throws SettingError, DataDirError, NotOursError, DatabaseStartError, NewerDatabaseError or AddressInUseError, each with
 * a sentence for the person who starts it.
 */
export async function startService({
  clock = new SharedClock(systemClock),
  ...options
}: StartOptions): Promise<RunningService> {
  const { config, log } = options;
  const shutdown = createShutdown();
  try {
    const started = await start({ ...options, clock, shutdown });
    log.write('info', 'service.started', { url: started.url, dataDir: config.dataDir });
    return {
      ...started,
      stop: async () => {
        started.beginStop();
        await shutdown.run();
        log.write('info', 'service.stopped');
      },
    };
  } catch (error) {
    // The failure of the start matters more than one of the shutdown.
    await shutdown.run().catch(() => undefined);
    throw error;
  }
}
