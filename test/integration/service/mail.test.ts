import { afterAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '#test/support/certificate';
import { linksIn, OWNER, useMail } from '#test/support/service/mail-world';
import { stopTestDatabases } from '#test/support/service/test-database';
import { httpCall } from '#test/support/service/test-service';

afterAll(stopTestDatabases);

describe('an e-mail about a blocked address', () => {
  const world = useMail();

  it('tells everything, in text and in HTML, with links that open', async () => {
    const review = await world.block(world.ip);
    const received = await world.mailTo(OWNER);
    const { mail, raw } = received;
    expect(received.from).toBe('gate@example.com');
    expect(received.to).toEqual([OWNER]);
    expect(mail.subject).toBe(`Blocked: ${world.ip} tried to use API key "Production"`);
    const prefix = world.secret.slice(0, 10);
    for (const words of [world.ip, 'Production', prefix, '15 Jan 2026', '1 call']) {
      expect(mail.text).toContain(words);
      expect(mail.html).toContain(words);
    }
    expect(review.evidence.length).toBeGreaterThan(0);
    for (const { detail } of review.evidence) expect(mail.text).toContain(detail);
    expect(raw).toContain('Auto-Submitted: auto-generated');
    for (const [name, link] of Object.entries(linksIn(received))) {
      if (link === undefined) throw new Error(`the owner may also ${name}`);
      expect(link.startsWith(`${world.service.url}/mail/`)).toBe(true);
      expect((await httpCall(link)).status).toBe(200);
      if (name !== 'open') expect(mail.html).toContain(link);
    }
    // The key itself is nowhere.
    expect(raw).not.toContain(world.secret);
  });

  it('goes to the owner and to those who may answer, and offers each what they may do', async () => {
    await world.addUser('ips@example.com', ['authorized_ips']);
    await world.addUser('both@example.com', ['authorized_ips', 'api_keys']);
    await world.addUser('keys@example.com', ['api_keys']);
    await world.addUser('reader@example.com', []);
    await world.block(world.ip);
    const both = linksIn(await world.mailTo('both@example.com'));
    const ips = linksIn(await world.mailTo('ips@example.com'));
    const owner = linksIn(await world.mailTo(OWNER));
    expect([owner.deny, both.deny, ips.deny].map((link) => link !== undefined)).toEqual([true, true, false]);
    // Each has links of their own.
    expect(new Set([owner.open, both.open, ips.open]).size).toBe(3);
    expect(world.server.attempts).not.toContain('keys@example.com');
    expect(world.server.attempts).not.toContain('reader@example.com');
  });

  it('comes once, however often the address calls', async () => {
    await world.block(world.ip);
    await world.mailTo(OWNER);
    for (let call = 0; call < 5; call += 1) await world.service.check(world.secret, world.ip);
    const other = world.ip.replace(/7$/, '8');
    world.clock.advance(3_600_000);
    await world.service.check(world.secret, world.ip);
    await world.block(other);
    const { mail } = await world.mailTo(OWNER);
    expect(mail.subject).toContain(other);
    expect(mail.text).not.toContain(`${world.ip}\n`);
  });

  it('is one summary for a burst', async () => {
    const ips = Array.from({ length: 12 }, (_, index) => world.ip.replace(/7$/, String(index + 20)));
    await Promise.all(ips.map((ip) => world.service.check(world.secret, ip)));
    const { mail } = await world.mailTo(OWNER);
    expect(mail.subject).toBe('Blocked: 12 addresses tried to use API key "Production"');
    for (const ip of ips) expect(mail.text).toContain(ip);
    // And what comes after it waits, and comes together.
    const late = ips.slice(0, 2).map((ip) => ip.replace('198.51.', '198.52.'));
    for (const ip of late) {
      world.clock.advance(10_000);
      await world.block(ip);
    }
    world.clock.advance(60_000);
    const second = await world.mailTo(OWNER);
    expect(second.mail.subject).toBe('Blocked: 2 addresses tried to use API key "Production"');
    for (const ip of late) expect(second.mail.text).toContain(ip);
    for (const ip of ips) expect(second.mail.text).not.toContain(ip);
  });

  it('leaves out what was answered before it was written', async () => {
    const review = await world.block(world.ip);
    const other = world.ip.replace(/7$/, '9');
    await world.block(other);
    await world.service.api(`/v1/reviews/${review.id}/deny`, { body: {} });
    const { mail } = await world.mailTo(OWNER);
    expect(mail.subject).toContain(other);
    expect(mail.text).not.toContain(world.ip);
  });

  it('is not written for reviews of the manual mode', async () => {
    const set = (mode: string) => world.service.api('/v1/account/mode', { method: 'PUT', body: { mode } });
    await set('manual');
    await world.block(world.ip);
    await set('automatic');
    const other = world.ip.replace(/7$/, '9');
    await world.block(other);
    const { mail } = await world.mailTo(OWNER);
    expect(mail.subject).toContain(other);
    expect(mail.text).not.toContain(`${world.ip}\n`);
  });

  it('escapes the names of keys, also in the subject', async () => {
    const { secret } = await world.service.createKey('<b>&"x"</b> cod.exe');
    await world.service.check(secret, world.ip);
    const { mail } = await world.mailTo(OWNER);
    expect(mail.subject).toContain('<b>&"x"</b> cod.exe');
    expect(mail.html).toContain('&lt;b&gt;&amp;&quot;x&quot;&lt;/b&gt; cod.exe');
  });
});

const login = { user: 'ada@example.com', password: 'p%:/@ ä' };
const withLogin = `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}`;

describe('the way to the mail server', () => {
  const certificate = makeCertificate();
  afterAll(() => certificate.remove());

  describe('is encrypted by an upgrade, with a verified certificate, and signed in', () => {
    const world = useMail({
      tls: 'starttls',
      certificate,
      login,
      url: (port) => `smtp://${withLogin}@localhost:${port}?tls=required&ca=${certificate.file}`,
    });
    it('and used again for the next message', async () => {
      await world.block(world.ip);
      expect(await world.mailTo(OWNER)).toMatchObject({ secure: true, user: login.user });
      world.clock.advance(3_600_000);
      await world.block(world.ip.replace(/7$/, '8'));
      expect(await world.mailTo(OWNER)).toMatchObject({ secure: true, user: login.user });
      expect(world.server.connections()).toBe(1);
    });
  });

  describe('is encrypted from the first byte', () => {
    const world = useMail({
      tls: 'implicit',
      certificate,
      url: (port) => `smtps://localhost:${port}?ca=${certificate.file}`,
    });
    it('with smtps', async () => {
      await world.block(world.ip);
      expect(await world.mailTo(OWNER)).toMatchObject({ secure: true });
    });
  });
});
