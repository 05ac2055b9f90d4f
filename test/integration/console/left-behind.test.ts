import { existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { Range } from '#shared/domain/entities';
import { addRange } from '#electron/core/use-cases/add-range';
import { forget } from '#electron/core/use-cases/forget';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import type { TestService } from '#test/support/service/test-service';

const world = useRemoteWorld();

const wish = { effect: 'authorize', label: '', keyId: null, expiresAt: null, allowWide: false } as const;
const notice = () =>
  world.console.core.notices.all().find(({ id }) => id.startsWith('operations-left-behind-'));

async function expectSentOnce(to: TestService): Promise<void> {
  await world.console.drained();
  const { items } = (await to.api('/v1/ranges')).json as { items: Range[] };
  expect(items.map(({ cidr }) => cidr)).toEqual(['192.0.2.1/32']);
}

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
