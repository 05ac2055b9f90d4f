import { describe, expect, it } from 'vitest';
import { Client } from 'pg';
import type { Range } from '#shared/domain/entities';
import { WRITE_LOCK } from '#service/storage/postgres-transaction';
import { hasPostgres } from '#test/support/service/postgres';
import { reviewsOf, statusOf, usePostgres } from '#test/support/service/postgres-world';
import { problem } from '#test/support/service/problem-answer';
import type { TestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const IP = '203.0.113.9';
/** Longer than the bound for unconfirmed memory, and than what follows it. */
const OUTAGE_DEADLINE_MS = 20_000;

describe.skipIf(!hasPostgres())('when PostgreSQL fails', () => {
  const world = usePostgres({ durable: true });
  const authorizedKey = async (service: TestService): Promise<string> => {
    const { secret } = await service.createKey();
    await service.api('/v1/ranges', { body: { cidr: IP } });
    expect(await statusOf(service, secret, IP)).toBe(200);
    return secret;
  };
  const rangesOf = async (service: TestService): Promise<string[]> =>
    ((await service.api('/v1/ranges?limit=1000')).json as { items: Range[] }).items.map(({ cidr }) => cidr);
  const isReady = async (service: TestService): Promise<boolean> =>
    (await service.api('/readyz')).status === 200;
  it('hears of changes again after its listening connection was ended', async () => {
    const [a, b] = [await world.start(), await world.start()];
    const secret = await authorizedKey(a);
    await waitFor('the key everywhere', async () => (await statusOf(b, secret, IP)) === 200);
    for (let round = 0; round < 3; round += 1) {
      // After the round before it may not be there again yet.
      await waitFor('a listening connection that ends', async () => {
        const ended = await world.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
           AND (query LIKE 'LISTEN %' OR query LIKE 'SELECT states.%')`,
        );
        return ended.length > 0;
      });
      const ip = `198.51.100.${round}`;
      await a.api('/v1/ranges', { body: { cidr: ip } });
      await waitFor('the range everywhere', async () => (await statusOf(b, secret, ip)) === 200);
    }
    expect(await isReady(b)).toBe(true);
  });

  it('goes on after every connection was ended, and loses no call that was answered', async () => {
    const service = await world.start();
    const secret = await authorizedKey(service);
    const answered: string[] = [];
    let stopping = false;
    const caller = async (block: number): Promise<void> => {
      for (let n = 0; !stopping; n += 1) {
        const ip = `10.${block}.${n >> 8}.${n & 255}`;
        if ((await statusOf(service, secret, ip)) === 401) answered.push(ip);
      }
    };
    const calls = Promise.all([1, 2, 3].map(caller));
    for (let round = 0; round < 5; round += 1) {
      const target = answered.length + 30;
      await waitFor('calls', () => answered.length >= target);
      await world.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
    }
    const target = answered.length + 30;
    await waitFor('calls', () => answered.length >= target);
    stopping = true;
    await calls;
    const rows = await world.query<{ ip: string }>('SELECT ip FROM attempts');
    const logged = new Set(rows.map(({ ip }) => ip));
    expect(answered.filter((ip) => !logged.has(ip))).toEqual([]);
    expect(await rangesOf(service)).toEqual([`${IP}/32`]);
  });

  it.each(['orderly', 'crash'] as const)(
    'answers 503 during an %s end of the server, recovers by itself, and has kept what it acknowledged',
    async (how) => {
      const service = await world.start();
      const secret = await authorizedKey(service);
      const blocked: string[] = [];
      const added: string[] = [];
      const statuses = new Set<number>();
      let stopping = false;
      const caller = async (): Promise<void> => {
        for (let n = 0; !stopping; n += 1) {
          const ip = `10.0.${n >> 8}.${n & 255}`;
          const status = await statusOf(service, secret, ip);
          statuses.add(status);
          if (status === 401) blocked.push(ip);
        }
      };
      const editor = async (): Promise<void> => {
        for (let n = 0; !stopping; n += 1) {
          const cidr = `192.168.${n >> 8}.${n & 255}/32`;
          const answer = await service.api('/v1/ranges', { body: { cidr } });
          if (answer.status === 201) added.push(cidr);
          else expect(problem(answer)).toMatchObject({ status: 503, code: 'unavailable' });
        }
      };
      const work = Promise.all([caller(), editor()]);
      await waitFor('work', () => blocked.length > 50 && added.length > 20);
      await world.postgres.halt(how);
      await waitFor('a refusal', () => statuses.has(503));
      expect(await isReady(service)).toBe(false);
      await world.postgres.start();
      const target = added.length + 20;
      await waitFor('work again', () => added.length > target, OUTAGE_DEADLINE_MS);
      stopping = true;
      await work;
      expect([...statuses].sort()).toEqual([401, 503]);
      await waitFor('readiness', () => isReady(service));
      const logged = new Set(
        (await world.query<{ ip: string }>('SELECT ip FROM attempts')).map(({ ip }) => ip),
      );
      expect(blocked.filter((ip) => !logged.has(ip))).toEqual([]);
      const kept = new Set(
        (await world.query<{ cidr: string }>('SELECT cidr FROM ranges')).map(({ cidr }) => cidr),
      );
      expect(added.filter((cidr) => !kept.has(cidr))).toEqual([]);
    },
  );

  it('lets nobody in from memory for longer than the bound, says so, and recovers', async () => {
    const { line, url } = await world.throughProxy();
    const strict = await world.start({ env: { GATEHOUSE_DATABASE_URL: url } });
    const lenient = await world.start({ env: { GATEHOUSE_DATABASE_URL: url, GATEHOUSE_ON_ERROR: 'allow' } });
    const secret = await authorizedKey(strict);
    const revoked = await strict.createKey('Revoked');
    await strict.api(`/v1/keys/${revoked.key.id}`, { method: 'DELETE' });
    await strict.api('/v1/ranges', { body: { cidr: '198.51.100.0/24', effect: 'deny' } });
    await waitFor('the key everywhere', async () => (await statusOf(lenient, secret, IP)) === 200);
    await waitFor('the denial', async () => {
      const { headers } = await lenient.check(secret, '198.51.100.7');
      return headers['x-gatehouse-reason'] === 'denied';
    });
    const cutAt = performance.now();
    line.freeze();
    // A repeat within its fold window needs no database, so it is still let in at first.
    expect(await statusOf(strict, secret, IP)).toBe(200);
    await waitFor('a refusal', async () => (await statusOf(strict, secret, IP)) === 503, OUTAGE_DEADLINE_MS);
    expect(performance.now() - cutAt).toBeLessThan(10_000);
    const answer = await strict.api('/readyz');
    expect(problem(answer)).toMatchObject({ code: 'unavailable' });
    expect(problem(answer).detail).toContain('last confirmed');
    await waitFor('the setting to let in', async () => {
      const { status, headers } = await lenient.check(secret, IP);
      return status === 200 && headers['x-gatehouse-reason'] === 'unavailable';
    });
    for (const [reason, key, ip] of [
      ['denied', secret, '198.51.100.7'],
      ['denied', secret, '198.51.100.8'],
      ['unknown', secret, '192.0.2.1'],
      ['revoked_key', revoked.secret, IP],
      ['invalid_key', 'gk_nonsense', IP],
      ['missing_key', undefined, IP],
    ] as const) {
      const { status, headers } = await lenient.check(key, ip);
      expect([status, headers['x-gatehouse-reason']]).toEqual([401, reason]);
    }
    line.thaw();
    await waitFor('recovery', async () => (await statusOf(strict, secret, IP)) === 200, OUTAGE_DEADLINE_MS);
    await waitFor('readiness', () => isReady(strict), OUTAGE_DEADLINE_MS);
  });

  it('does not call a change failed that was kept while the connection died', async () => {
    const { line, url } = await world.throughProxy();
    const service = await world.start({ env: { GATEHOUSE_DATABASE_URL: url } });
    const secret = await authorizedKey(service);
    // As the protocol sends it; `READ COMMITTED` is another text.
    line.cutAfter('COMMIT\0');
    const answer = await service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } });
    expect(answer.status).toBe(201);
    expect(await statusOf(service, secret, '198.51.100.1')).toBe(200);
    expect(await rangesOf(service)).toEqual([`${IP}/32`, '198.51.100.1/32']);
  });

  it('answers the first call of an address that was logged while the connection died', async () => {
    const { line, url } = await world.throughProxy();
    const service = await world.start({ env: { GATEHOUSE_DATABASE_URL: url } });
    const secret = await authorizedKey(service);
    line.cutAfter('COMMIT\0');
    expect(await statusOf(service, secret, '192.0.2.1')).toBe(401);
    expect(await world.query("SELECT ip FROM attempts WHERE ip = '192.0.2.1'")).toHaveLength(1);
  });

  it('calls a change failed that was not kept because the connection died before', async () => {
    const { line, url } = await world.throughProxy();
    const service = await world.start({ env: { GATEHOUSE_DATABASE_URL: url } });
    await authorizedKey(service);
    line.cutAfter('pg_current_xact_id');
    const answer = await service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } });
    expect(problem(answer)).toMatchObject({ status: 503, code: 'unavailable' });
    expect((await service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } })).status).toBe(201);
  });

  it('waits for a process that holds the lock for writing, and decides what it knows meanwhile', async () => {
    const service = await world.start();
    const secret = await authorizedKey(service);
    const other = new Client(world.url);
    await other.connect();
    await other.query(`BEGIN; SELECT pg_advisory_xact_lock(${WRITE_LOCK})`);
    const firstSight = statusOf(service, secret, '198.51.100.1');
    expect(await statusOf(service, secret, IP)).toBe(200);
    expect(await reviewsOf(service)).toEqual([]);
    expect(await isReady(service)).toBe(true);
    await other.query('COMMIT');
    await other.end();
    expect(await firstSight).toBe(401);
  });

  it('writes nothing of an edit for which the lock did not come in time', async () => {
    const service = await world.start();
    await authorizedKey(service);
    const other = new Client(world.url);
    await other.connect();
    await other.query(`BEGIN; SELECT pg_advisory_xact_lock(${WRITE_LOCK})`);
    const refused = await service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } });
    expect(problem(refused)).toMatchObject({ status: 503, code: 'unavailable' });
    const rows = await world.query('SELECT id FROM ranges');
    expect(rows).toHaveLength(1);
    await other.query('COMMIT');
    await other.end();
    await waitFor(
      'edits to be taken again',
      async () => (await service.api('/v1/ranges', { body: { cidr: '198.51.100.2' } })).status === 201,
    );
    expect(await rangesOf(service)).toEqual([`${IP}/32`, '198.51.100.2/32']);
  });

  it('goes on from what the database has where memory is ahead of it', async () => {
    const service = await world.start();
    const secret = await authorizedKey(service);
    const added = await service.api('/v1/ranges', { body: { cidr: '198.51.100.2' } });
    expect(await statusOf(service, secret, '198.51.100.2')).toBe(200);
    // What a restored backup looks like: the range is not there, and the feed has not come as far as it had.
    const { items } = added.json as { items: [Range] };
    await world.query(`DELETE FROM ranges WHERE id = '${items[0].id}'; UPDATE accounts SET seq = seq - 3`);
    expect(await statusOf(service, secret, '198.51.100.1')).toBe(401);
    expect(await statusOf(service, secret, '198.51.100.2')).toBe(401);
    expect(await statusOf(service, secret, IP)).toBe(200);
    expect((await service.api('/v1/ranges', { body: { cidr: '198.51.100.2' } })).status).toBe(201);
    expect(await statusOf(service, secret, '198.51.100.2')).toBe(200);
  });
});
