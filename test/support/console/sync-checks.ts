import { isUndecided } from '#shared/domain/outbox';
import { expect } from 'vitest';
import { resolveOperation } from '#electron/core/use-cases/decide-operation';
import type { SyncWorld } from './sync-world';

/** Decides every conflicted or rejected operation, and applies it. */
export async function decideEverything(world: SyncWorld): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    await world.heal();
    const others = world.consoles.filter((at) => (at.outbox?.counts().others ?? 0) > 0);
    for (const [index, at] of others.entries()) {
      const theirs = at.outbox?.all().filter((queued) => at.outbox?.isOthers(queued) === true) ?? [];
      at.decideOthers(
        theirs.map(({ operation }) => operation.id),
        index % 2 === 0,
      );
    }
    if (others.length > 0) await world.heal();
    const undecided = world.consoles.flatMap((at) =>
      (at.outbox?.all() ?? []).filter(({ state }) => isUndecided(state)).map((queued) => ({ at, queued })),
    );
    if (undecided.length === 0) return;
    for (const [index, { at, queued }] of undecided.entries()) {
      const choice = round < 4 && index % 2 === 0 ? 'keep_mine' : 'take_theirs';
      const outcome = resolveOperation(at.core, { id: queued.operation.id, resolution: { choice } });
      expect(outcome, `resolving ${JSON.stringify(queued)}`).toMatchObject({ ok: true });
      at.look();
    }
  }
  throw new Error(`there is always something to decide: ${world.describe()}`);
}

function sorted<T extends { readonly id: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Checks the invariants at the end of every schedule. */
export async function checkEnd(world: SyncWorld): Promise<void> {
  expect(world.contradictions).toEqual([]);
  const truth = await world.truth();
  for (const { core, secret } of world.consoles) {
    const { replica } = core;
    const shown = replica.snapshot();
    expect(sorted(replica.mirrored('range'))).toEqual(sorted(truth.ranges));
    expect(sorted(shown.ranges)).toEqual(sorted(truth.ranges));
    const known = new Set(shown.reviews.map(({ id }) => id));
    expect(sorted(shown.reviews)).toEqual(sorted(truth.reviews.filter(({ id }) => known.has(id))));
    expect(shown.account).toEqual(await world.accountAs(secret));
    expect(shown.sync).toMatchObject({
      waiting: 0,
      conflicts: 0,
      needsConfirmation: 0,
      others: 0,
      pausedBecause: null,
    });
  }

  // Every operation that was returned has settled, and undone ones never reached the service.
  for (const { accepted, settled, disowned } of world.consoles) {
    const ends = new Map(settled.map(({ id, outcome }) => [id, outcome]));
    for (const id of accepted) {
      const result = world.results.get(id);
      const end = ends.get(id);
      expect(end, `the end of ${id}`).toBeDefined();
      if (end === 'applied') expect(['applied', 'duplicate', 'conflict']).toContain(result?.status);
    }
    for (const { id, outcome } of settled) {
      if (outcome !== 'undone' || disowned.has(id)) continue;
      expect(world.results.get(id)?.status ?? 'unsent', `${id} was undone`).not.toBe('applied');
    }
  }

  // Each applied operation has one change of a kind in the trail, the others none.
  const trail = await world.trail();
  for (const { authors } of world.consoles) {
    for (const { operationId, actor } of trail) {
      if (operationId !== null && authors.has(operationId)) expect(actor.name).toBe(authors.get(operationId));
    }
  }
  const seen = new Set<string>();
  for (const { operationId, action, target } of trail) {
    const change = `${operationId ?? ''} ${action} ${target}`;
    expect(seen, 'a second effect').not.toContain(change);
    seen.add(change);
    expect(world.results.get(operationId ?? '')?.status).toBe('applied');
  }
  const changed = new Set(trail.map(({ operationId }) => operationId));
  for (const { id, status, entity } of world.results.values()) {
    // Setting the current mode again changes nothing; every other applied operation leaves a trace.
    const isMode = entity !== null && entity !== undefined && 'mode' in entity;
    if (status === 'applied' && !isMode) expect(changed, `the trace of ${id}`).toContain(id);
  }

  // The order holds for each console and each entity.
  const order = new Map(trail.map(({ operationId }, position) => [operationId ?? '', position]));
  for (const at of world.consoles) {
    const mine = [...at.positions].filter(([id]) => order.has(id)).sort((a, b) => a[1] - b[1]);
    for (const [index, [id]] of mine.entries()) {
      const subject = at.subjects.get(id) ?? id;
      // The replacement of a rejected operation may have another subject, whose own operations did not wait for it.
      const gone = at.goneBefore.get(id);
      const behind = mine.slice(index + 1).filter(([later]) => at.subjects.get(later) === subject);
      for (const [later] of behind.filter(([other]) => gone?.has(other) !== true)) {
        expect(order.get(later), `${subject} in order`).toBeGreaterThan(order.get(id) ?? -1);
      }
    }
  }
}
