import { afterEach, describe, expect, it } from 'vitest';
import { changesResponse } from '#shared/api/contract';
import { accountSchema, type ServiceState } from '#shared/domain/entities';
import { writeAsOtherProgram } from '#test/support/service/other-program';
import { hasPostgres } from '#test/support/service/postgres';
import { usePostgres } from '#test/support/service/postgres-world';
import { problem } from '#test/support/service/problem-answer';
import { mayMount, mountSmallDisk, type SmallDisk } from '#test/support/small-disk';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

const READY: ServiceState = { state: 'ready', why: null };
const FULL = {
  why: 'The service’s database is not available: its disk is full.',
  whyWords: [{ text: 'databaseAway', values: { reason: 'full' } }],
};

interface Poll {
  readonly service: ServiceState | undefined;
  readonly cursor: string;
  readonly changes: number;
}

/** One poll of the change feed, as a console asks it. */
const poll = async (service: TestService, cursor: string, waitSeconds: number): Promise<Poll> => {
  const answer = await service.api(`/v1/changes?wait=${waitSeconds}&cursor=${encodeURIComponent(cursor)}`);
  const feed = changesResponse.parse(answer.json);
  return { service: feed.service, cursor: feed.cursor, changes: feed.changes.length };
};

/** The cursor of a reader that has been told everything. */
const caughtUp = async (service: TestService): Promise<string> => {
  let { cursor } = changesResponse.parse((await service.api('/v1/changes')).json);
  for (;;) {
    const next = await poll(service, cursor, 0);
    if (next.changes === 0) return next.cursor;
    cursor = next.cursor;
  }
};

/** Longer than anything here may take, so that nothing is found out because a poll has waited its time out. */
const WAIT_SECONDS = 30;

/** What a reader is told that polls until the state is another one than `before`. */
const toldAfter = (service: TestService, cursor: string, before = READY): Promise<Poll> => {
  let at = cursor;
  return waitFor('another state to be told', async () => {
    const told = await poll(service, at, WAIT_SECONDS);
    at = told.cursor;
    return JSON.stringify(told.service) !== JSON.stringify(before) && told;
  });
};

const accountState = async (service: TestService): Promise<ServiceState> =>
  accountSchema.parse((await service.api('/v1/account')).json).service;

describe('what calls get', () => {
  let service: TestService;
  let folder = '';
  let disk: SmallDisk | undefined;
  let secret = '';

  const begin = async (env: Record<string, string> = {}, size?: string): Promise<void> => {
    disk = size === undefined ? undefined : mountSmallDisk(size);
    folder = disk?.folder ?? makeTempDir('readiness');
    service = await startTestService({ dataDir: folder, env });
    ({ secret } = await service.createKey());
    await service.api('/v1/ranges', { body: { cidr: '10.0.0.0/8' } });
  };
  afterEach(async () => {
    await service.stop().catch(() => undefined);
    disk?.remove();
    removeTempDir(folder);
  });

  /** Calls from ever new addresses until one gets this reason; gives its status. */
  const callUntil = (reason: string): Promise<number> => {
    let last = 0;
    return waitFor(`a call that is ${reason}`, async () => {
      last += 1;
      const { headers, status } = await service.check(secret, `10.0.${last >> 8}.${last & 255}`);
      return headers['x-gatehouse-reason'] === reason && status;
    });
  };

  describe.skipIf(!mayMount)('on a full disk', () => {
    it('is told to a reader that waits, once, and taken back when there is room, without anybody asking', async () => {
      await begin({}, '6m');
      const cursor = await caughtUp(service);
      expect(await accountState(service)).toEqual(READY);
      const waiting = toldAfter(service, cursor);
      disk?.fill();
      expect(await callUntil('unavailable')).toBe(503);

      const refusing: ServiceState = { state: 'refusing', ...FULL };
      const told = await waiting;
      expect(told.service).toEqual(refusing);
      expect(await accountState(service)).toEqual(refusing);
      // The account cannot be written, and a reader that has just come is told all the same.
      expect(changesResponse.parse((await service.api('/v1/changes')).json).service).toEqual(refusing);
      const edit = problem(await service.api('/v1/ranges', { body: { cidr: '192.0.2.1' } }));
      expect(edit).toMatchObject({ status: 503, code: 'unavailable', service: refusing });

      // Told once: the next poll waits, until there is something else to tell.
      const over = toldAfter(service, told.cursor, refusing);
      disk?.free();
      expect((await over).service).toEqual(READY);
      expect((await service.check(secret, '10.9.9.9')).status).toBe(200);
    });

    it('says that calls are let in where the setting says so', async () => {
      await begin({ GATEHOUSE_ON_ERROR: 'allow' }, '6m');
      const waiting = toldAfter(service, await caughtUp(service));
      disk?.fill();
      expect(await callUntil('unavailable')).toBe(200);
      expect((await waiting).service).toEqual({ state: 'degraded', ...FULL, letsIn: true });
    });

    it('is found out by the counts of calls that repeat, when no new address calls', async () => {
      await begin({}, '6m');
      expect((await service.check(secret, '10.0.0.1')).status).toBe(200);
      const cursor = await caughtUp(service);
      disk?.fill();
      // What is left of the last page takes some more.
      await waitFor('the state', async () => {
        await service.check(secret, '10.0.0.1');
        return (await accountState(service)).state === 'refusing';
      });
      expect((await poll(service, cursor, 0)).service).toEqual({ state: 'refusing', ...FULL });
    });
  });

  it('says that another program has written to the file', async () => {
    await begin();
    const waiting = toldAfter(service, await caughtUp(service));
    await writeAsOtherProgram(service, "UPDATE ranges SET label = 'written by another'");
    expect((await service.api('/readyz')).status).toBe(503);
    const why =
      'The service’s database is not available: another program has written to its file; start the service again.';
    expect((await waiting).service).toMatchObject({ state: 'refusing', why });
  });

  it('says what the proxies do wrong, at once, and not again for each of them', async () => {
    await begin();
    const waiting = toldAfter(service, await caughtUp(service));
    expect((await service.check(secret, 'nonsense')).status).toBe(400);
    const told = await waiting;
    expect(told.service).toMatchObject({ state: 'degraded' });
    await service.check(secret, 'other, nonsense');
    expect((await poll(service, told.cursor, 0)).service).toEqual(told.service);
  });
});

describe.skipIf(!hasPostgres())('what calls get while PostgreSQL is away', () => {
  const world = usePostgres({ durable: true });

  it('is told with the answer that says that nothing can be read', async () => {
    const service = await world.start();
    const cursor = await caughtUp(service);
    const waiting = service.api(`/v1/changes?wait=${WAIT_SECONDS}&cursor=${encodeURIComponent(cursor)}`);
    await world.postgres.halt('crash');
    const refused = problem(await waiting);
    expect(refused).toMatchObject({ status: 503, code: 'unavailable' });
    await waitFor('the state in the answer', async () => {
      const { service: state } = problem(await service.api('/v1/account'));
      return state?.state === 'refusing';
    });
    await world.postgres.start();
    await waitFor('the account', async () => (await service.api('/v1/account')).status === 200);
    await waitFor('calls to be decided again', async () => (await accountState(service)).state === 'ready');
  });
});
