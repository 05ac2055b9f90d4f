import { request, type IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changesResponse } from '#shared/api/contract';
import { MAX_TOKENS_MADE_PER_DAY } from '#shared/api/routes-users';
import type { AuditEvent, Token } from '#shared/domain/entities';
import { MAX_WAITING_PER_READER } from '#service/storage/feed-hub';
import { idAt, insertLogRows } from '#test/support/service/log-rows';
import { addPerson, withToken, type Person } from '#test/support/service/people';
import { hasPostgres } from '#test/support/service/postgres';
import { usePostgres } from '#test/support/service/postgres-world';
import { problem } from '#test/support/service/problem-answer';
import { stopTestDatabases } from '#test/support/service/test-database';
import { startTestService, type Answer, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

afterAll(stopTestDatabases);

/** How many long polls wait at the service. */
const readersOf = async (service: TestService): Promise<number> =>
  Number(/^gatehouse_feed_readers (\d+)$/m.exec((await service.api('/metrics')).text)?.[1]);

/** Opens a long poll, and answers once it waits. What it is answered with must come long before its time is over. */
const openPoll = async (
  service: TestService,
  { api }: { readonly api: Person['api'] },
): Promise<{ readonly answer: Promise<Answer> }> => {
  const before = await readersOf(service);
  const { cursor } = (await api('/v1/changes')).json as { cursor: string };
  const answer = api(`/v1/changes?cursor=${cursor}&wait=30`);
  answer.catch(() => undefined);
  await waitFor('the poll to wait', async () => (await readersOf(service)) > before);
  return { answer };
};

const atOnce = <T>(promise: Promise<T>): Promise<T> =>
  Promise.race([
    promise,
    new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error('it did not end')), 10_000).unref();
    }),
  ]);

