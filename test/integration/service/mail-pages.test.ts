import { afterAll, describe, expect, it } from 'vitest';
import type { Key, Range } from '#shared/domain/entities';
import { expectSafe, linksIn, OWNER, pressButton, useMail } from '#test/support/service/mail-world';
import { stopTestDatabases } from '#test/support/service/test-database';
import { httpCall } from '#test/support/service/test-service';

afterAll(stopTestDatabases);

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

  it('say of a key that only reports what is so', async () => {
    const { key, secret } = await world.service.createKey('Tried out');
    const reportOnly = { method: 'PATCH', body: { reportOnly: true } } as const;
    expect((await world.service.api(`/v1/keys/${key.id}`, reportOnly)).status).toBe(200);
    expect((await world.service.check(secret, world.ip)).status).toBe(200);
    const links = linksIn(await world.mailTo(OWNER));
    const pages = [links.open, links.authorize, links.deny ?? ''].map(async (link) => httpCall(link));
    for (const { text } of await Promise.all(pages)) {
      expect(text).toContain('let in as long as protection only reports');
      expect(text).not.toContain('stays blocked');
      expect(text).not.toContain('was blocked');
    }
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
    // The review stays open, the links are used.
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

  it('share one style and one policy with the other pages of the service', async () => {
    const { links } = await ask();
    const styleOf = ({ text }: { readonly text: string }) => /<style>[^]*<\/style>/.exec(text)?.[0];
    const page = await httpCall(links.open);
    for (const path of ['/reviews', '/reviews/01M86AYXYC6M773ZV322JMJGX2', '/docs']) {
      const other = await httpCall(`${world.service.url}${path}`);
      expect(other.headers['content-security-policy']).toBe(page.headers['content-security-policy']);
      expect(styleOf(other)).toBe(styleOf(page));
      expect(other.text).not.toMatch(/<script|\bstyle="|<img/);
    }
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
});
