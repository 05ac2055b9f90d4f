import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres, startPostgres, type TestPostgres } from '#test/support/service/postgres';
import { startServiceProcess, type ServiceProcess } from '#test/support/service/service-process';
import { httpCall } from '#test/support/service/test-service';
import { wakesOf } from '#test/support/service/wakes';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const TOKEN = 'idle-test-token-0123456789';
const STRETCH_MS = 5_000;
/** Two a second; a timer of a tenth of a second alone makes five times as many. */
const MOST_WAKES = 10;
/** What the start leaves behind is collected in a few bursts within the first half minute. */
const SETTLE_DEADLINE_MS = 90_000;

const wakesIn = async (pid: number, ms: number): Promise<number> => {
  const before = wakesOf(pid);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return wakesOf(pid) - before;
};

describe.skipIf(process.platform !== 'linux')('a service that nobody calls', () => {
  let dataDir = '';
  let service: ServiceProcess | undefined;
  let postgres: TestPostgres | undefined;
  beforeAll(async () => {
    if (hasPostgres()) postgres = await startPostgres();
  });
  afterAll(() => postgres?.remove());
  afterEach(async () => {
    await service?.stop();
    removeTempDir(dataDir);
  });

  const start = async (env: Readonly<Record<string, string>>): Promise<ServiceProcess> => {
    dataDir = makeTempDir('idle');
    service = await startServiceProcess({
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_OWNER_TOKEN: TOKEN,
      ...env,
    });
    return service;
  };
  /** Some of what a service does, so that its loops have begun: a call, a repeat, figures. */
  const use = async ({ url }: ServiceProcess): Promise<void> => {
    const authorization = `Bearer ${TOKEN}`;
    const made = await httpCall(`${url}/v1/keys`, { body: { name: 'Idle' }, headers: { authorization } });
    const { secret } = made.json as { secret: string };
    for (let call = 0; call < 3; call += 1) {
      const answer = await httpCall(`${url}/v1/check`, { headers: { 'api-key': secret } });
      expect(answer.status).toBe(200);
    }
    expect((await httpCall(`${url}/metrics`)).status).toBe(200);
  };
  const fallsAsleep = ({ pid }: ServiceProcess): Promise<boolean> =>
    waitFor(
      `at most ${MOST_WAKES} wakes in ${STRETCH_MS} ms`,
      async () => (await wakesIn(pid, STRETCH_MS)) <= MOST_WAKES,
      SETTLE_DEADLINE_MS,
    );

  it('sleeps', { timeout: 120_000 }, async () => {
    const running = await start({});
    await use(running);
    expect(await fallsAsleep(running)).toBe(true);
  });

  it.skipIf(!hasPostgres())('sleeps on PostgreSQL too', { timeout: 120_000 }, async () => {
    const running = await start({ GATEHOUSE_DATABASE_URL: (await postgres?.createDatabase()) ?? '' });
    await use(running);
    expect(await fallsAsleep(running)).toBe(true);
  });
});