describe('somebody who is shut out', () => {
  let service: TestService;
  let dataDir: string;
  beforeEach(async () => {
    dataDir = makeTempDir('shut-out');
    service = await startTestService({ dataDir });
  });
  afterEach(async () => {
    await service.stop();
    removeTempDir(dataDir);
  });

  it('by being removed gets no more from an open poll', async () => {
    const person = await addPerson(service);
    const { answer } = await openPoll(service, person);
    await service.api(`/v1/users/${person.user.id}`, { method: 'DELETE' });
    expect(problem(await atOnce(answer))).toMatchObject({ status: 401, code: 'unauthorized' });
  });

  it('by the end of the token likewise, and nobody else is', async () => {
    const person = await addPerson(service);
    const other = await addPerson(service);
    const { answer } = await openPoll(service, person);
    const { answer: ofOther } = await openPoll(service, other);
    await service.api(`/v1/tokens/${person.token.id}`, { method: 'DELETE' });
    expect(problem(await atOnce(answer))).toMatchObject({ status: 401, code: 'unauthorized' });
    expect((await atOnce(ofOther)).status).toBe(200);
  });

  it('by time likewise', async () => {
    const person = await addPerson(service);
    const made = await service.api(`/v1/users/${person.user.id}/tokens`, {
      body: { name: 'Short', expiresAt: new Date(Date.now() + 2_000).toISOString() },
    });
    const { secret } = made.json as { secret: string };
    const { answer } = await openPoll(service, { api: withToken(service, secret) });
    expect(problem(await atOnce(answer))).toMatchObject({ status: 401, code: 'token_expired' });
  });

  it('from a permission is told at once, as who they are by then', async () => {
    const person = await addPerson(service, { permissions: ['authorized_ips'] });
    const { answer } = await openPoll(service, person);
    await service.api(`/v1/users/${person.user.id}`, { method: 'PATCH', body: { permissions: [] } });
    const { changes } = changesResponse.parse((await atOnce(answer)).json);
    expect(changes).toMatchObject([{ kind: 'audit', value: { action: 'user.update' } }]);
  });

  it('does not get the rest of an export', async () => {
    const { key } = await service.createKey();
    const person = await addPerson(service);
    await service.stop();
    const rows = 50_000;
    const at = Date.now() - 3_600_000;
    insertLogRows(
      dataDir,
      Array.from({ length: rows }, (_, n) => ({
        id: idAt(at, n),
        ip: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
        keyId: key.id,
        reason: 'unknown' as const,
        firstAt: at,
        path: `/${'x'.repeat(200)}`,
      })),
    );
    service = await startTestService({ dataDir });
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${person.secret}` };
      const outgoing = request(`${service.url}/v1/attempts/export?format=ndjson`, { headers }, resolve);
      outgoing.on('error', reject);
      outgoing.end();
    });
    // It has begun, and waits for its reader.
    await waitFor('the first piece', () => incoming.readableLength > 0);
    await service.api(`/v1/users/${person.user.id}`, { method: 'DELETE' });
    let lines = 0;
    const read = (async () => {
      for await (const chunk of incoming) lines += String(chunk).split('\n').length - 1;
    })();
    await expect(read).rejects.toThrow('aborted');
    expect(lines).toBeLessThan(rows);
  });

  it('in the middle of an import adds no more to it', async () => {
    const person = await addPerson(service, { permissions: ['authorized_ips'] });
    const lines = 10_000;
    const text = Array.from({ length: lines }, (_, n) => `10.${n >> 8}.${n & 255}.7`).join('\n');
    const { answer: begun } = await openPoll(service, service);
    const imported = person.api('/v1/ranges/import', { body: { text } });
    await begun;
    await service.api(`/v1/users/${person.user.id}`, { method: 'PATCH', body: { permissions: [] } });
    expect(problem(await imported)).toMatchObject({ status: 403, required: 'authorized_ips' });
    const audit = (await service.api('/v1/audit?limit=10')).json as { items: AuditEvent[] };
    const event = audit.items.find(({ action }) => action === 'ranges.import');
    expect(event?.after).toMatchObject({ lines, complete: false });
    expect((event?.after as { ranges: number }).ranges).toBeLessThan(lines);
  });
});

describe.skipIf(!hasPostgres())('somebody who is shut out at another process', () => {
  const world = usePostgres();

  it('gets no more from an open poll', async () => {
    const [a, b] = [await world.start(), await world.start()];
    const ends = [
      (person: Person) => a.api(`/v1/users/${person.user.id}`, { method: 'DELETE' }),
      (person: Person) => a.api(`/v1/tokens/${person.token.id}`, { method: 'DELETE' }),
    ];
    for (const end of ends) {
      const person = await addPerson(a);
      const { answer } = await openPoll(b, { api: withToken(b, person.secret) });
      await end(person);
      expect(problem(await atOnce(answer))).toMatchObject({ status: 401, code: 'unauthorized' });
    }
  });
});

describe('somebody who may only read', () => {
  let service: TestService;
  beforeEach(async () => {
    service = await startTestService();
  });
  afterEach(() => service.stop());

  it('may have so many calls wait at a time', async () => {
    const person = await addPerson(service);
    const { cursor } = (await person.api('/v1/changes')).json as { cursor: string };
    const goers: AbortController[] = [];
    const poll = (): Promise<Answer> => {
      const goer = new AbortController();
      goers.push(goer);
      return person.api(`/v1/changes?cursor=${cursor}&wait=30`, { signal: goer.signal });
    };
    for (let count = 0; count < MAX_WAITING_PER_READER; count += 1) poll().catch(() => undefined);
    await waitFor('all of them to wait', async () => (await readersOf(service)) === MAX_WAITING_PER_READER);
    expect(problem(await poll())).toMatchObject({ status: 422, code: 'limit_reached', field: 'wait' });
    // Others have their own.
    await openPoll(service, await addPerson(service));
    for (const goer of goers) goer.abort();
    await waitFor('them to be gone', async () => (await readersOf(service)) <= 1);
    await openPoll(service, person);
  });

  it('may make so many tokens a day, however soon they are removed', async () => {
    const person = await addPerson(service);
    const path = `/v1/users/${person.user.id}/tokens`;
    for (let count = 0; count < MAX_TOKENS_MADE_PER_DAY; count += 1) {
      const { token } = (await person.api(path, { body: { name: 'Again' } })).json as { token: Token };
      expect((await person.api(`/v1/tokens/${token.id}`, { method: 'DELETE' })).status).toBe(204);
    }
    const over = await person.api(path, { body: { name: 'Over' } });
    expect(problem(over)).toMatchObject({ status: 422, code: 'limit_reached' });
    // An owner makes them for whom they like.
    expect((await service.api(path, { body: { name: 'Theirs' } })).status).toBe(201);
  });
});
