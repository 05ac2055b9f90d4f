import { afterAll, describe, expect, it } from 'vitest';
import { newLinkToken } from '#service/mail/links';
import { expectSafe, linksIn, OWNER, pressButton, useMail } from '#test/support/service/mail-world';
import { stopTestDatabases } from '#test/support/service/test-database';
import { httpCall } from '#test/support/service/test-service';

afterAll(stopTestDatabases);

const DAY_MS = 86_400_000;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('the pages behind the links, in wrong hands', () => {
  const world = useMail();
  const mode = async (): Promise<string> =>
    ((await world.service.api('/v1/account')).json as { mode: string }).mode;
  const revision = async (): Promise<number> =>
    ((await world.service.api('/v1/account')).json as { revision: number }).revision;
  const ask = async (email = OWNER) => {
    const review = await world.block(world.ip);
    return { review, links: linksIn(await world.mailTo(email)) };
  };

  it('change nothing when they are opened, looked at or probed, by anybody, with any method', async () => {
    const { review, links } = await ask();
    const before = await revision();
    const attempts = [links.open, links.authorize, links.deny ?? '', links.deactivate].flatMap((url) =>
      ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'].map((method) => ({ url, method })),
    );
    for (const { url, method } of attempts) {
      const answer = await httpCall(url, { method });
      expect(answer.status).toBe(method === 'GET' || method === 'HEAD' ? 200 : 405);
      expect(answer.headers['cache-control']).toBe('no-store');
      if (method === 'HEAD') expect(answer.text).toBe('');
    }
    expect(await world.review(review.id)).toMatchObject({ status: 'pending', version: 1 });
    expect(await revision()).toBe(before);
    expect(await mode()).toBe('automatic');
  });

  it('do nothing for a POST that does not come from their button', async () => {
    const { review, links } = await ask();
    const before = await revision();
    const other = /name="confirm" value="([^"]+)"/.exec((await httpCall(links.deactivate)).text)?.[1] ?? '';
    const bodies: readonly (readonly [string | undefined, Readonly<Record<string, string>>])[] = [
      [undefined, {}],
      ['', FORM],
      ['confirm=', FORM],
      ['confirm=yes', FORM],
      [`confirm=${other}`, FORM],
      [`confirm=${other}x`, FORM],
      ['{"confirm":"x"}', { 'content-type': 'application/json' }],
      ['anything', { 'content-type': 'text/plain' }],
      ['--x', { 'content-type': 'multipart/form-data; boundary=x' }],
    ];
    for (const [body, headers] of bodies) {
      const answer = await httpCall(links.authorize, {
        method: 'POST',
        headers,
        ...(body !== undefined && { body }),
      });
      expect(answer.status).toBe(400);
      expectSafe(answer);
      // The page itself is shown again, so that a person can go on.
      expect(answer.text).toContain('<form method="post">');
    }
    const large = await httpCall(links.authorize, { body: `confirm=${'x'.repeat(10_000)}`, headers: FORM });
    expect(large.status).toBe(413);
    expectSafe(large);
    expect(await world.review(review.id)).toMatchObject({ status: 'pending' });
    expect(await revision()).toBe(before);
  });

  it('work once, also when the button is pressed twice at the same moment', async () => {
    const { links } = await ask();
    if (links.deny === undefined) throw new Error('no link to deny');
    const page = await httpCall(links.deny);
    const rotations = async (): Promise<number> =>
      (await world.audit()).filter(({ action }) => action === 'key.rotate').length;
    const before = await rotations();
    const deny = links.deny;
    const answers = await Promise.all([1, 2, 3, 4].map(() => pressButton(deny, page)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409]);
    expect(await rotations()).toBe(before + 1);
  });

  it('expire after a day, to the millisecond', async () => {
    const { secret } = await world.service.createKey('Expiring');
    await world.service.check(secret, world.ip);
    const links = linksIn(await world.mailTo(OWNER));
    const page = await httpCall(links.authorize);
    world.clock.advance(DAY_MS - 1);
    expect((await httpCall(links.authorize)).status).toBe(200);
    world.clock.advance(1);
    const before = await revision();
    for (const answer of [await httpCall(links.authorize), await pressButton(links.authorize, page)]) {
      expect(answer.status).toBe(410);
      expectSafe(answer);
      expect(answer.text).not.toContain(world.ip);
    }
    expect(await revision()).toBe(before);
  });

  it('are bound to the recipient, who has to be there and to be permitted still', async () => {
    const { secret } = await world.service.createKey('Bound');
    const demoted = await world.addUser('demoted@example.com', ['authorized_ips', 'api_keys']);
    const removed = await world.addUser('removed@example.com', ['authorized_ips']);
    const narrowed = await world.addUser('narrowed@example.com', ['authorized_ips', 'api_keys']);
    await world.service.check(secret, world.ip);
    const links = {
      demoted: linksIn(await world.mailTo(demoted.email)),
      removed: linksIn(await world.mailTo(removed.email)),
      narrowed: linksIn(await world.mailTo(narrowed.email)),
    };
    const pages = {
      demoted: await httpCall(links.demoted.authorize),
      removed: await httpCall(links.removed.authorize),
      narrowed: await httpCall(links.narrowed.deny ?? ''),
    };
    const patch = (id: string, permissions: string[]) =>
      world.service.api(`/v1/users/${id}`, { method: 'PATCH', body: { permissions } });
    await patch(demoted.id, ['api_keys']);
    await patch(narrowed.id, ['authorized_ips']);
    expect((await world.service.api(`/v1/users/${removed.id}`, { method: 'DELETE' })).status).toBe(204);
    const before = await revision();
    for (const answer of [
      await httpCall(links.demoted.authorize),
      await pressButton(links.demoted.authorize, pages.demoted),
      await httpCall(links.removed.open),
      await pressButton(links.removed.authorize, pages.removed),
    ]) {
      expect(answer.status).toBe(403);
      expectSafe(answer);
      expect(answer.text).not.toContain(world.ip);
    }
    // Who may not update keys any more can still authorize, and is told so.
    const denied = await pressButton(links.narrowed.deny ?? '', pages.narrowed);
    expect(denied.status).toBe(403);
    expect(denied.text).toContain('api_keys');
    expect((await httpCall(links.narrowed.open)).text).not.toContain('/deny');
    expect(await revision()).toBe(before);
    expect((await pressButton(links.narrowed.authorize)).status).toBe(200);
  });

  it('are not there for other addresses', async () => {
    const { links } = { links: { open: `${world.service.url}/mail/${newLinkToken()}` } };
    const from = { 'x-forwarded-for': '192.0.2.77' };
    for (const url of [links.open, `${links.open}/authorize`]) {
      const answer = await httpCall(url, { headers: from });
      expect(answer.status).toBe(404);
      expectSafe(answer);
    }
    for (const path of [
      '/mail',
      '/mail/',
      `/mail/x`,
      '/mail/x/authorize',
      '/mail/x/y/z',
      `/mail/${'x'.repeat(600)}`,
    ]) {
      const answer = await httpCall(`${world.service.url}${path}`, { headers: from });
      expect(answer.status, path).toBeGreaterThanOrEqual(404);
      expect(answer.status, path).toBeLessThan(500);
    }
    expect((await httpCall(`${links.open}/shred`, { headers: from })).status).toBe(404);
    expect((await httpCall(`${links.open}/constructor`, { headers: from })).status).toBe(404);
  });

  it('slow down whoever guesses, and nobody else', async () => {
    const { secret } = await world.service.createKey('Guessed');
    await world.service.check(secret, world.ip);
    const links = linksIn(await world.mailTo(OWNER));
    const guess = () =>
      httpCall(`${world.service.url}/mail/${newLinkToken()}/authorize`, {
        headers: { 'x-forwarded-for': '192.0.2.99' },
      });
    const statuses: number[] = [];
    for (let count = 0; count < 8; count += 1) statuses.push((await guess()).status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 404, 429, 429]);
    const slowed = await guess();
    expectSafe(slowed);
    expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(0);
    // A right link from there is not even looked at; from elsewhere it is.
    const from = (ip: string) => httpCall(links.open, { headers: { 'x-forwarded-for': ip } });
    expect((await from('192.0.2.99')).status).toBe(429);
    expect((await from('192.0.2.100')).status).toBe(200);
    world.clock.advance(1_000);
    expect((await from('192.0.2.99')).status).toBe(200);
  });
});
