import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChangesResponse } from '#shared/api/contract';
import { type AuditFilter, auditMatches } from '#shared/domain/audit-filter';
import type { AuditEvent } from '#shared/domain/entities';
import { AuditStore } from '#electron/core/store/audit';
import { Replica } from '#electron/core/sync/replica';
import { makeAccount, makeAuditEvent, makeRange, upsert } from '#test/support/console/builders';
import { RecordingPublisher } from '#test/support/console/fakes';
import { memoryDatabase, MemoryStores, TEST_SERVICE } from '#test/support/console/memory-store';
import { allPages } from '#test/support/console/all-pages';

const all = { before: null, from: null, limit: 10_000 };
const idsOf = (events: readonly AuditEvent[]): readonly string[] => events.map(({ id }) => id);

const eventArbitrary = fc
  .record({
    actor: fc.constantFrom<AuditEvent['actor']>(
      { kind: 'user', name: 'anna@example.com' },
      { kind: 'email', name: 'ÖZIL@example.com' },
      { kind: 'system', name: 'Gatehouse' },
    ),
    action: fc.constantFrom('range.add', 'mode.set'),
    before: fc.constantFrom(null, { mode: 'manual' }, { cidr: '10.0.0.0/8', label: 'Büro_1' }),
    after: fc.constantFrom(null, { mode: 'automatic' }, { keyId: null, uses: 12_345 }),
  })
  .map((fields) => makeAuditEvent(fields));

const filterArbitrary: fc.Arbitrary<AuditFilter> = fc.record(
  {
    actorKind: fc.constantFrom('user', 'email', 'system'),
    text: fc.constantFrom('anna', ' özil ', 'MODE.SET', 'büro_', '%', '10.0', '2345', 'cidr', 'nothing', ''),
  },
  { requiredKeys: [] },
);

describe('the local audit trail', () => {
  it('finds in SQL what the filter lets through, newest first, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(eventArbitrary, { maxLength: 25 }),
        filterArbitrary,
        fc.integer({ min: 1, max: 7 }),
        async (events, filter, limit) => {
          const trail = new AuditStore(memoryDatabase());
          for (const event of events) trail.put(event, 1);
          const found = await allPages(limit, (before) => trail.page(filter, { before, from: null, limit }));
          expect(found).toEqual(events.filter((event) => auditMatches(filter, event)).reverse());
        },
      ),
      { numRuns: 150 },
    );
  });

  it('keeps the newest events within its bound', () => {
    const trail = new AuditStore(memoryDatabase(), 100);
    const events = Array.from({ length: 351 }, () => makeAuditEvent());
    for (const event of events.slice(0, 350)) trail.put(event, 1);
    expect(trail.trim()).toBeNull();
    trail.put(events[350] ?? makeAuditEvent(), 1);
    expect(trail.trim()).toBe(events[251]?.id);
    expect(idsOf(trail.page({}, all))).toEqual(idsOf(events.slice(251)).toReversed());
  });
});

describe('the audit trail in the feed', () => {
  const account = makeAccount();
  let stores: MemoryStores;
  let publisher: RecordingPublisher;
  let replica: Replica;
  let answers: number;

  const apply = (fields: Partial<ChangesResponse>): void => {
    answers += 1;
    replica.applyAnswer(
      { cursor: `c${answers}`, reset: false, changes: [], more: false, ...fields },
      answers,
    );
  };
  const fourEvents = () => [makeAuditEvent(), makeAuditEvent(), makeAuditEvent(), makeAuditEvent()] as const;
  const changesOf = (events: readonly AuditEvent[]) => events.map((event) => upsert('audit', event));
  const kept = (): readonly string[] => idsOf(replica.store?.audit.page({}, all) ?? []);

  beforeEach(() => {
    stores = new MemoryStores();
    publisher = new RecordingPublisher();
    replica = new Replica(stores, publisher);
    answers = 0;
    replica.adopt(TEST_SERVICE, account);
  });

  it('is kept, told to the windows once, and there again after a restart', () => {
    const events = [makeAuditEvent(), makeAuditEvent()];
    apply({ reset: true, changes: changesOf(events) });
    apply({ changes: changesOf(events.slice(1)) });
    const told = publisher.payloads('audit.added') as readonly { readonly items: readonly AuditEvent[] }[];
    expect(told.map(({ items }) => idsOf(items))).toEqual([idsOf(events).toReversed()]);
    replica = new Replica(stores, publisher);
    replica.open(TEST_SERVICE, account.id);
    expect(kept()).toEqual(idsOf(events).toReversed());
    expect(replica.mirror.state.auditCompleteFrom).toBe(events[0]?.id);
  });

  it('survives a snapshot, which has the newest events only, and is complete from there on', () => {
    const [first, second, third, fourth] = fourEvents();
    apply({ reset: true, changes: changesOf([first, second]) });
    apply({ changes: changesOf([third]) });
    apply({ reset: true, more: true, changes: [upsert('range', makeRange())] });
    expect(replica.mirror.state.auditCompleteFrom).toBeNull();
    expect(kept()).toHaveLength(3);
    apply({ changes: changesOf([third, fourth]) });
    expect(kept()).toEqual(idsOf([fourth, third, second, first]));
    expect(replica.mirror.state.auditCompleteFrom).toBe(third.id);
  });

  it('loses what the service does not have any more, as after a backup was put back', () => {
    const [first, second, third] = fourEvents();
    apply({ reset: true, changes: changesOf([first, second]) });
    apply({ reset: true, changes: changesOf([first, third]) });
    expect(kept()).toEqual(idsOf([third, first]));
  });

  it('is not counted for each answer without news of it', () => {
    const { audit } = replica.store ?? {};
    if (audit === undefined) throw new Error('no store is open');
    const trim = vi.spyOn(audit, 'trim');
    apply({ reset: true, changes: [upsert('range', makeRange())] });
    expect(trim).not.toHaveBeenCalled();
    apply({ changes: changesOf([makeAuditEvent()]) });
    expect(trim).toHaveBeenCalledOnce();
  });

  it('is complete when the service has none', () => {
    apply({ reset: true });
    expect(replica.mirror.state.auditCompleteFrom).toBe('');
  });
});
