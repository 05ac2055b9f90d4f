import { beforeEach, describe, expect, it } from 'vitest';
import { addRange } from '#electron/core/use-cases/add-range';
import { authorizeReview } from '#electron/core/use-cases/authorize-review';
import { confirmOperation, resolveOperation, undoOperation } from '#electron/core/use-cases/decide-operation';
import { listOutbox } from '#electron/core/use-cases/list-outbox';
import { adoptOperations, discardOperations } from '#electron/core/use-cases/others-operations';
import { setMode } from '#electron/core/use-cases/set-mode';
import { undoAnswer } from '#electron/core/use-cases/undo-answer';
import { updateRange } from '#electron/core/use-cases/update-range';
import type { AuditEvent, Range, Review } from '#shared/domain/entities';
import type { ListedOperation } from '#shared/ipc/outbox';
import { removeRange } from '#test/support/console/remove-range';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { addPerson, type Person } from '#test/support/service/people';
import { waitFor } from '#test/support/wait-for';

const world = useRemoteWorld();

const wish = { effect: 'authorize', label: '', keyId: null, expiresAt: null, allowWide: false } as const;
const core = () => world.console.core;
const outbox = () => {
  const { outbox: opened } = core().replica;
  if (opened === null) throw new Error('no outbox');
  return opened;
};
const list = (): ListedOperation[] => value(listOutbox(core()));
const idsOf = (items: readonly ListedOperation[]): string[] => items.map(({ id }) => id);
const ranges = async (): Promise<Range[]> =>
  ((await world.service.api('/v1/ranges')).json as { items: Range[] }).items;
const trailOf = async (cidr: string): Promise<AuditEvent[]> => {
  const { items } = (await world.service.api('/v1/audit')).json as { items: AuditEvent[] };
  return items.filter(({ after }) => (after as Partial<Range> | null)?.cidr === cidr);
};
const signIn = async (person: Pick<Person, 'secret'> | null): Promise<void> => {
  value(await world.connectTo(world.service, person?.secret));
  await world.console.reach('online');
};
/** Everything that this console can do by itself is done. */
const rest = (): Promise<unknown> =>
  waitFor('nothing to be on its way', () => {
    const { waiting } = outbox().counts();
    return waiting === 0 && outbox().awaited.size === 0;
  });

