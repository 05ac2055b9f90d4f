import { describe, expect, it } from 'vitest';
import { changesResponse, type ChangesResponse } from '#shared/api/contract';
import type { Account, Key, Range } from '#shared/domain/entities';
import { hasPostgres } from '#test/support/service/postgres';
import { reviewsOf, statusOf, usePostgres } from '#test/support/service/postgres-world';
import type { TestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const IP = '203.0.113.9';

describe.skipIf(!hasPostgres())('several services on one database', () => {
  const world = usePostgres();

  const startTwo = async (): Promise<{ a: TestService; b: TestService; secret: string; keyId: string }> => {
    const a = await world.start();
    const b = await world.start();
    const { key, secret } = await a.createKey();
    await waitFor('the key to be known everywhere', async () => {
      const { headers } = await b.check(secret, '192.0.2.1');
      return headers['x-gatehouse-reason'] === 'unknown';
    });
    return { a, b, secret, keyId: key.id };
  };
  const becomes = (service: TestService, secret: string, ip: string, status: number): Promise<boolean> =>
    waitFor(`${ip} to get ${status}`, async () => (await statusOf(service, secret, ip)) === status);
  const changes = async (service: TestService, query: string): Promise<ChangesResponse> =>
    changesResponse.parse((await service.api(`/v1/changes${query}`)).json);
  const account = async (service: TestService): Promise<Account> =>
    (await service.api('/v1/account')).json as Account;

  it('make one account when they start at the same moment on an empty database', async () => {
    const services = await Promise.all([world.start(), world.start(), world.start()]);
    const [counts] = await world.query<object>(
      `SELECT (SELECT count(*)::int FROM accounts) AS accounts, (SELECT count(*)::int FROM users) AS users,
              (SELECT count(*)::int FROM tokens) AS tokens`,
    );
    expect(counts).toEqual({ accounts: 1, users: 1, tokens: 1 });
    const ids = await Promise.all(services.map(async (service) => (await account(service)).id));
    expect(new Set(ids).size).toBe(1);
  });

  it('enforce an approval that one of them was given, and its removal', async () => {
    const { a, b, secret } = await startTwo();
    expect(await statusOf(b, secret, IP)).toBe(401);
    const review = (await reviewsOf(a)).find(({ ip }) => ip === IP);
    const approved = await a.api(`/v1/reviews/${review?.id ?? ''}/authorize`, { body: { scope: 'address' } });
    expect(approved.status).toBe(200);
    await becomes(b, secret, IP, 200);
    const { range } = approved.json as { range: Range };
    expect((await b.api(`/v1/ranges/${range.id}`, { method: 'DELETE' })).status).toBe(204);
    await becomes(a, secret, IP, 401);
  });

  it('enforce that an answer was taken back, with everything that it had settled', async () => {
    const { a, b, secret } = await startTwo();
    const neighbour = IP.replace(/9$/, '10');
    for (const ip of [IP, neighbour]) await a.check(secret, ip);
    const reviews = await reviewsOf(a);
    const idOf = (ip: string): string => reviews.find((review) => review.ip === ip)?.id ?? '';
    await b.api(`/v1/reviews/${idOf(IP)}/authorize`, { body: { scope: 'subnet' } });
    for (const ip of [IP, neighbour]) await becomes(a, secret, ip, 200);
    expect((await a.api(`/v1/reviews/${idOf(IP)}/reopen`, { method: 'POST' })).status).toBe(200);
    for (const ip of [IP, neighbour]) {
      await becomes(b, secret, ip, 401);
      expect((await b.check(secret, ip)).json).toMatchObject({ review: idOf(ip) });
    }
    expect(await reviewsOf(b)).toHaveLength(reviews.length);
  });

  it('enforce a change of a range: its effect, its key, its expiry', async () => {
    const { a, b, secret, keyId } = await startTwo();
    const other = await b.createKey('Other');
    const added = (await a.api('/v1/ranges', { body: { cidr: '203.0.113.0/24' } })).json as {
      items: [Range];
    };
    const path = `/v1/ranges/${added.items[0].id}`;
    await becomes(b, secret, IP, 200);
    await a.api(path, { method: 'PATCH', body: { keyId: other.key.id } });
    await becomes(b, secret, IP, 401);
    await becomes(b, other.secret, IP, 200);
    await b.api(path, { method: 'PATCH', body: { keyId, effect: 'deny' } });
    await waitFor('the denial', async () => {
      const answer = await a.check(secret, IP);
      return answer.headers['x-gatehouse-reason'] === 'denied';
    });
    await a.api(path, { method: 'PATCH', body: { effect: 'authorize' } });
    await becomes(b, secret, IP, 200);
  });

  it('let a denial stand everywhere: further calls count towards it and ask nothing', async () => {
    const { a, b, secret } = await startTwo();
    await a.check(secret, IP);
    const review = await waitFor('the review', async () => (await reviewsOf(b)).find(({ ip }) => ip === IP));
    await b.api(`/v1/reviews/${review.id}/deny`, { body: {} });
    await waitFor('the denial', async () => {
      const answer = await a.check(secret, IP, { 'user-agent': 'again' });
      return (await reviewsOf(a)).every(({ ip }) => ip !== IP) && answer.status === 401;
    });
    expect((await reviewsOf(a, 'denied')).map(({ id }) => id)).toEqual([review.id]);
    // A range that overrules the denial ends it everywhere: once it is gone, the address is a new review.
    const added = (await a.api('/v1/ranges', { body: { cidr: IP } })).json as { items: [Range] };
    await becomes(b, secret, IP, 200);
    await a.api(`/v1/ranges/${added.items[0].id}`, { method: 'DELETE' });
    await becomes(b, secret, IP, 401);
    await waitFor('a new review', async () => (await reviewsOf(b)).find(({ ip }) => ip === IP));
  });

  it('follow the mode', async () => {
    const { a, b, secret } = await startTwo();
    await a.api('/v1/account/mode', { method: 'PUT', body: { mode: 'deactivated' } });
    await becomes(b, secret, IP, 200);
    await b.api('/v1/account/mode', { method: 'PUT', body: { mode: 'manual' } });
    await becomes(a, secret, IP, 401);
  });

  it('know the keys that one of them makes, rotates and revokes', async () => {
    const { a, b } = await startTwo();
    await a.api('/v1/ranges', { body: { cidr: IP } });
    const { key, secret } = await b.createKey('New');
    await becomes(a, secret, IP, 200);
    const rotated = (await a.api(`/v1/keys/${key.id}/rotate`, { body: { graceSeconds: 0 } })).json as {
      key: Key;
      secret: string;
    };
    await becomes(b, rotated.secret, IP, 200);
    await becomes(b, secret, IP, 401);
    expect((await b.check(secret, IP)).headers['x-gatehouse-reason']).toBe('revoked_key');
    await b.api(`/v1/keys/${key.id}`, { method: 'DELETE' });
    await becomes(a, rotated.secret, IP, 401);
  });

  it('open one review for an address that calls all of them at the same moment', async () => {
    const { a, b, secret } = await startTwo();
    const ips = Array.from({ length: 50 }, (_, n) => `198.51.100.${n}`);
    const answers = await Promise.all(ips.flatMap((ip) => [a.check(secret, ip), b.check(secret, ip)]));
    expect(answers.every(({ status }) => status === 401)).toBe(true);
    const asked = (await reviewsOf(a)).filter(({ ip }) => ip.startsWith('198.51.100.'));
    expect(asked.map(({ ip }) => ip).sort()).toEqual([...ips].sort());
    expect(asked.every(({ count }) => count === 2)).toBe(true);
    ips.forEach((_, n) => {
      const [first, second] = answers
        .slice(2 * n, 2 * n + 2)
        .map(({ json }) => (json as { review: string }).review);
      expect(first).toBe(second);
    });
  });

  it('learn one grant from an address that calls all of them at the same moment', async () => {
    const { a, b, secret } = await startTwo();
    await a.api('/v1/account/mode', { method: 'PUT', body: { mode: 'learning' } });
    await waitFor('learning everywhere', async () => (await account(b)).mode === 'learning');
    await becomes(b, secret, '192.0.2.200', 200);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? a : b).check(secret, `203.0.113.${n}`)),
    );
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
    const ranges = (await a.api('/v1/ranges')).json as { items: Range[] };
    expect(ranges.items.filter(({ cidr }) => cidr === '203.0.113.0/24')).toHaveLength(1);
  });

  it('count every change of policy once, and lose none', async () => {
    const { a, b } = await startTwo();
    const before = (await account(a)).revision;
    const octets = Array.from({ length: 60 }, (_, n) => n);
    const answers = await Promise.all(
      octets.map((n) => (n % 2 === 0 ? a : b).api('/v1/ranges', { body: { cidr: `198.51.100.${n}` } })),
    );
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    expect((await account(b)).revision).toBe(before + octets.length);
    const same = await Promise.all(
      [a, b].map((service) => service.api('/v1/ranges', { body: { cidr: IP } })),
    );
    expect(same.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('tell those who wait at any of them, and give all of them the same feed', async () => {
    const { a, b, secret } = await startTwo();
    const [fromA, fromB] = await Promise.all([changes(a, ''), changes(b, '')]);
    expect(fromB).toEqual(fromA);
    const waiting = changes(b, `?cursor=${fromB.cursor}&wait=20`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const changedAt = performance.now();
    await a.check(secret, IP);
    const told = await waiting;
    expect(told.changes.map(({ kind }) => kind)).toContain('review');
    // Long before the wait would have ended by itself.
    expect(performance.now() - changedAt).toBeLessThan(5_000);
    // A cursor of one is a cursor of all.
    expect((await changes(a, `?cursor=${fromB.cursor}`)).changes).toEqual(told.changes);
  });

  it('give every change exactly once, in order, to a reader that goes from one to the other', async () => {
    const { a, b } = await startTwo();
    let { cursor } = await changes(a, '');
    const writers = Array.from({ length: 120 }, (_, n) => n);
    const writing = Promise.all(
      [0, 1].map(async (half) => {
        for (const n of writers.filter((at) => at % 2 === half))
          await (half === 0 ? a : b).api('/v1/ranges', { body: { cidr: `198.51.100.${n}` } });
      }),
    );
    const ended = new AbortController();
    const whenEnded = writing.then(() => ended.abort());
    const seen = new Map<string, number>();
    for (let turn = 0; ; turn += 1) {
      const wasDone = ended.signal.aborted;
      const page = await changes(turn % 2 === 0 ? a : b, `?cursor=${cursor}`);
      for (const { kind, id } of page.changes) if (kind === 'range') seen.set(id, (seen.get(id) ?? 0) + 1);
      cursor = page.cursor;
      if (wasDone && !page.more && page.changes.length === 0) break;
    }
    await whenEnded;
    expect(seen.size).toBe(writers.length);
    expect([...seen.values()].every((times) => times === 1)).toBe(true);
  });

  it('take over from each other: what one knew, the next one loads', async () => {
    const { a, b, secret } = await startTwo();
    await a.api('/v1/ranges', { body: { cidr: IP } });
    await becomes(b, secret, IP, 200);
    await b.restart();
    expect(await statusOf(b, secret, IP)).toBe(200);
    await a.stop();
    expect(await statusOf(b, secret, '203.0.113.77')).toBe(401);
  });
});
