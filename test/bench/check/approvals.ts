import { hasPostgres, startPostgres } from '#test/support/service/postgres';
import { httpCall } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { heading, percentile, table, target } from '../figures';
import { BUILT_SERVICE, ownerCall, prepareAccount, serviceEnv } from './filled-service';
import { startProgram } from './program';

interface BlockedAnswer {
  readonly reason: string;
  readonly review?: string;
}

/** Approves new addresses at one service and asks the other until it lets them in; milliseconds from asking to being let in. */
const measure = async (approving: string, enforcing: string, rounds: number): Promise<number[]> => {
  const secret = await prepareAccount(approving);
  const times: number[] = [];
  // One more than is counted: the first is for the compiler.
  for (let round = 0; round <= rounds; round += 1) {
    const headers = { 'api-key': secret, 'x-forwarded-for': `198.51.${round >> 8}.${round & 255}` };
    const check = () => httpCall(`${enforcing}/v1/check`, { headers });
    let blocked = (await check()).json as BlockedAnswer;
    // The other service hears of the new key a moment later.
    while (round === 0 && blocked.reason === 'invalid_key') blocked = (await check()).json as BlockedAnswer;
    if (blocked.review === undefined) throw new Error(`an unknown address got: ${blocked.reason}`);
    const askedAt = performance.now();
    const approved = ownerCall(`${approving}/v1/reviews/${blocked.review}/authorize`, 'POST', {
      scope: 'address',
    });
    while ((await check()).status !== 200) {
      if (performance.now() - askedAt > 10_000) throw new Error('an approved address is still blocked');
    }
    if (round > 0) times.push(performance.now() - askedAt);
    await approved;
  }
  return times;
};

/** One service with its SQLite, asked about what it was told itself. */
const withinOne = async (rounds: number): Promise<number[]> => {
  const dataDir = makeTempDir('bench');
  const service = await startProgram(BUILT_SERVICE, serviceEnv(dataDir));
  try {
    return await measure(service.url, service.url, rounds);
  } finally {
    await service.stop();
    removeTempDir(dataDir);
  }
};

/** Two services that share a PostgreSQL: one is told, the other one asked. */
const amongTwo = async (rounds: number): Promise<number[]> => {
  const dataDirs = [makeTempDir('bench'), makeTempDir('bench')] as const;
  const postgres = await startPostgres({ durable: true });
  try {
    const database = { GATEHOUSE_DATABASE_URL: await postgres.createDatabase() };
    const one = await startProgram(BUILT_SERVICE, { ...serviceEnv(dataDirs[0]), ...database });
    const other = await startProgram(BUILT_SERVICE, { ...serviceEnv(dataDirs[1]), ...database });
    try {
      return await measure(one.url, other.url, rounds);
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  } finally {
    await postgres.remove();
    dataDirs.forEach(removeTempDir);
  }
};

/** How long an approval takes to be enforced, where it was made and at another process. */
export const benchApprovals = async (isQuick: boolean): Promise<void> => {
  heading('Approve to enforced');
  const rounds = isQuick ? 100 : 400;
  const one = await withinOne(rounds);
  const two = hasPostgres() ? await amongTwo(rounds) : undefined;
  const row = (name: string, times: readonly number[]): string[] => [
    name,
    ...[percentile(times, 0.5), percentile(times, 0.99), Math.max(...times)].map(
      (ms) => `${ms.toFixed(1)} ms`,
    ),
  ];
  table([
    ['', 'p50', 'p99', 'longest'],
    row('the same service, SQLite', one),
    ...(two === undefined ? [] : [row('another one, PostgreSQL', two)]),
  ]);
  target('approve to enforced, p99 (ms)', percentile(one, 0.99), 100, 'at most');
  if (two === undefined) console.log('  skipped: PostgreSQL is not installed');
  else target('the same at another service, p99 (ms)', percentile(two, 0.99), 250, 'at most');
};
