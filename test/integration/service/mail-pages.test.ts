import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import type { Key, Range } from '#shared/domain/entities';
import { newLinkToken } from '#service/mail/links';
import { linksIn, OWNER, pressButton, useMail } from '#test/support/service/mail-world';
import { stopTestDatabases } from '#test/support/service/test-database';
import { httpCall, type Answer } from '#test/support/service/test-service';

afterAll(stopTestDatabases);

const DAY_MS = 86_400_000;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What every page has, whatever it says. */
const expectSafe = (page: Answer): void => {
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("form-action 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  // The one style that the policy lets through is the page's own.
  const style = /<style>([\s\S]*?)<\/style>/.exec(page.text)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  expect(policy).toContain(`style-src 'sha256-${hash}'`);
  expect(page.headers['referrer-policy']).toBe('no-referrer');
  expect(page.headers['cache-control']).toBe('no-store');
  expect(page.headers['x-robots-tag']).toContain('noindex');
  expect(page.text).not.toMatch(/<script|\bstyle="|<img|https?:/);
};

describe('the pages behind the links', () => {
  const world = useMail();
  const mode = async (): Promise<string> =>
    ((await world.service.api('/v1/account')).json as { mode: string }).mode;
  const setMode = (value: string) =>
    world.service.api('/v1/account/mode', { method: 'PUT', body: { mode: value } });
  const revision = async (): Promise<number> =>
    ((await world.service.api('/v1/account')).json as { revision: number }).revision;
  const keys = async (): Promise<Key[]> =>
    ((await world.service.api('/v1/keys')).json as { items: Key[] }).items;
  const ask = async (email = OWNER) => {
    const review = await world.block(world.ip);
    return { review, links: linksIn(await world.mailTo(email)) };
  };

  it('authorize the address with one press, in the name of the recipient', async () => {
    const { review, links } = await ask();
    const page = await httpCall(links.authorize);
    expectSafe(page);
    expect(page.text).toContain(`Authorize ${world.ip}?`);
    expect(page.text).toContain('Nothing has been changed yet');

    const done = await pressButton(links.authorize, page);
    expect(done.status).toBe(200);
    expectSafe(done);
    expect(done.text).toContain(`${world.ip} is authorized`);
    expect(await world.review(review.id)).toMatchObject({ status: 'authorized', decidedBy: OWNER });
    expect((await world.service.check(world.secret, world.ip)).status).toBe(200);

    const { items } = (await world.service.api('/v1/ranges?limit=1000')).json as { items: Range[] };
    expect(items.find(({ cidr }) => cidr === `${world.ip}/32`)).toMatchObject({
      effect: 'authorize',
      source: 'approval',
      createdBy: OWNER,
      keyId: null,
      expiresAt: null,
    });
    const trail = (await world.audit()).filter(({ target }) => target === review.id);
    expect(trail).toMatchObject([
      { action: 'review.authorized', via: 'email', actor: { kind: 'email', name: OWNER } },
    ]);
    const me = (await world.service.api('/v1/account')).json as { me: { userId: string } };
    expect(trail[0]?.actor.id).toBe(me.me.userId);
  });

  it('deny, and show the new secret of the key once', async () => {
    const { key, secret } = await world.service.createKey('Leaked');
    const answer = await world.service.check(secret, world.ip);
    expect(answer.status).toBe(401);
    const links = linksIn(await world.mailTo(OWNER));
    if (links.deny === undefined) throw new Error('no link to deny');
    const page = await httpCall(links.deny);
    expectSafe(page);
    expect(page.text).toContain('The present secret ends at once');

    const done = await pressButton(links.deny, page);
    expect(done.status).toBe(200);
    expectSafe(done);
    const shown = /gk_[0-9A-Za-z]{40}/.exec(done.text)?.[0];
    if (shown === undefined) throw new Error('no secret on the page');
    expect(shown).not.toBe(secret);
    expect((await world.service.check(secret, world.ip)).json).toMatchObject({ reason: 'revoked_key' });
    expect((await world.service.check(shown, world.ip)).json).toMatchObject({ reason: 'untrusted' });
    expect((await keys()).find(({ id }) => id === key.id)?.prefix).toBe(shown.slice(0, 10));

    // Once more, and by every way: the secret is gone.
    const again = await pressButton(links.deny, page);
    expect(again.status).toBe(409);
    for (const later of [again, await httpCall(links.deny), await httpCall(links.open)]) {
      expect(later.text).toContain(`denied by ${OWNER}`);
      expect(later.text).not.toContain(shown);
    }
    const trail = (await world.audit()).filter(({ target }) => target === key.id);
    expect(trail.map(({ action, via }) => [action, via])).toContainEqual(['key.rotate', 'email']);
    expect(JSON.stringify(await world.audit())).not.toContain(shown);
  });

  it('deactivate review, with a second look', async () => {
    const { review, links } = await ask();
    const page = await httpCall(links.deactivate);
    expectSafe(page);
    expect(page.text).toContain('Every address will be let in');
    expect(page.text).toMatch(/<button[^>]*>\s*Let every address in\s*<\/button/);
    expect(await mode()).toBe('automatic');

    const done = await pressButton(links.deactivate, page);
    expect(done.status).toBe(200);
    expectSafe(done);
    expect(await mode()).toBe('deactivated');
    expect((await world.service.check(world.secret, world.ip)).status).toBe(200);
    expect((await world.audit())[0]).toMatchObject({
      action: 'mode.set',
      via: 'email',
      actor: { kind: 'email', name: OWNER },
      after: { mode: 'deactivated' },
    });
    // The question stays, the links are used.
    expect(await world.review(review.id)).toMatchObject({ status: 'pending' });
    await setMode('automatic');
    for (const link of [links.authorize, links.deactivate, links.open]) {
      expect((await httpCall(link)).text).toContain(`Review was deactivated by ${OWNER}`);
    }
    expect((await pressButton(links.deactivate, page)).status).toBe(409);
    expect(await mode()).toBe('automatic');
  });

  it('show all choices on one page', async () => {
    const { links } = await ask();
    const page = await httpCall(links.open);
    expectSafe(page);
    const targets = [...page.text.matchAll(/href="([^"]*)"/g)].map(([, href = '']) =>
      new URL(href, links.open).toString(),
    );
    expect(targets).toEqual([links.authorize, links.deny, links.deactivate]);
    expect(page.text).not.toContain('<form');
  });

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

  it('say by whom and when it was answered by another way, and change nothing', async () => {
    const { secret } = await world.service.createKey('Another');
    await world.service.check(secret, world.ip);
    const received = await world.mailTo(OWNER);
    const links = linksIn(received);
    const page = await httpCall(links.deny ?? '');
    const { json } = await world.service.api('/v1/reviews?status=pending&limit=1000');
    const review = (json as { items: { id: string; ip: string }[] }).items.find(({ ip }) => ip === world.ip);
    world.clock.advance(60_000);
    await world.service.api(`/v1/reviews/${review?.id ?? ''}/authorize`, { body: { scope: 'subnet' } });
    const before = await revision();
    const late = await pressButton(links.deny ?? '', page);
    expect(late.status).toBe(409);
    for (const answer of [late, await httpCall(links.authorize), await httpCall(links.open)]) {
      expectSafe(answer);
      expect(answer.text).toContain('This was answered already');
      expect(answer.text).toMatch(
        /It was authorized by owner@example\.com on [A-Z][a-z]{2}, \d+ Jan 2026, \d\d:\d\d:\d\d UTC\./,
      );
      expect(answer.text).not.toContain('<form');
    }
    expect(await revision()).toBe(before);
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

  it('say what stands in the way: a revoked key, a mode that holds already', async () => {
    const { key, secret } = await world.service.createKey('Revoked soon');
    await world.service.check(secret, world.ip);
    const links = linksIn(await world.mailTo(OWNER));
    const page = await httpCall(links.deny ?? '');
    await world.service.api(`/v1/keys/${key.id}`, { method: 'DELETE' });
    await setMode('deactivated');
    for (const answer of [await httpCall(links.deny ?? ''), await pressButton(links.deny ?? '', page)]) {
      expect(answer.status).toBe(409);
      expect(answer.text).toContain('was revoked');
    }
    expect((await httpCall(links.deactivate)).status).toBe(409);
    const choices = (await httpCall(links.open)).text;
    expect(choices).toContain('/authorize');
    expect(choices).not.toMatch(/\/deny|\/deactivate/);
    await setMode('automatic');
  });

  it('warn that a key was updated already', async () => {
    const { key, secret } = await world.service.createKey('Updated already');
    await world.service.check(secret, world.ip);
    const links = linksIn(await world.mailTo(OWNER));
    expect((await httpCall(links.deny ?? '')).text).not.toContain('ends that new secret too');
    world.clock.advance(1_000);
    await world.service.api(`/v1/keys/${key.id}/rotate`, { body: {} });
    expect((await httpCall(links.deny ?? '')).text).toContain('ends that new secret too');
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