describe('edits of somebody else', () => {
  let gone: Person;
  let office: Range;
  beforeEach(async () => {
    gone = await addPerson(world.service, { permissions: ['authorized_ips'] });
    await world.service.api('/v1/ranges', { body: { cidr: '198.51.100.0/24', label: 'Office' } });
    const [range] = await ranges();
    if (range === undefined) throw new Error('no range');
    office = range;
    await signIn(gone);
    await waitFor('the range', () => world.mirror().ranges.length === 1);
    await world.service.api(`/v1/users/${gone.user.id}`, { method: 'DELETE' });
    await world.console.reach('unauthorized');
  });

  it('are not sent with the next person’s authority, nor shown as done; each says who made it and when', async () => {
    value(addRange(core(), { ...wish, cidr: '203.0.113.9', label: 'Mine' }));
    expect(world.mirror().ranges.map(({ label }) => label)).toContain('Mine');
    expect(world.mirror().sync).toMatchObject({ waiting: 1, others: 0 });

    await signIn(null);
    await world.console.synced();
    expect(world.mirror().sync).toMatchObject({ waiting: 0, others: 1, pausedBecause: null });
    expect(world.mirror().ranges.map(({ label }) => label)).toEqual(['Office']);
    expect(list()).toMatchObject([
      {
        operation: { authorId: gone.user.id },
        by: { email: gone.user.email },
        mine: { createdBy: gone.user.email },
        state: { kind: 'waiting', behind: null },
        undoable: false,
      },
    ]);
    // Nor is it after a restart.
    await world.console.stop();
    world.startConsole();
    await signIn(null);
    await world.console.synced();
    const own = value(setMode(core(), { mode: 'automatic' }));
    await world.console.settled(own.operationId);
    expect(list()).toHaveLength(1);
    expect((await ranges()).map(({ label }) => label)).toEqual(['Office']);
  });

  it('hold nothing up, and merge with nothing', async () => {
    value(updateRange(core(), { rangeId: office.id, version: 1, changes: { label: 'Theirs' } }));
    await signIn(null);
    const { id, version } = world.mirror().ranges[0] ?? office;
    const own = value(updateRange(core(), { rangeId: id, version, changes: { label: 'Own' } }));
    expect(await world.console.settled(own.operationId)).toMatchObject({ outcome: 'applied' });
    expect(list()).toMatchObject([{ by: { email: gone.user.email } }]);
    expect(await ranges()).toMatchObject([{ label: 'Own', version: 2 }]);
  });

  it('cannot be undone, confirmed or resolved by others, but adopted, all at once, in their order', async () => {
    const added = value(addRange(core(), { ...wish, cidr: '203.0.113.9', label: 'Draft' }));
    const range = added.ranges[0] ?? office;
    await removeRange(core(), { id: office.id, version: 1 });
    value(setMode(core(), { mode: 'deactivated' }));
    await signIn(null);
    const [first = ''] = idsOf(list());
    const refused = { ok: false, failure: { code: 'of_another_user' } };
    expect(undoOperation(core(), { id: first })).toMatchObject(refused);
    expect(confirmOperation(core(), { id: first })).toMatchObject(refused);
    const resolution = { choice: 'keep_mine' } as const;
    expect(resolveOperation(core(), { id: first, resolution })).toMatchObject(refused);

    value(adoptOperations(core(), { ids: idsOf(list()) }));
    await rest();
    expect(list()).toEqual([]);
    expect(await ranges()).toMatchObject([
      { id: range.id, cidr: '203.0.113.9/32', createdBy: 'owner@example.com' },
    ]);
    expect((await trailOf('203.0.113.9/32')).map(({ actor }) => actor.name)).toEqual(['owner@example.com']);
    expect(world.mirror().account?.mode).toBe('deactivated');
  });

  it('are discarded without a trace at the service', async () => {
    value(addRange(core(), { ...wish, cidr: '203.0.113.9' }));
    value(addRange(core(), { ...wish, cidr: '203.0.113.10' }));
    await signIn(null);
    const [first = '', second = ''] = idsOf(list());
    value(discardOperations(core(), { ids: [first] }));
    expect(idsOf(list())).toEqual([second]);
    value(adoptOperations(core(), { ids: [second] }));
    await rest();
    expect((await ranges()).map(({ cidr }) => cidr).sort()).toEqual(['198.51.100.0/24', '203.0.113.10/32']);
  });

  it('go as soon as their author is signed in again, and not those of the person between', async () => {
    const author = await addPerson(world.service, { permissions: ['authorized_ips'] });
    await signIn(author);
    const { service } = world;
    await service.api(`/v1/tokens/${author.token.id}`, { method: 'DELETE' });
    await world.console.reach('unauthorized');
    value(addRange(core(), { ...wish, cidr: '203.0.113.9' }));
    const reader = await addPerson(service);
    await signIn(reader);
    // A person who may only read adopts nothing.
    expect(adoptOperations(core(), { ids: idsOf(list()) })).toMatchObject({
      ok: false,
      failure: { kind: 'forbidden' },
    });
    const again = await service.api(`/v1/users/${author.user.id}/tokens`, { body: { name: 'New' } });
    await signIn(again.json as { secret: string });
    await rest();
    expect(await trailOf('203.0.113.9/32')).toMatchObject([{ actor: { name: author.user.email } }]);
    expect(list()).toEqual([]);
  });

  it('that answered a review leave it open, and are not taken back by others', async () => {
    const { secret } = await world.service.createKey();
    await signIn(null);
    await world.service.check(secret, '203.0.113.77');
    const review = await world.pendingReview();
    const author = await addPerson(world.service, { permissions: ['authorized_ips'] });
    await signIn(author);
    await waitFor('the review', () => core().replica.view.review(review.id));
    await world.service.api(`/v1/tokens/${author.token.id}`, { method: 'DELETE' });
    await world.console.reach('unauthorized');
    const request = { reviewId: review.id, scope: 'address', thisKeyOnly: false } as const;
    const { operationId } = value(authorizeReview(core(), request));
    const shown = (): Review | undefined => core().replica.view.review(review.id);
    expect(shown()).toMatchObject({ status: 'authorized', decidedBy: author.user.email });

    await signIn(null);
    expect(shown()).toMatchObject({ status: 'pending' });
    expect(value(undoAnswer(core(), { reviewId: review.id, operationId }))).toEqual({ operationId: null });
    expect(idsOf(list())).toEqual([operationId]);
    const own = value(authorizeReview(core(), request));
    expect(await world.console.settled(own.operationId)).toMatchObject({
      entity: { decidedBy: 'owner@example.com' },
    });
  });
});
