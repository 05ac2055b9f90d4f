import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Range } from '#shared/domain/entities';
import { authorizeReview } from '#electron/core/use-cases/authorize-review';
import { addRange } from '#electron/core/use-cases/add-range';
import { connect } from '#electron/core/use-cases/connect';
import { listOutbox } from '#electron/core/use-cases/list-outbox';
import { setMode } from '#electron/core/use-cases/set-mode';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { manualClock } from '#test/support/manual-clock';
import { addPerson } from '#test/support/service/people';
import { hasNginx, startBalancer } from '#test/support/service/nginx';
import { startTcpProxy, type TcpProxy } from '#test/support/service/tcp-proxy';
import { type SkewedService, startSkewedService } from '#test/support/service/skewed-service';
import { OWNER_TOKEN, startTestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const world = useRemoteWorld();

const wish = { effect: 'authorize', label: '', keyId: null, expiresAt: null, allowWide: false } as const;
const core = () => world.console.core;
const add = (cidr: string) => value(addRange(core(), { ...wish, cidr }));
const cidrs = async (): Promise<readonly string[]> =>
  ((await world.service.api('/v1/ranges')).json as { items: Range[] }).items.map(({ cidr }) => cidr).sort();

describe('a line that dies without a word', () => {
  let line: TcpProxy;
  beforeEach(async () => {
    const { hostname: host, port } = new URL(world.service.url);
    line = await startTcpProxy({ host, port: Number(port) });
    value(await connect(core(), { url: `http://127.0.0.1:${line.port}`, token: OWNER_TOKEN }));
    await world.console.reach('online');
    await world.console.synced();
  });
  afterEach(() => line.close());

  it('while the computer sleeps is given up when it wakes, and what waits goes over a new one', async () => {
    line.freeze();
    add('192.0.2.1');
    await waitFor('the edit to be on its way', () => value(listOutbox(core()))[0]?.state.kind === 'sending');
    // The old connections stay dead; new ones come through.
    line.thawNew();
    core().connections.wake();
    await world.console.drained();
    expect(await cidrs()).toEqual(['192.0.2.1/32']);
  });

  it('because the network has changed is noticed by the polls themselves, without a word from the system', async () => {
    add('192.0.2.1');
    await world.console.drained();
    line.cutAll();
    await waitFor('the poll over a new connection', async () => {
      await world.service.api('/v1/ranges', { body: { cidr: '192.0.2.2' } });
      return world.mirror().ranges.length === 2;
    });
    expect(world.mirror().connection.kind).toBe('online');
    add('192.0.2.3');
    await world.console.drained();
    expect(await cidrs()).toEqual(['192.0.2.1/32', '192.0.2.2/32', '192.0.2.3/32']);
  });

  it('is a service that cannot be reached, when nothing comes through any more, until something does', async () => {
    const { port } = line;
    await line.close();
    await world.console.reach('unreachable');
    add('192.0.2.1');
    expect(world.mirror().sync).toMatchObject({ waiting: 1, pausedBecause: 'offline' });
    const { hostname: host, port: to } = new URL(world.service.url);
    line = await startTcpProxy({ host, port: Number(to) }, port);
    // By itself: nobody asks for it.
    await world.console.reach('online');
    await world.console.drained();
    expect(await cidrs()).toEqual(['192.0.2.1/32']);
  });
});

describe('something on the way that has less patience than a poll', () => {
  const host = () => new URL(world.service.url).host;
  const cutters: readonly (readonly [
    string,
    boolean,
    () => Promise<{ url: string; stop(): Promise<void> }>,
  ])[] = [
    [
      'nginx, which answers 504',
      hasNginx(),
      () => startBalancer(host(), '127.0.0.1', ['proxy_read_timeout 2s;']),
    ],
    [
      'a line that is cut without an answer',
      true,
      async () => {
        const { hostname, port } = new URL(world.service.url);
        const line = await startTcpProxy({ host: hostname, port: Number(port) });
        line.cutIdleAfter(2_000);
        return { url: `http://127.0.0.1:${line.port}`, stop: () => line.close() };
      },
    ],
  ];
  it.each(cutters.filter(([, isThere]) => isThere))(
    'does not make it flap: %s',
    async (_words, _isThere, start) => {
      const cutter = await start();
      try {
        value(await connect(core(), { url: cutter.url, token: OWNER_TOKEN }));
        await world.console.reach('online');
        const begin = world.console.publisher.patches.length;
        const cuts = () => world.console.log.lines.filter(({ event }) => event === 'sync.poll_cut');
        await waitFor('a poll that is cut', () => cuts().length > 0);
        // Several polls that nobody cuts.
        const synced = new Set<string | null>();
        await waitFor('polls that are answered', () => synced.add(world.mirror().lastSyncAt).size > 5);
        expect(cuts()).toHaveLength(1);
        await world.service.api('/v1/ranges', { body: { cidr: '192.0.2.2' } });
        await waitFor('news', () => world.mirror().ranges.length === 1);
        const patches = world.console.publisher.patches.slice(begin);
        expect(
          patches.filter(({ connection }) => connection !== undefined && connection.kind !== 'online'),
        ).toEqual([]);
      } finally {
        await world.console.stop();
        await cutter.stop();
      }
    },
  );
});

describe('a service that is started again', () => {
  it('goes on with the same console, which misses nothing and sends what was made meanwhile', async () => {
    // On a folder that outlives it.
    const dataDir = `${world.folder}/service`;
    await world.service.stop();
    world.replaceService(await startTestService({ dataDir }));
    await world.connectAndSync();
    const { url } = world.service;
    await world.service.stop();
    await world.console.reach('unreachable');
    add('192.0.2.1');
    world.replaceService(
      await startTestService({ dataDir, env: { GATEHOUSE_LISTEN: new URL(url).host }, mode: 'learning' }),
    );
    await world.service.api('/v1/ranges', { body: { cidr: '192.0.2.2' } });
    await world.console.reach('online');
    await world.console.drained();
    await waitFor('both ranges', () => world.mirror().ranges.length === 2);
    expect(await cidrs()).toEqual(['192.0.2.1/32', '192.0.2.2/32']);
  });
});

describe('an access token', () => {
  it('that expires pauses the queue, and signing in again lets it go on', async () => {
    await world.service.stop();
    const clock = manualClock(Date.now());
    world.replaceService(await startTestService({ clock }));
    const person = await addPerson(world.service, { permissions: ['authorized_ips'] });
    const expiresAt = new Date(clock.now() + 3_600_000).toISOString();
    const tokens = `/v1/users/${person.user.id}/tokens`;
    const answer = await world.service.api(tokens, { body: { name: 'An hour', expiresAt } });
    value(await world.connectTo(world.service, (answer.json as { secret: string }).secret));
    await world.console.reach('online');
    clock.advance(2 * 3_600_000);
    core().connections.wake();
    expect(await world.console.reach('unauthorized')).toMatchObject({ code: 'token_expired' });
    add('192.0.2.1');
    expect(world.mirror().sync).toMatchObject({ waiting: 1, pausedBecause: 'signed_out' });
    expect(await cidrs()).toEqual([]);

    value(await world.connectTo(world.service, person.secret));
    await world.console.drained();
    expect(await cidrs()).toEqual(['192.0.2.1/32']);
    expect(world.mirror().sync).toMatchObject({ waiting: 0, pausedBecause: null });
  });
});

describe.each([
  ['hours behind', -7],
  ['hours ahead', 7],
])('a service whose clock is %s', (_words, hours) => {
  let skewed: SkewedService;
  beforeEach(async () => {
    skewed = await startSkewedService(hours * 3_600_000);
    value(await connect(core(), { url: skewed.url, token: OWNER_TOKEN }));
    await world.console.reach('online');
    await world.console.synced();
  });
  afterEach(async () => {
    await world.console.stop();
    await skewed.close();
  });

  it('takes every edit all the same, also one that must not be late', async () => {
    const deactivating = value(setMode(core(), { mode: 'deactivated' }));
    const tomorrow = new Date(Date.now() + 24 * 3_600_000).toISOString();
    const adding = value(addRange(core(), { ...wish, cidr: '192.0.2.1', expiresAt: tomorrow }));
    for (const id of [deactivating.operationId, ...adding.operationIds]) {
      expect(await world.console.settled(id)).toMatchObject({ outcome: 'applied' });
    }
    await world.console.drained();
    expect(world.mirror()).toMatchObject({
      account: { mode: 'deactivated' },
      ranges: [{ cidr: '192.0.2.1/32', expiresAt: tomorrow }],
      sync: { waiting: 0, conflicts: 0, needsConfirmation: 0 },
    });
    // How old the data are is told by the console's own clock.
    expect(Math.abs(Date.now() - Date.parse(world.mirror().lastSyncAt ?? ''))).toBeLessThan(60_000);
  });

  it('is told, and counts what is counted from now, also when it cannot be reached', async () => {
    const isNear = (iso: string | null | undefined, atMs: number): boolean =>
      Math.abs(Date.parse(iso ?? '') - atMs) < 60_000;
    const offsetMs = hours * 3_600_000;
    expect(Math.abs(world.mirror().clockOffsetMs - offsetMs)).toBeLessThan(3_000);
    expect(
      core()
        .notices.all()
        .filter(({ id }) => id === 'clocks-differ'),
    ).toMatchObject([
      {
        message: expect.stringContaining(
          `7 hours ${hours < 0 ? 'ahead of' : 'behind'} the service’s`,
        ) as string,
      },
    ]);

    const { secret } = await skewed.service.createKey();
    await skewed.service.check(secret, '203.0.113.9');
    const review = await world.pendingReview();
    await skewed.service.stop();
    await world.console.reach('unreachable');
    await world.console.stop();
    world.startConsole();
    await world.console.reach('unreachable');
    const hour = { scope: 'address', durationSeconds: 3_600, thisKeyOnly: false } as const;
    const { range } = value(authorizeReview(core(), { reviewId: review.id, ...hour }));
    // It ends when the service's clock says so, and is not shown as expired before.
    expect(isNear(range.expiresAt, Date.now() + offsetMs + 3_600_000)).toBe(true);
    const inAnHour = new Date(Date.now() + offsetMs + 3_600_000).toISOString();
    expect(addRange(core(), { ...wish, cidr: '192.0.2.1', expiresAt: inAnHour })).toMatchObject({ ok: true });
    const past = new Date(Date.now() + offsetMs - 60_000).toISOString();
    expect(addRange(core(), { ...wish, cidr: '192.0.2.2', expiresAt: past })).toMatchObject({ ok: false });
  });
});
