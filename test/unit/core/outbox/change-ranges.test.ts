import { beforeEach, describe, expect, it } from 'vitest';
import { changeRanges, restoreRanges } from '#electron/core/use-cases/change-ranges';
import type { Range } from '#shared/domain/entities';
import type { ChangeForMany } from '#shared/ipc/policy';
import { makeRange, newId, removal, upsert } from '#test/support/console/builders';
import { TEST_SERVICE } from '#test/support/console/memory-store';
import { applied } from '#test/support/console/outbox-builders';
import { sentIn, useOutboxWorld } from '#test/support/console/outbox-world';
import { value } from '#test/support/console/value';

const world = useOutboxWorld();
const { outbox, feed, next, online } = world;

const REMOVE = { kind: 'remove' } as const;
const LABEL = { kind: 'update', changes: { label: 'Partner' } } as const;
const END = { kind: 'update', changes: { expiresAt: '2030-01-31T00:00:00.000Z' } } as const;

let ranges: readonly Range[];
const core = () => ({ replica: world.replica, clock: world.clock, newId });
const shown = () => ranges.map(({ id }) => world.replica.view.range(id));

async function change(what: ChangeForMany) {
  const wanted = ranges.map(({ id: rangeId, version }) => ({ rangeId, version }));
  return value(await changeRanges(core(), { ranges: wanted, change: what }));
}

async function restore(operationIds: readonly string[]) {
  return value(await restoreRanges(core(), { ranges: [...ranges], operationIds: [...operationIds] }));
}

beforeEach(() => {
  ranges = ['203.0.113.9/32', '192.0.2.0/24', '10.0.0.0/8'].map((cidr) =>
    makeRange({ cidr, label: 'Office' }),
  );
  feed(...ranges.map((range) => upsert('range', range)));
  world.replica.setConnection({ kind: 'connecting', service: TEST_SERVICE });
});

describe('one change of many ranges', () => {
  it('is shown with one patch, and sent in one request', async () => {
    const before = world.replica.snapshot().version;
    const { operationIds, refused } = await change(LABEL);
    expect([operationIds.length, refused]).toEqual([3, []]);
    expect(shown().map((range) => range?.label)).toEqual(['Partner', 'Partner', 'Partner']);
    expect(world.replica.snapshot().version).toBe(before + 1);
    online();
    expect(sentIn(await next()).map(({ type }) => type)).toEqual(Array(3).fill('range.update'));
  });

  it.each<[string, ChangeForMany]>([
    ['removal', REMOVE],
    ['label', LABEL],
    ['end', END],
  ])('is taken back without a trace while it was not sent: %s', async (_what, what) => {
    const { operationIds } = await change(what);
    expect(shown()).not.toEqual(ranges);
    expect(await restore(operationIds)).toEqual({ refused: [], operationIds: [] });
    expect([shown(), outbox().size]).toEqual([ranges, 0]);
  });

  it('is taken back by an opposite one once it was sent', async () => {
    const { operationIds } = await change(REMOVE);
    online();
    const call = await next();
    call.answer({ results: sentIn(call).map((operation) => applied(operation)), cursor: 'c' });
    feed(...ranges.map(({ id }) => removal('range', id)));
    const restored = await restore(operationIds);
    expect(restored).toMatchObject({ refused: [], operationIds: { length: 3 } });
    const again = world.replica.snapshot().ranges.map(({ cidr, label }) => `${cidr} ${label}`);
    expect(again.toSorted()).toEqual(ranges.map(({ cidr, label }) => `${cidr} ${label}`).toSorted());
  });

  it('keeps what was changed before it and not sent', async () => {
    await change(LABEL);
    ranges = shown().map((range) => range ?? expect.unreachable());
    const { operationIds } = await change(END);
    await restore(operationIds);
    expect(shown().map((range) => [range?.label, range?.expiresAt])).toEqual(
      Array(3).fill(['Partner', null]),
    );
  });

  it('names those that somebody else changed, and changes the others', async () => {
    const [first, ...others] = ranges;
    if (first === undefined) throw new Error('no range');
    feed(upsert('range', { ...first, label: 'Elsewhere', version: 2 }));
    const { refused, operationIds } = await change(REMOVE);
    expect(refused.map(({ id }) => id)).toEqual([first.id]);
    expect(operationIds).toHaveLength(others.length);
    expect(shown().map((range) => range?.label)).toEqual(['Elsewhere', undefined, undefined]);
  });

  it('leaves out what is gone already', async () => {
    const [first] = ranges;
    feed(removal('range', first?.id ?? ''));
    expect(await change(REMOVE)).toMatchObject({ refused: [], operationIds: { length: 2 } });
  });
});
