import { describe, expect, it } from 'vitest';
import { auditMatches } from '#shared/domain/audit-filter';
import type { AuditEvent } from '#shared/domain/entities';
import type { AuditFilter, AuditPage } from '#shared/ipc/audit';
import { pageAudit } from '#electron/core/use-cases/page-audit';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { waitFor } from '#test/support/wait-for';

const world = useRemoteWorld();

const page = (filter: AuditFilter, cursor: string | null, limit: number) =>
  pageAudit(world.console.core, { filter, cursor, limit });

/** All pages, as a person sees them who scrolls to the end. */
async function readAll(filter: AuditFilter, limit: number): Promise<readonly AuditEvent[]> {
  const events: AuditEvent[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 200; pages += 1) {
    const { items, nextCursor }: AuditPage = value(await page(filter, cursor, limit));
    expect(items.length).toBeLessThanOrEqual(limit);
    events.push(...items);
    cursor = nextCursor;
    if (cursor === null) return events;
  }
  throw new Error('The trail has no end.');
}

async function truth(filter: AuditFilter): Promise<readonly AuditEvent[]> {
  const answer = await world.service.api('/v1/audit?limit=1000');
  return (answer.json as { items: AuditEvent[] }).items.filter((event) => auditMatches(filter, event));
}

const FILTERS: readonly AuditFilter[] = [
  {},
  { actorKind: 'user' },
  { actorKind: 'email' },
  { text: '192.0.2.1' },
  { text: 'range.remove', actorKind: 'user' },
];

/** Some dozen changes, made elsewhere, with the console connected and in step with them. */
async function makeHistory(): Promise<void> {
  for (let host = 1; host <= 12; host += 1) {
    const answer = await world.service.api('/v1/ranges', { body: { cidr: `192.0.2.${host}` } });
    const [range] = (answer.json as { items: { id: string }[] }).items;
    if (host % 3 === 0) await world.service.api(`/v1/ranges/${range?.id ?? ''}`, { method: 'DELETE' });
  }
  await world.connectAndSync();
  const { length } = await truth({});
  await waitFor('the trail', () => world.console.core.replica.store?.audit.count() === length);
}

describe('the pages of the audit trail', () => {
  it('have every event once, newest first, from the local store and from the service below it', async () => {
    await makeHistory();
    for (const filter of FILTERS) {
      expect(await readAll(filter, 5), JSON.stringify(filter)).toEqual(await truth(filter));
    }
    // As after years: only the newest events are here.
    const { store } = world.console.core.replica;
    if (store === null) throw new Error('no store is open');
    const from = (await truth({}))[6]?.id ?? '';
    store.database.run('DELETE FROM audit WHERE id < ?', [from]);
    store.syncState.write({ ...store.syncState.read(), auditCompleteFrom: from });
    await world.console.stop();
    world.startConsole();
    await world.console.reach('online');
    for (const filter of FILTERS) {
      for (const limit of [3, 7, 100]) {
        expect(await readAll(filter, limit), JSON.stringify(filter)).toEqual(await truth(filter));
      }
    }
  });

  it('have what happens now in their first place, and go on offline with what is here', async () => {
    await makeHistory();
    await world.service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'automatic' } });
    await waitFor('the event', async () => {
      const [first] = value(await page({}, null, 1)).items;
      return first?.action === 'mode.set' && first;
    });
    const expected = await truth({});
    await world.service.stop();
    await world.console.reach('unreachable');
    expect(await readAll({}, 5)).toEqual(expected);
  });

  it('do not end offline where the service has more', async () => {
    await makeHistory();
    const last = (await truth({})).at(-1)?.id ?? '';
    await world.service.stop();
    await world.console.reach('unreachable');
    expect(await page({}, `s.${last}`, 5)).toMatchObject({
      failure: {
        kind: 'unreachable',
        message: 'Older events are with the service, which is not reachable.',
      },
    });
    // Of the local store it is the end.
    expect(value(await page({}, `l.${last}`, 5))).toEqual({ items: [], nextCursor: null });
  });

  it('refuse a cursor that is none', async () => {
    await world.connectAndSync();
    expect(await page({}, 'nonsense', 5)).toMatchObject({ failure: { kind: 'invalid', field: 'cursor' } });
  });
});

describe('before the first connection', () => {
  it('the trail is unknown, not empty', async () => {
    expect(await page({}, null, 5)).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
  });
});
