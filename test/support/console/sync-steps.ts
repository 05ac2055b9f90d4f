import { isUndecided } from '#shared/domain/outbox';
import fc from 'fast-check';
import type { Range, Review } from '#shared/domain/entities';
import { addRange } from '#electron/core/use-cases/add-range';
import { authorizeReview } from '#electron/core/use-cases/authorize-review';
import { resolveOperation, undoOperation } from '#electron/core/use-cases/decide-operation';
import { denyReview } from '#electron/core/use-cases/deny-review';
import { setMode } from '#electron/core/use-cases/set-mode';
import { undoAnswer } from '#electron/core/use-cases/undo-answer';
import { updateRange } from '#electron/core/use-cases/update-range';
import type { TestService } from '../service/test-service';
import { removeRange } from './remove-range';
import type { SyncConsole } from './sync-console';
import type { SyncWorld } from './sync-world';

/** The steps of a schedule, and their execution. */

/** Two consoles of the owner, and one of another user. */
const who = fc.nat(2);
const weather = fc.oneof(
  { weight: 6, arbitrary: fc.constant('fine' as const) },
  { weight: 4, arbitrary: fc.constantFrom('lost_before', 'lost_after', 'twice', 'echo') },
);
const edit = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      cidr: fc.constantFrom(
        '198.51.100.0/24',
        '198.51.100.8',
        '203.0.113.0/27',
        '2001:db8::/48',
        '0.0.0.0/0',
        '192.0.2.1-192.0.2.3',
      ),
      effect: fc.constantFrom('authorize' as const, 'deny' as const),
      label: fc.constantFrom('', 'Office'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('update' as const),
      which: fc.nat(9),
      changes: fc.constantFrom(
        { label: 'Mine' },
        { label: 'Other' },
        { effect: 'deny' as const },
        { effect: 'authorize' as const },
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), which: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('mode' as const),
      mode: fc.constantFrom('automatic' as const, 'manual' as const, 'deactivated' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      which: fc.nat(2),
      scope: fc.constantFrom('address' as const, 'subnet' as const, null),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take back' as const), which: fc.nat(2) }) },
);
/** Steps in which a console writes. */
const writing = fc.oneof(
  { weight: 14, arbitrary: fc.record({ kind: fc.constant('edit' as const), who, edit }) },
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), who, index: fc.nat(3), weather }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo' as const), who, which: fc.nat(4) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('resolve' as const),
      who,
      which: fc.nat(4),
      choice: fc.constantFrom('keep_mine' as const, 'take_theirs' as const),
    }),
  },
);
export const step = fc.oneof(
  { weight: 26, arbitrary: writing },
  {
    weight: 3,
    arbitrary: writing.map((during) => ({
      kind: 'crash between journal and database' as const,
      who: during.who,
      during,
    })),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.constantFrom(60, 1_000, 5_000, 31_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('elsewhere' as const),
      which: fc.nat(9),
      how: fc.constantFrom('label', 'remove', 'add'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sign in' as const), who, as: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('adopt' as const), who, which: fc.nat(4), keep: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'wait' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'service restarts' as const }) },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function byCidr(a: Range, b: Range): number {
  return a.cidr === b.cidr ? (a.effect < b.effect ? -1 : 1) : a.cidr < b.cidr ? -1 : 1;
}

function byIp(a: Review, b: Review): number {
  return a.ip < b.ip ? -1 : 1;
}

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items[index % Math.max(1, items.length)];
}

/** Makes a change as a person at this console would. Returns the ids of its operations. */
async function make(at: SyncConsole, edit: Edit): Promise<readonly (string | null)[]> {
  const { core } = at;
  const shown = core.replica.snapshot();
  switch (edit.do) {
    case 'add': {
      const { cidr, effect, label } = edit;
      const outcome = addRange(core, { cidr, effect, label, keyId: null, expiresAt: null, allowWide: true });
      return outcome.ok ? outcome.value.operationIds : [];
    }
    case 'update': {
      const range = pick(shown.ranges.toSorted(byCidr), edit.which);
      if (range === undefined) return [];
      const { id: rangeId, version } = range;
      const outcome = updateRange(core, { rangeId, version, changes: edit.changes });
      return outcome.ok ? [outcome.value.operationId] : [];
    }
    case 'remove': {
      const range = pick(shown.ranges.toSorted(byCidr), edit.which);
      if (range === undefined) return [];
      const { refused, operationId } = await removeRange(core, range);
      return refused.length === 0 ? [operationId] : [];
    }
    case 'mode': {
      const outcome = setMode(core, { mode: edit.mode });
      return outcome.ok ? [outcome.value.operationId] : [];
    }
    case 'answer': {
      const review = pick(shown.reviews.filter(({ status }) => status === 'pending').sort(byIp), edit.which);
      if (review === undefined) return [];
      const { id: reviewId } = review;
      if (edit.scope === null) {
        const outcome = await denyReview(core, { reviewId, addDenyRange: true, rotateKey: false });
        return outcome.ok && outcome.value.kind === 'queued' ? [outcome.value.operationId] : [];
      }
      const outcome = authorizeReview(core, { reviewId, scope: edit.scope, thisKeyOnly: false });
      return outcome.ok ? [outcome.value.operationId] : [];
    }
    case 'take back': {
      const isAnswered = ({ status }: Review): boolean => status === 'authorized' || status === 'denied';
      const answered = shown.reviews.filter(isAnswered);
      // The newest reviews are those of this schedule.
      const review = pick(
        answered.sort((a, b) => (a.id < b.id ? 1 : -1)),
        edit.which,
      );
      if (review === undefined) return [];
      const outcome = undoAnswer(core, { reviewId: review.id, operationId: null });
      return outcome.ok ? [outcome.value.operationId] : [];
    }
  }
}

/** Makes a change through the API, without a console. */
async function elsewhere(api: TestService, which: number, how: string): Promise<void> {
  if (how === 'add') {
    await api.api('/v1/ranges', { body: { cidr: '198.51.100.8', label: 'Script' } });
    return;
  }
  const { items } = (await api.api('/v1/ranges?limit=1000')).json as { items: Range[] };
  const range = pick(items.sort(byCidr), which);
  if (range === undefined) return;
  const path = `/v1/ranges/${range.id}`;
  if (how === 'remove') await api.api(path, { method: 'DELETE' });
  else await api.api(path, { method: 'PATCH', body: { label: 'Theirs' } });
}

/** Executes one step. Records the operations that a console returned in it. */
export async function take(world: SyncWorld, next: Step): Promise<void> {
  const at = 'who' in next ? world.consoles[next.who] : undefined;
  switch (next.kind) {
    case 'edit':
      if (at === undefined) return;
      at.accept(await make(at, next.edit));
      // The loops notice it before the next step.
      await world.advance(0);
      return;
    case 'deliver':
      await at?.deliver(next.index, next.weather);
      return;
    case 'pass':
      await world.advance(next.ms);
      return;
    case 'elsewhere':
      await elsewhere(world.service, next.which, next.how);
      return;
    case 'crash':
      await at?.crash();
      return;
    case 'crash between journal and database':
      await at?.crashDuring(() => take(world, next.during));
      return;
    case 'restart':
      await at?.restart();
      return;
    case 'undo': {
      const queued = at === undefined ? undefined : pick(at.outbox?.all() ?? [], next.which);
      if (at !== undefined && queued !== undefined) undoOperation(at.core, { id: queued.operation.id });
      return;
    }
    case 'resolve': {
      const undecided = at?.outbox?.all().filter(({ state }) => isUndecided(state)) ?? [];
      const queued = pick(undecided, next.which);
      if (at === undefined || queued === undefined) return;
      resolveOperation(at.core, { id: queued.operation.id, resolution: { choice: next.choice } });
      at.look();
      return;
    }
    case 'sign in':
      await at?.signIn(world.secrets[next.as] ?? '');
      return;
    case 'adopt': {
      const theirs = at?.outbox?.all().filter((queued) => at.outbox?.isOthers(queued) === true) ?? [];
      const queued = pick(theirs, next.which);
      if (queued !== undefined) at?.decideOthers([queued.operation.id], next.keep);
      return;
    }
    case 'wait':
      await world.advance(16 * 60_000);
      return;
    case 'service restarts':
      // Within one millisecond the ids before and after a start have no order, and so the trail has none.
      await world.advance(1);
      await world.service.restart();
      return;
  }
}
