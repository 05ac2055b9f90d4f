import { afterEach, beforeEach } from 'vitest';
import type { AccountPolicy } from '#service/policy/policy';
import { loadPolicies, type PolicyDirectory } from '#service/policy/policy-directory';
import { FeedHub } from '#service/storage/feed-hub';
import { UNKNOWN_GEOLOCATION } from '#service/geo/geolocation';
import { createIdFactory } from '#service/runtime/ids';
import type { AttemptFacts } from '#service/gate/call-log';
import { listAttempts } from '#service/log/query/list-attempts';
import { Recorder, type RecorderOptions } from '#service/log/record/recorder';
import type { NamedAttemptRow } from '#service/storage/repositories/attempts';
import type { Storage } from '#service/storage/storage';
import { createWriter, type Writer } from '#service/storage/writer';
import { parseAddress, sortableAddress } from '#shared/ip/index';
import { manualClock } from '../manual-clock';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { openTestStorage } from './test-database';
import { startTestService } from './test-service';

export const silent = { write: () => undefined };

/** A writer that fails while `broken` is set. */
export function breakable(writer: Writer) {
  const disk = { broken: false, failures: 0 };
  const write: Writer['write'] = (work) => {
    if (!disk.broken) return writer.write(work);
    disk.failures += 1;
    return Promise.reject(new Error('disk full'));
  };
  return { disk, write };
}

export interface RecorderWorld {
  secret: string;
  keyId: string;
  storage: Storage;
  directory: PolicyDirectory;
  policy: AccountPolicy;
  writer: Writer;
}

/** A new account with one key in each test, and recorders that write its log. */
export function useRecorders() {
  const clock = manualClock();
  const world = {} as RecorderWorld;
  let dataDir: string;

  beforeEach(async () => {
    dataDir = makeTempDir('recorder');
    const service = await startTestService({ dataDir });
    const { secret, key } = await service.createKey();
    await service.stop();
    const storage = await openTestStorage(dataDir);
    const directory = await loadPolicies(storage);
    const [account] = await storage.read.accounts.all();
    const policy = directory.account(account?.id ?? '');
    const writer = createWriter(storage, new FeedHub(), clock, createIdFactory(clock));
    Object.assign(world, { secret, keyId: key.id, storage, directory, policy, writer });
  });
  afterEach(async () => {
    await world.storage.close();
    removeTempDir(dataDir);
  });

  const recorderWith = (over: Partial<Writer> = {}, options: Partial<RecorderOptions> = {}): Recorder =>
    new Recorder({
      writer: { ...world.writer, ...over },
      clock,
      log: silent,
      geolocations: { lookup: () => UNKNOWN_GEOLOCATION },
      foldWindowMs: 60_000,
      learningWindowMs: 60_000,
      trustedProxies: [],
      onReviewOpened: () => Promise.resolve(),
      maxAggregates: 1000,
      ...options,
    });

  const facts = (ip: string): AttemptFacts => {
    const parsed = parseAddress(ip);
    if (!parsed.ok) throw new Error(parsed.error.message);
    return {
      policy: world.policy,
      keyId: world.keyId,
      address: parsed.address,
      ip,
      ipSort: sortableAddress(parsed.address),
      verdict: 'blocked',
      reason: 'unknown',
      wouldBe: null,
      rangeId: null,
      method: null,
      path: null,
      userAgent: null,
      fingerprint: null,
      trust: undefined,
    };
  };

  const rows = async (): Promise<readonly NamedAttemptRow[]> => {
    const request = { accountId: world.policy.id, filter: {}, order: 'oldest', limit: 100 } as const;
    return (await listAttempts(world.storage.read.attemptScans, request)).items;
  };

  return { world, clock, recorderWith, facts, rows };
}
