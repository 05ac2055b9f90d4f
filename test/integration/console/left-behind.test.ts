import { existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { Range } from '#shared/domain/entities';
import { addRange } from '#electron/core/use-cases/add-range';
import { forget } from '#electron/core/use-cases/forget';
import { useEmbedded } from '#electron/core/use-cases/use-embedded';
import { inProcessEmbedded } from '#test/support/console/in-process-embedded';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { startTestService, type TestService } from '#test/support/service/test-service';

const world = useRemoteWorld();

const wish = { effect: 'authorize', label: '', keyId: null, expiresAt: null, allowWide: false } as const;
const notice = () =>
  world.console.core.notices.all().find(({ id }) => id.startsWith('operations-left-behind-'));

/** An edit that waits, because its service has gone; the service comes back to its address when it is wanted. */
async function editWithoutService(): Promise<() => Promise<TestService>> {
  // On a folder that outlives it.
  const dataDir = `${world.folder}/elsewhere`;
  await world.service.stop();
  world.replaceService(await startTestService({ dataDir }));
  await world.connectAndSync();
  const { service } = world;
  const host = new URL(service.url).host;
  await service.stop();
  await world.console.reach('unreachable');
  value(addRange(world.console.core, { ...wish, cidr: '192.0.2.1' }));
  return async () => {
    const again = await startTestService({ dataDir, env: { GATEHOUSE_LISTEN: host }, mode: 'learning' });
    world.replaceService(again);
    return again;
  };
}

async function expectSentOnce(to: TestService): Promise<void> {
  await world.console.drained();
  const { items } = (await to.api('/v1/ranges')).json as { items: Range[] };
  expect(items.map(({ cidr }) => cidr)).toEqual(['192.0.2.1/32']);
}

describe('edits that wait when another service is connected to', () => {
  it('are said to stay, and are sent when their own one is connected to again', async () => {
    const back = await editWithoutService();
    const other = await startTestService();
    world.alsoStop(other);
    value(await world.connectTo(other));
    await world.console.reach('online');
    expect(world.mirror()).toMatchObject({ sync: { waiting: 0 }, ranges: [] });
    expect(notice()).toMatchObject({ severity: 'warning', title: 'A change was not sent' });

    const again = await back();
    expect(notice()).toBeDefined();
    value(await world.connectTo(again));
    await expectSentOnce(again);
    expect(notice()).toBeUndefined();
    expect((await other.api('/v1/ranges')).json).toMatchObject({ items: [] });
  });

  it('stay just so when that is the one on this computer, also under another port', async () => {
    const { fork } = inProcessEmbedded();
    await world.console.stop();
    world.startConsole({ fork });
    const back = await editWithoutService();
    value(await useEmbedded(world.console.core));
    await world.console.reach('online');
    expect(world.mirror().sync.waiting).toBe(0);
    expect(notice()?.message).toMatch(
      /^They are for http:\/\/127\.0\.0\.1:\d+ and are kept on this computer\./,
    );

    // The embedded one itself is nobody else when it is started again.
    world.console.core.notices.dismiss(notice()?.id ?? '');
    value(await useEmbedded(world.console.core));
    await world.console.reach('online');
    expect(notice()).toBeUndefined();

    value(await world.connectTo(await back()));
    await expectSentOnce(world.service);
  });
});

describe('an edit that is made while its account is being forgotten', () => {
  it('is kept with a word of it, and sent when its service is connected to again', async () => {
    await world.connectAndSync();
    const { core, log } = world.console;
    const { service, accountId } = core.replica;
    if (service === null || accountId === null) throw new Error('no account is open');
    const change = core.connections.change.bind(core.connections);
    const making = vi.spyOn(core.connections, 'change').mockImplementation((work) =>
      change((steps) => {
        const close = async (): Promise<void> => {
          await steps.close();
          value(addRange(core, { ...wish, cidr: '192.0.2.1' }));
        };
        return work({ ...steps, close });
      }),
    );
    expect(value(await forget(core, { discardUnsent: false }))).toEqual({ forgotten: true, unsent: 1 });
    making.mockRestore();
    expect(world.mirror()).toMatchObject({ connection: { kind: 'none' }, account: null });
    expect(core.profile.read()).toMatchObject({ service: null, encryptedToken: null });
    expect(notice()).toMatchObject({ severity: 'warning', title: 'A change was not sent' });
    expect(log.lines).toContainEqual(expect.objectContaining({ event: 'outbox.left_behind' }));

    value(await world.connectTo(world.service));
    await expectSentOnce(world.service);
    // With nothing left to send its folder goes.
    value(await forget(core, { discardUnsent: false }));
    expect(existsSync(core.accountStores.folderOf(service, accountId))).toBe(false);
  });
});
