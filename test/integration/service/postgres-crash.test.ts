import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkData } from '#service/storage/check/check-data';
import { hasPostgres } from '#test/support/service/postgres';
import { usePostgres } from '#test/support/service/postgres-world';
import { startServiceProcess, type ServiceProcess } from '#test/support/service/service-process';
import { httpCall, type Answer, type CallOptions } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const TOKEN = 'process-test-token-012345';
const ROUNDS = 4;
/** Five processes are started, one after the other. */
const STARTS_DEADLINE_MS = 180_000;

describe.skipIf(!hasPostgres())('processes on one PostgreSQL', () => {
  const world = usePostgres({ durable: true });
  let dataDir: string;
  beforeEach(() => {
    dataDir = makeTempDir('process');
  });
  afterEach(() => removeTempDir(dataDir));

  const start = (): Promise<ServiceProcess> =>
    startServiceProcess({
      GATEHOUSE_DATABASE_URL: world.url,
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_LISTEN: '127.0.0.1:0',
      GATEHOUSE_OWNER_TOKEN: TOKEN,
      // What a process answers without the database is in its own spool; see `database-away.test.ts`.
      GATEHOUSE_STALE_POLICY: 'off',
    });
  const api = (service: ServiceProcess, path: string, options: CallOptions = {}): Promise<Answer> =>
    httpCall(`${service.url}${path}`, {
      ...options,
      headers: { authorization: `Bearer ${TOKEN}`, ...options.headers },
    });
  const check = (service: ServiceProcess, secret: string, ip: string): Promise<Answer> =>
    httpCall(`${service.url}/v1/check`, { headers: { 'api-key': secret, 'x-forwarded-for': ip } });

  it('enforce at one of them what the other was told', async () => {
    const [a, b] = await Promise.all([start(), start()]);
    await api(a, '/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
    const { secret } = (await api(a, '/v1/keys', { body: { name: 'k' } })).json as { secret: string };
    const ip = '203.0.113.9';
    const review = await waitFor('the review', async () => {
      const answer = (await check(b, secret, ip)).json as { review?: string };
      return answer.review;
    });
    await api(a, `/v1/reviews/${review}/authorize`, { body: { scope: 'address' } });
    await waitFor('the approval', async () => (await check(b, secret, ip)).status === 200);
    expect(await a.stop()).toBe(0);
    expect((await check(b, secret, ip)).status).toBe(200);
    expect(await b.stop()).toBe(0);
  });

  it(
    'lose nothing that was answered when one of them is killed under load, and the others go on',
    async () => {
      const steady = await start();
      await api(steady, '/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
      const { secret } = (await api(steady, '/v1/keys', { body: { name: 'k' } })).json as { secret: string };
      const answered: string[] = [];
      const added: string[] = [];
      let next = 0;
      let over = false;
      /** Calls and edits until the process is gone or the test is over. */
      const load = async (service: ServiceProcess): Promise<void> => {
        const caller = async (): Promise<void> => {
          while (!over) {
            const n = next++;
            const ip = `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
            if ((await check(service, secret, ip)).headers['x-gatehouse-verdict'] !== undefined)
              answered.push(ip);
          }
        };
        const editor = async (): Promise<void> => {
          while (!over) {
            const n = next++;
            const cidr = `172.${16 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}/32`;
            if ((await api(service, '/v1/ranges', { body: { cidr } })).status === 201) added.push(cidr);
          }
        };
        const untilGone = (work: Promise<void>): Promise<void> =>
          work.catch((error: unknown) => {
            if (service === steady) throw error;
          });
        await Promise.all([caller(), caller(), editor()].map(untilGone));
      };
      const steadyLoad = load(steady);
      for (let round = 0; round < ROUNDS; round += 1) {
        const victim = await start();
        const victimLoad = load(victim);
        const target = answered.length + 40 + ((round * 37) % 90);
        await waitFor('calls', () => answered.length >= target, 20_000);
        await victim.kill();
        await victimLoad;
        const after = answered.length;
        await waitFor('the other one to go on', () => answered.length > after + 20, 20_000);
      }
      over = true;
      await steadyLoad;
      const logged = new Set(
        (await world.query<{ ip: string }>('SELECT ip FROM attempts')).map(({ ip }) => ip),
      );
      const kept = new Set(
        (await world.query<{ cidr: string }>('SELECT cidr FROM ranges')).map(({ cidr }) => cidr),
      );
      expect(answered.filter((ip) => !logged.has(ip))).toEqual([]);
      expect(added.filter((cidr) => !kept.has(cidr))).toEqual([]);
      expect(answered.length).toBeGreaterThan(ROUNDS * 40);
      const [account] = await world.query<{ revision: number; ranges: number; audited: number }>(
        `SELECT revision, (SELECT count(*)::int FROM ranges) AS ranges,
              (SELECT count(*)::int FROM audit WHERE action = 'range.add') AS audited FROM accounts`,
      );
      // The mode, the key, and each range once.
      expect(account).toMatchObject({ revision: 2 + (account?.ranges ?? 0), audited: account?.ranges });
      expect(await checkData({ dataDir, databaseUrl: world.url })).toEqual([]);
      expect(await steady.stop()).toBe(0);
    },
    STARTS_DEADLINE_MS,
  );
});
