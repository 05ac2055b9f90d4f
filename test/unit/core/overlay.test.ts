import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Range } from '#shared/domain/entities';
import { identityText } from '#shared/domain/policy-state';
import { Overlay } from '#electron/core/sync/overlay';
import { RangeTable } from '#electron/core/sync/range-table';
import { Draft, emptyTables, type MirrorTables } from '#electron/core/sync/tables';
import { makeRange } from '#test/support/console/builders';
import { adding, makeQueuedOperation, removing, updating } from '#test/support/console/outbox-builders';

const IDS = ['a', 'b', 'c', 'd'] as const;
const CIDRS = ['192.0.2.1/32', '192.0.2.2/32', '192.0.2.3/32', '192.0.2.4/32', '192.0.2.5/32'] as const;

const rowOf = (range: Range) => ({ value: range, generation: 1 });
const tablesWith = (ranges: readonly Range[]): MirrorTables => {
  const tables = emptyTables();
  for (const range of ranges) tables.range.set(range.id, rowOf(range));
  return tables;
};
const sayTheSame = (ranges: Iterable<Range>, cidr: string): readonly string[] =>
  [...ranges]
    .filter((range) => identityText(range) === identityText(makeRange({ cidr })))
    .map(({ id }) => id);

describe('the ranges of the mirror, by what they say', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ put: fc.constantFrom(...IDS), cidr: fc.constantFrom(...CIDRS) }) },
    { weight: 3, arbitrary: fc.record({ remove: fc.constantFrom(...IDS) }) },
    { weight: 1, arbitrary: fc.constant({ clear: true } as const) },
  );

  it('are found as a walk over all of them finds them, whatever has happened', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const table = new RangeTable();
        for (const each of steps) {
          if ('put' in each) {
            // An account has no range twice.
            const taken = [...table.values()].some(({ value }) => value.cidr === each.cidr);
            if (!taken) table.set(each.put, rowOf(makeRange({ id: each.put, cidr: each.cidr })));
          } else if ('remove' in each) table.delete(each.remove);
          else table.clear();
          const ranges = [...table.values()].map(({ value }) => value);
          for (const cidr of CIDRS) {
            expect([table.same(makeRange({ cidr }))]).toEqual([sayTheSame(ranges, cidr)[0]]);
          }
        }
      }),
    );
  });

  it('are one of two that say the same for a while, and the other when that goes', () => {
    const [old, fresh] = [makeRange(), makeRange()];
    const { range } = tablesWith([old]);
    expect(range.same(old)).toBe(old.id);
    range.set(fresh.id, rowOf(fresh));
    range.delete(old.id);
    expect(range.same(old)).toBe(fresh.id);
  });
});

describe('what is shown', () => {
  it('has each range by what it says, also what edits have added, changed and removed', () => {
    const edit = fc.record({
      kind: fc.constantFrom('add', 'change', 'remove'),
      id: fc.constantFrom(...IDS),
      label: fc.constantFrom('x', 'y'),
      cidr: fc.constantFrom(...CIDRS),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
        const ranges = IDS.slice(0, 3).map((id, index) => makeRange({ id, cidr: CIDRS[index] ?? '' }));
        const overlay = new Overlay(tablesWith(ranges));
        for (const { kind, id, label, cidr } of edits) {
          const range = overlay.range(id);
          if (kind === 'add') overlay.push(makeQueuedOperation(adding({ cidr })));
          else if (range !== undefined) {
            overlay.push(
              makeQueuedOperation(kind === 'change' ? updating(range, { label }) : removing(range)),
            );
          }
          for (const wanted of CIDRS) {
            const found = overlay.same(makeRange({ cidr: wanted }));
            expect(found === undefined ? [] : [found.id]).toEqual(sayTheSame(overlay.ranges(), wanted));
          }
        }
      }),
    );
  });

  it('is looked up without a walk over all ranges after each answer of the service', () => {
    const tables = tablesWith([makeRange()]);
    const wanted = makeRange({ cidr: '192.0.2.9/32' });
    const walk = vi.spyOn(tables.range, Symbol.iterator);
    expect(new Overlay(tables).same(wanted)).toBeUndefined();
    const draft = new Draft(tables);
    draft.put('range', rowOf(wanted));
    draft.apply();
    expect(new Overlay(tables).same(wanted)).toEqual(wanted);
    expect(walk).toHaveBeenCalledOnce();
  });
});
