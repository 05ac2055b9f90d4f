import Database from 'libsql';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RangeMatcher, type MatchRange } from '#service/enforcement/matcher';
import { DATABASE_FILE } from '#service/storage/sqlite';
import { formatCidr } from '#shared/ip/index';
import { readAddress } from '#shared/ip/parse-address';
import { idAt } from '#test/support/service/log-rows';
import { httpCall } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { ROOT } from '../bundle';
import { startProgram, type Program } from './program';
import { createAddresses, createRanges } from './workload';

export const BUILT_SERVICE = join(ROOT, 'out/main/service.js');
const OWNER_TOKEN = 'bench-owner-token-0123456789';
/** With these a call of the control plane is the owner's. */
export const OWNER = { authorization: `Bearer ${OWNER_TOKEN}` };

const CALLERS = 1_000;

export const serviceEnv = (dataDir: string): Record<string, string> => ({
  GATEHOUSE_DATA_DIR: dataDir,
  GATEHOUSE_LISTEN: '127.0.0.1:0',
  GATEHOUSE_OWNER_TOKEN: OWNER_TOKEN,
});

const newestIn = (dir: string): number =>
  Math.max(
    ...readdirSync(dir, { recursive: true, encoding: 'utf8' }).map(
      (name) => statSync(join(dir, name)).mtimeMs,
    ),
  );

/** Builds the programs unless the built ones are newer than their sources. */
export const ensureBuilt = (): void => {
  const isFresh =
    existsSync(BUILT_SERVICE) &&
    statSync(BUILT_SERVICE).mtimeMs >
      Math.max(newestIn(join(ROOT, 'service')), newestIn(join(ROOT, 'shared')));
  if (isFresh) return;
  const build = (): boolean =>
    spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' }).status === 0;
  // Once more, for the case that somebody else was building at the same moment.
  if (!build() && !build()) throw new Error('"npm run build" failed');
};

export interface FilledService {
  readonly dataDir: string;
  readonly apiKey: string;
  /** Addresses that its ranges authorize. */
  readonly callers: readonly string[];
  start(pinned: readonly string[]): Promise<Program>;
  remove(): void;
}

const insertRanges = (dataDir: string, ranges: readonly MatchRange[]): void => {
  const database = new Database(join(dataDir, DATABASE_FILE));
  const { id: accountId } = database.prepare('SELECT id FROM accounts').get() as { id: string };
  const now = Date.now();
  const insert = database.prepare(
    `INSERT INTO ranges (id, account_id, cidr, effect, label, source, created_at, created_by, version, uses, changed_seq)
     VALUES (?, ?, ?, ?, '', 'import', ?, 'owner@example.com', 1, 0, 1)`,
  );
  const insertAll = database.transaction(() => {
    ranges.forEach(({ cidr, effect }, n) => {
      insert.run(idAt(now, n), accountId, formatCidr(cidr), effect, now);
    });
  });
  insertAll();
  database.close();
};

const authorizedCallers = (ranges: readonly MatchRange[], addresses: readonly string[]): string[] => {
  const matcher = new RangeMatcher();
  for (const range of ranges) matcher.set(range);
  const authorized = addresses.filter((ip) => {
    const address = readAddress(ip);
    return address !== undefined && matcher.match(address, '', 0)?.effect === 'authorize';
  });
  return [...new Set(authorized)].slice(0, CALLERS);
};

/** Calls the control plane as the owner. @throws when it refuses. */
export const ownerCall = async (url: string, method: string, body: unknown): Promise<unknown> => {
  const answer = await httpCall(url, { method, body, headers: OWNER });
  if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.status} ${answer.text}`);
  return answer.json;
};

/** Puts a new account into the mode `manual`; answers the secret of its one key. */
export const prepareAccount = async (url: string): Promise<string> => {
  await ownerCall(`${url}/v1/account/mode`, 'PUT', { mode: 'manual' });
  const { secret } = (await ownerCall(`${url}/v1/keys`, 'POST', { name: 'Bench' })) as { secret: string };
  return secret;
};

/**
 * A data folder with an account in the mode `manual`, one key and so many ranges. The ranges go straight into the
 * database, because what is measured begins when they are there.
 */
export const createFilledService = async (rangeCount: number): Promise<FilledService> => {
  const dataDir = makeTempDir('bench');
  const env = serviceEnv(dataDir);
  const first = await startProgram(BUILT_SERVICE, env);
  const secret = await prepareAccount(first.url);
  await first.stop();
  const ranges = createRanges(rangeCount, 'IPv4 and IPv6');
  insertRanges(dataDir, ranges);
  return {
    dataDir,
    apiKey: secret,
    callers: authorizedCallers(ranges, createAddresses(ranges, CALLERS * 4, 'IPv4 and IPv6')),
    start: (pinned) => startProgram(BUILT_SERVICE, env, pinned),
    remove: () => removeTempDir(dataDir),
  };
};
