import type { Key } from '#shared/domain/entities';
import type { ServiceContext } from '#service/policy/context';
import type { AccountPolicy } from '#service/policy/policy';
import { loadPolicies } from '#service/policy/policy-directory';
import type { Clock } from '#service/runtime/clock';
import { FeedHub } from '#service/storage/feed-hub';
import { createIdFactory } from '#service/runtime/ids';
import { createWriter } from '#service/storage/writer';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { attemptRowOf, insertLogRows, type LogRow } from './log-rows';
import { quietContext } from './quiet-context';
import { openTestStorage, TEST_DATABASE_VARIABLE } from './test-database';
import { startTestService } from './test-service';

/** The dependencies of the service's parts, over a real database with a filled log, without a service. */
export interface LogWorld {
  readonly context: ServiceContext;
  readonly policy: AccountPolicy;
  readonly keys: readonly Key[];
  readonly dataDir: string;
  /** The time of the inserts in milliseconds. */
  readonly insertMs: number;
  /** Adds rows without the side effects of a call. */
  add(rows: Iterable<LogRow>): Promise<void>;
  close(): Promise<void>;
}

/** Creates an account with keys of these names, and fills its log with the rows made from them. */
export async function openLogWorld(
  clock: Clock,
  keyNames: readonly string[],
  rowsOf: (keys: readonly Key[]) => Iterable<LogRow> = () => [],
): Promise<LogWorld> {
  const dataDir = makeTempDir('log');
  const service = await startTestService({ dataDir, clock });
  const keys: Key[] = [];
  for (const name of keyNames) keys.push((await service.createKey(name)).key);
  await service.stop();
  const isFile = process.env[TEST_DATABASE_VARIABLE] !== 'postgres';
  const insertMs = isFile ? insertLogRows(dataDir, rowsOf(keys)) : 0;
  const storage = await openTestStorage(dataDir);
  const hub = new FeedHub();
  const directory = await loadPolicies(storage);
  const [policy] = directory.accounts();
  if (policy === undefined) throw new Error('the database has no account');
  const writer = createWriter(storage, hub, clock, createIdFactory(clock));
  const world: LogWorld = {
    context: { storage, writer, directory, hub, clock, learningWindowMs: 60_000, ...quietContext },
    policy,
    keys,
    dataDir,
    insertMs,
    add: (rows) =>
      writer.write(async ({ tx, nextSeq }) => {
        for (const row of rows) {
          await tx.attempts.insertAll([attemptRowOf(row, policy.id, await nextSeq(policy.id))]);
        }
      }),
    close: async () => {
      await storage.close();
      removeTempDir(dataDir);
    },
  };
  if (!isFile) await world.add(rowsOf(keys));
  return world;
}
