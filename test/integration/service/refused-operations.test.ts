import { ulid } from 'ulid';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OperationResult } from '#shared/api/routes-operations';
import type { Range } from '#shared/domain/entities';
import { addPerson, type Person } from '#test/support/service/people';
import { openTestStorage, stopTestDatabases } from '#test/support/service/test-database';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const NOBODY = '01M86AYXYC6M773ZV322JMJGX2';
const madeAt = new Date().toISOString();
const op = (type: string, fields: object = {}) => ({ id: ulid(), type, madeAt, ...fields });

afterAll(stopTestDatabases);

describe('operations that are refused', () => {
  let service: TestService;
  let dataDir: string;
  beforeEach(async () => {
    dataDir = makeTempDir('refused');
    service = await startTestService({ dataDir });
  });
  afterEach(async () => {
    await service.stop();
    removeTempDir(dataDir);
  });

  const sendAs = async (
    who: TestService | Person,
    operations: readonly object[],
  ): Promise<OperationResult[]> => {
    const answer = await who.api('/v1/operations', { body: { operations } });
    expect(answer.status, answer.text).toBe(200);
    return (answer.json as { results: OperationResult[] }).results;
  };
  /** Transactions that the service has written so far. */
  const writes = async (): Promise<number> => {
    const { text } = await service.api('/metrics');
    return Number(/^gatehouse_feed_lag_seconds_count (\d+)$/m.exec(text)?.[1]);
  };
  const kept = async (operations: readonly { id: string }[]): Promise<string[]> => {
    const accountId = ((await service.api('/v1/account')).json as { id: string }).id;
    let rows: readonly { id: string }[] = [];
    await service.stop();
    const storage = await openTestStorage(dataDir);
    try {
      rows = await storage.read.operations.among(
        accountId,
        operations.map(({ id }) => id),
      );
    } finally {
      await storage.close();
      service = await startTestService({ dataDir });
    }
    return rows.map(({ id }) => id).sort();
  };

  it('because their author may only read write nothing at all, and are evaluated anew', async () => {
    const reader = await addPerson(service);
    const operations = [
      ...Array.from({ length: 497 }, (_, n) => op('range.add', { cidr: `10.0.${n >> 8}.${n & 255}` })),
      op('range.burn'),
      op('mode.set', { mode: 'deactivated' }),
      op('review.deny', { reviewId: NOBODY }),
    ];
    // Its first call also notes when the token was used.
    await reader.api('/v1/account');
    const before = await writes();
    const results = await sendAs(reader, operations);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(results[0]).toMatchObject({ code: 'forbidden' });
    // The service writes little by itself meanwhile.
    expect(await writes()).toBeLessThan(before + 20);

    await service.api(`/v1/users/${reader.user.id}`, {
      method: 'PATCH',
      body: { permissions: ['authorized_ips'] },
    });
    const [first] = operations;
    expect(await sendAs(reader, operations.slice(0, 1))).toMatchObject([{ status: 'applied' }]);
    expect(await kept(operations)).toEqual([first?.id]);
  });

  it('because they cannot be read, or come too late, write nothing either', async () => {
    const before = await writes();
    const expiresAt = new Date(Date.now() - 1).toISOString();
    const operations = Array.from({ length: 200 }, () => [
      op('range.add', { cidr: '192.0.2.1', expiresAt }),
      op('range.add', {}),
    ]).flat();
    const results = await sendAs(service, operations);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['expired', 'rejected']));
    expect(await writes()).toBeLessThan(before + 20);
    expect(await kept(operations)).toEqual([]);
  });

  it('because of what is there are not kept; those that had an effect, or had nothing left to do, are', async () => {
    const add = op('range.add', { cidr: '192.0.2.0/24' });
    const again = op('range.add', { cidr: '192.0.2.0/24' });
    const stale = op('range.update', { rangeId: NOBODY, baseVersion: 1, changes: { label: 'x' } });
    const wide = op('range.add', { cidr: '10.0.0.0/4' });
    const all = [add, again, stale, wide];
    const results = await sendAs(service, all);
    expect(results.map(({ status }) => status)).toEqual(['applied', 'duplicate', 'conflict', 'rejected']);
    expect(await kept(all)).toEqual([add.id, again.id].sort());
  });

  it('that were answered as fulfilled have no effect later on', async () => {
    const [first] = await sendAs(service, [op('range.add', { cidr: '192.0.2.0/24' })]);
    const again = op('range.add', { cidr: '192.0.2.0/24' });
    const told = await sendAs(service, [again]);
    expect(told).toMatchObject([{ status: 'duplicate' }]);
    await service.api(`/v1/ranges/${(first?.entity as Range).id}`, { method: 'DELETE' });
    expect(await sendAs(service, [again])).toEqual(told);
    expect(((await service.api('/v1/ranges')).json as { items: Range[] }).items).toEqual([]);
  });

  it('answer as before somebody who was permitted when they were applied', async () => {
    const editor = await addPerson(service, { permissions: ['authorized_ips'] });
    const add = op('range.add', { cidr: '192.0.2.0/24' });
    const results = await sendAs(editor, [add]);
    await service.api(`/v1/users/${editor.user.id}`, { method: 'PATCH', body: { permissions: [] } });
    expect(await sendAs(editor, [add, op('range.add', { cidr: '192.0.2.1' })])).toMatchObject([
      results[0] ?? {},
      { status: 'rejected', code: 'forbidden' },
    ]);
  });

  it('because somebody else has made them leave nothing, and are their author’s to send', async () => {
    const [anna, ben] = await Promise.all([
      addPerson(service, { permissions: ['authorized_ips'] }),
      addPerson(service, { permissions: ['authorized_ips'] }),
    ]);
    const add = op('range.add', { cidr: '192.0.2.0/24', authorId: anna.user.id });
    const own = op('range.add', { cidr: '192.0.2.1', authorId: ben.user.id });
    expect(await sendAs(ben, [add, own])).toMatchObject([
      { id: add.id, status: 'rejected', code: 'forbidden' },
      { id: own.id, status: 'applied', entity: { createdBy: ben.user.email } },
    ]);
    // The owner may do everything, but not what another person wanted.
    expect(await sendAs(service, [add])).toMatchObject([{ status: 'rejected', code: 'forbidden' }]);
    const applied = await sendAs(anna, [add]);
    expect(applied).toMatchObject([{ status: 'applied', entity: { createdBy: anna.user.email } }]);
    // Whoever sends it later is not told what it came to.
    expect(await sendAs(ben, [add])).toMatchObject([{ status: 'rejected', code: 'forbidden' }]);
    // An older console sends none, and sends the same again once it is newer.
    expect(await sendAs(anna, [{ ...add, authorId: undefined }])).toEqual(applied);
    expect(await kept([add, own])).toEqual([add.id, own.id].sort());
  });
});
