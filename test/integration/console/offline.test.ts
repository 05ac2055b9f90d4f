import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent, Range } from '#shared/domain/entities';
import { addRange } from '#electron/core/use-cases/add-range';
import { authorizeReview } from '#electron/core/use-cases/authorize-review';
import { resolveOperation, undoOperation } from '#electron/core/use-cases/decide-operation';
import { forget } from '#electron/core/use-cases/forget';
import { listOutbox } from '#electron/core/use-cases/list-outbox';
import { retry } from '#electron/core/use-cases/retry';
import { setMode } from '#electron/core/use-cases/set-mode';
import { updateRange } from '#electron/core/use-cases/update-range';
import type { ListedOperation } from '#shared/ipc/outbox';
import { removeRange } from '#test/support/console/remove-range';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { startTestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const world = useRemoteWorld();

const wish = { effect: 'authorize', label: '', keyId: null, expiresAt: null, allowWide: false } as const;
const core = () => world.console.core;
const list = (): ListedOperation[] => value(listOutbox(core()));
const onlyItem = (): ListedOperation => {
  const [item, ...more] = list();
  if (item === undefined || more.length > 0) throw new Error(`not one edit: ${list().length}`);
  return item;
};
const shownLabels = (): string[] =>
  world
    .mirror()
    .ranges.map(({ label }) => label)
    .sort();
const ranges = async (): Promise<Range[]> =>
  ((await world.service.api('/v1/ranges')).json as { items: Range[] }).items;

/** The service goes away; what it has stays, and comes back to the same address, to a console that runs or without one. */
async function goOffline(): Promise<{ back: () => Promise<void>; serviceBack: () => Promise<void> }> {
  const { service } = world;
  const host = new URL(service.url).host;
  const { dataDir } = service;
  await service.stop();
  await world.console.reach('unreachable');
  const serviceBack = async (): Promise<void> => {
    // Whatever the mode was set to stays.
    world.replaceService(
      await startTestService({ dataDir, env: { GATEHOUSE_LISTEN: host }, mode: 'learning' }),
    );
  };
  return {
    serviceBack,
    back: async () => {
      await serviceBack();
      value(await retry(core()));
      await world.console.reach('online');
    },
  };
}

describe('edits on a train', () => {
  let office: Range;
  beforeEach(async () => {
    await world.service.stop();
    world.replaceService(await startTestService({ dataDir: `${world.folder}/service` }));
    await world.service.api('/v1/ranges', { body: { cidr: '198.51.100.0/24', label: 'Office' } });
    const [range] = await ranges();
    if (range === undefined) throw new Error('no range');
    office = range;
    await world.connectAndSync();
    await waitFor('the range', () => world.mirror().ranges.length === 1);
  });

  it('are shown at once, outlive a restart of the console, and are applied once when the service is back', async () => {
    const { back } = await goOffline();
    const added = value(addRange(core(), { ...wish, cidr: '192.0.2.1', label: 'Partner' }));
    const [partner] = added.ranges;
    if (partner === undefined) throw new Error('no range');
    value(
      updateRange(core(), { rangeId: office.id, version: office.version, changes: { label: 'Head office' } }),
    );
    value(setMode(core(), { mode: 'automatic' }));
    expect(world.mirror()).toMatchObject({
      account: { mode: 'automatic' },
      sync: { waiting: 3, conflicts: 0, pausedBecause: 'offline' },
    });
    expect(shownLabels()).toEqual(['Head office', 'Partner']);

    await world.console.stop();
    world.startConsole();
    expect(shownLabels()).toEqual(['Head office', 'Partner']);
    expect(list().map(({ operation }) => operation.type)).toEqual(['range.add', 'range.update', 'mode.set']);

    await world.console.reach('unreachable');
    await back();
    await world.console.drained();
    expect((await ranges()).map(({ id, label }) => `${id} ${label}`).sort()).toEqual(
      [`${office.id} Head office`, `${partner.id} Partner`].sort(),
    );
    expect(world.mirror().ranges).toEqual(expect.arrayContaining(await ranges()));
    expect(world.mirror().account?.mode).toBe('automatic');
    const audit = ((await world.service.api('/v1/audit')).json as { items: AuditEvent[] }).items;
    const mine = audit.filter(({ operationId }) => operationId !== null);
    expect(mine.map(({ action }) => action)).toEqual(['mode.set', 'range.update', 'range.add']);
    expect(mine.map(({ via }) => via)).toEqual(['console', 'console', 'console']);
  });

  it('that are taken back before they are sent never happened', async () => {
    const { back } = await goOffline();
    const { operationIds } = value(addRange(core(), { ...wish, cidr: '192.0.2.1' }));
    await removeRange(core(), office);
    expect(world.mirror().ranges.map(({ cidr }) => cidr)).toEqual(['192.0.2.1/32']);
    for (const { id } of list()) value(undoOperation(core(), { id }));
    expect(world.mirror().ranges).toEqual([office]);
    expect(await world.console.settled(operationIds[0] ?? null)).toMatchObject({ outcome: 'undone' });
    await back();
    expect(await ranges()).toEqual([office]);
  });

  it('that somebody else’s edit was faster than show both sides, and mine can be kept', async () => {
    const { serviceBack } = await goOffline();
    value(updateRange(core(), { rangeId: office.id, version: office.version, changes: { label: 'Mine' } }));
    // Behind it on the same range, and beside it on another.
    value(addRange(core(), { ...wish, cidr: '192.0.2.9' }));
    await world.console.stop();
    await serviceBack();
    await world.service.api(`/v1/ranges/${office.id}`, { method: 'PATCH', body: { label: 'Theirs' } });
    world.startConsole();
    await waitFor('the conflict', () => world.mirror().sync.conflicts === 1);
    await waitFor('the other edit', async () => (await ranges()).length === 2);
    expect(onlyItem()).toMatchObject({
      base: { label: 'Office', version: 1 },
      mine: { label: 'Mine' },
      state: { kind: 'conflicted', code: 'stale', current: { label: 'Theirs', version: 2 } },
      undoable: false,
    });
    expect(world.mirror().ranges.find(({ id }) => id === office.id)).toMatchObject({ label: 'Theirs' });

    value(resolveOperation(core(), { id: onlyItem().id, resolution: { choice: 'keep_mine' } }));
    expect(world.mirror().ranges.find(({ id }) => id === office.id)).toMatchObject({ label: 'Mine' });
    await world.console.drained();
    expect((await ranges()).find(({ id }) => id === office.id)).toMatchObject({ label: 'Mine', version: 3 });
  });

  it('of a range that is gone meanwhile can bring it back, or let it go', async () => {
    const { serviceBack } = await goOffline();
    value(updateRange(core(), { rangeId: office.id, version: office.version, changes: { label: 'Mine' } }));
    await world.console.stop();
    await serviceBack();
    await world.service.api(`/v1/ranges/${office.id}`, { method: 'DELETE' });
    world.startConsole();
    await waitFor('the conflict', () => world.mirror().sync.conflicts === 1);
    expect(onlyItem()).toMatchObject({ state: { kind: 'conflicted', code: 'not_found', current: null } });
    value(resolveOperation(core(), { id: onlyItem().id, resolution: { choice: 'keep_mine' } }));
    await world.console.drained();
    expect(await ranges()).toMatchObject([{ cidr: '198.51.100.0/24', label: 'Mine' }]);
  });

  it('that add what is there already in another way are a conflict, and mine changes what is there', async () => {
    const { serviceBack } = await goOffline();
    value(addRange(core(), { ...wish, cidr: '192.0.2.1', label: 'Mine' }));
    await world.console.stop();
    await serviceBack();
    await world.service.api('/v1/ranges', { body: { cidr: '192.0.2.1', label: 'Theirs' } });
    world.startConsole();
    await waitFor('the conflict', () => world.mirror().sync.conflicts === 1);
    expect(onlyItem()).toMatchObject({ state: { code: 'duplicate', current: { label: 'Theirs' } } });
    value(resolveOperation(core(), { id: onlyItem().id, resolution: { choice: 'keep_mine' } }));
    await world.console.drained();
    expect((await ranges()).filter(({ cidr }) => cidr === '192.0.2.1/32')).toMatchObject([{ label: 'Mine' }]);
  });

  it('keep an account from being forgotten until they are discarded by name', async () => {
    await goOffline();
    value(addRange(core(), { ...wish, cidr: '192.0.2.1' }));
    expect(value(await forget(core(), { discardUnsent: false }))).toEqual({ forgotten: false, unsent: 1 });
    expect(list()).toHaveLength(1);
    expect(value(await forget(core(), { discardUnsent: true }))).toEqual({ forgotten: true, unsent: 1 });
    expect(world.mirror()).toMatchObject({
      account: null,
      connection: { kind: 'none' },
      sync: { waiting: 0 },
    });
    expect(world.console.log.text).toContain('outbox.discarded');
    world.replaceService(await startTestService());
  });

  it('wait while the token is refused, and go when there is a new one', async () => {
    const answer = await world.service.api('/v1/users', {
      body: { email: 'jo@example.com', role: 'user', permissions: ['authorized_ips'] },
    });
    const { id: userId } = answer.json as { id: string };
    const token = async (name: string) =>
      (await world.service.api(`/v1/users/${userId}/tokens`, { body: { name } })).json as {
        token: { id: string };
        secret: string;
      };
    const old = await token('old');
    value(await world.connectTo(world.service, old.secret));
    await world.console.reach('online');
    await world.service.api(`/v1/tokens/${old.token.id}`, { method: 'DELETE' });
    await waitFor('the edit to wait', () => {
      if (world.mirror().sync.waiting === 0) addRange(core(), { ...wish, cidr: '192.0.2.1' });
      return world.mirror().connection.kind === 'unauthorized';
    });
    expect(world.mirror().sync).toMatchObject({ waiting: 1, pausedBecause: 'signed_out' });
    value(await world.connectTo(world.service, (await token('new')).secret));
    await world.console.drained();
    expect((await ranges()).find(({ cidr }) => cidr === '192.0.2.1/32')).toMatchObject({
      createdBy: 'jo@example.com',
    });
  });

  it('that are not permitted any more are rejected', async () => {
    const users = await world.service.api('/v1/users', {
      body: { email: 'jo@example.com', role: 'user', permissions: ['authorized_ips'] },
    });
    const { id: userId } = users.json as { id: string };
    const { secret } = (await world.service.api(`/v1/users/${userId}/tokens`, { body: { name: 't' } }))
      .json as {
      secret: string;
    };
    value(await world.connectTo(world.service, secret));
    await world.console.reach('online');
    const { serviceBack } = await goOffline();
    value(addRange(core(), { ...wish, cidr: '192.0.2.1' }));
    await world.console.stop();
    await serviceBack();
    await world.service.api(`/v1/users/${userId}`, { method: 'PATCH', body: { permissions: [] } });
    world.startConsole();
    await waitFor('the edit to be rejected', () => world.mirror().sync.conflicts === 1);
    expect(onlyItem()).toMatchObject({ state: { kind: 'rejected', code: 'forbidden' } });
    value(resolveOperation(core(), { id: onlyItem().id, resolution: { choice: 'take_theirs' } }));
    expect(list()).toEqual([]);
  });
});

describe('an answer given offline', () => {
  it('comes second to another one, and says so', async () => {
    const { secret } = await world.service.createKey();
    await world.connectAndSync();
    await world.service.check(secret, '203.0.113.9');
    const review = await world.pendingReview();
    // Queued while the service is known not to answer, and decided elsewhere before it goes.
    const { connection } = core().replica;
    if (connection.kind !== 'online') throw new Error('not online');
    core().replica.setConnection({ ...connection, kind: 'unreachable', message: 'Pretended.' });
    const { operationId, range } = value(
      authorizeReview(core(), { reviewId: review.id, scope: 'subnet', thisKeyOnly: true }),
    );
    expect(range).toMatchObject({ cidr: '203.0.113.0/24', source: 'approval', keyId: review.keyId });
    // It only stands in for what the service will make.
    expect(await removeRange(core(), range)).toMatchObject({
      operationId: null,
      refused: [{ id: range.id }],
    });
    await world.service.api(`/v1/reviews/${review.id}/deny`, { body: { addDenyRange: true } });
    const end = await world.console.settled(operationId);
    expect(end).toMatchObject({
      outcome: 'undecided',
      kind: 'conflicted',
      code: 'already_decided',
      current: { status: 'denied' },
    });
    await waitFor('the denial', () => world.mirror().ranges.some(({ effect }) => effect === 'deny'));
    value(resolveOperation(core(), { id: onlyItem().id, resolution: { choice: 'keep_mine' } }));
    await world.console.drained();
    expect(await ranges()).toMatchObject([
      { cidr: '203.0.113.0/24', effect: 'authorize', keyId: review.keyId },
    ]);
    expect((await world.service.check(secret, '203.0.113.9')).status).toBe(200);
  });
});
