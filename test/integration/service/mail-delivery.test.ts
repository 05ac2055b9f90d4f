import { setTimeout as wait } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import { afterAll, describe, expect, it } from 'vitest';
import { useMailQueues } from '#test/support/service/mail-queue-world';
import { stopTestDatabases } from '#test/support/service/test-database';
import { waitFor } from '#test/support/wait-for';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const IP = '198.51.100.7';

afterAll(stopTestDatabases);

describe('the queue of e-mails', () => {
  const { server, queue } = useMailQueues();
  const urlOf = ({ port }: { readonly port: number }): string => `smtp://127.0.0.1:${port}`;
  /** Opens a review while the mail server is not there; its e-mail has been postponed once. */
  const askWithoutServer = async ({ others = [] }: { readonly others?: readonly string[] } = {}) => {
    const smtp = await server();
    await smtp.stop();
    const world = await queue(urlOf(smtp));
    for (const email of others) await world.addUser(email, ['authorized_ips']);
    await world.open(IP);
    world.clock.advance(2_000);
    await world.logged('mail.postponed');
    return { smtp, world };
  };

  it('tries again after a temporary refusal, with the same message', async () => {
    const smtp = await server();
    smtp.answerRecipient = () => ({ code: 451, words: '4.7.1 Greylisted, try again later' });
    const world = await queue(urlOf(smtp));
    await world.open(IP);
    world.clock.advance(2_000);
    expect(await world.logged('mail.postponed')).toMatchObject({ responseCode: 451, tries: 1 });
    expect((await world.message()).detail).toContain('Greylisted');

    smtp.answerRecipient = () => undefined;
    smtp.answerMessage = () => ({ code: 452, words: '4.3.1 Mailbox busy' });
    world.clock.advance(MINUTE_MS);
    expect(await world.logged('mail.postponed', 2)).toMatchObject({ responseCode: 452, tries: 2 });

    smtp.answerMessage = () => undefined;
    world.clock.advance(5 * MINUTE_MS);
    const { mail } = await smtp.message(1);
    await world.logged('mail.sent');
    const row = await world.message();
    expect(row).toMatchObject({ state: 'sent', tries: 3, detail: null, lease: null });
    expect(mail.messageId).toBe(`<${row.id}@example.com>`);
    expect(smtp.received).toHaveLength(1);
  });

  it('gives up at once on a recipient that is refused for good, and on nobody else', async () => {
    const smtp = await server();
    smtp.answerRecipient = (address) =>
      address === 'owner@example.com' ? { code: 550, words: '5.1.1 No such user' } : undefined;
    const world = await queue(urlOf(smtp));
    await world.addUser('ada@example.com', ['authorized_ips']);
    await world.open(IP);
    world.clock.advance(2_000);
    expect(await world.logged('mail.failed')).toMatchObject({ responseCode: 550, tries: 1 });
    expect((await smtp.message(1)).to).toEqual(['ada@example.com']);
    await world.logged('mail.sent');
    world.clock.advance(DAY_MS);
    // The next e-mail is tried again; the refused one is not.
    await world.open('198.51.100.8');
    world.clock.advance(2_000);
    await world.logged('mail.failed', 2);
    expect(smtp.attempts.filter((address) => address === 'owner@example.com')).toHaveLength(2);
    expect(world.log.entries.find(({ event }) => event === 'mail.failed')?.level).toBe('error');
  });

  it('waits for a server that is not there, however long up to three days', async () => {
    const { smtp, world } = await askWithoutServer();
    expect(await world.logged('mail.postponed')).toMatchObject({ code: 'ESOCKET', responseCode: undefined });
    for (let tries = 2; tries <= 6; tries += 1) {
      world.clock.advance(HOUR_MS);
      await world.logged('mail.postponed', tries);
    }
    const back = await server({ port: smtp.port });
    world.clock.advance(HOUR_MS);
    const { mail } = await back.message(1);
    expect(mail.subject).toContain(IP);
    await world.logged('mail.sent');
  });

  it('does not try a server that is not there for every review that is opened meanwhile', async () => {
    const { world } = await askWithoutServer({ others: ['ada@example.com'] });
    const tries = () => world.log.entries.filter(({ event }) => event === 'mail.postponed').length;
    await world.open('198.51.100.8');
    world.clock.advance(9_000);
    // Longer than the queue sleeps.
    await wait(1_200);
    expect(tries()).toBe(1);
    world.clock.advance(1_000);
    await world.logged('mail.postponed', 2);
  });

  it('gives up after three days, and says so', async () => {
    const { world } = await askWithoutServer();
    world.clock.advance(3 * DAY_MS);
    expect(await world.logged('mail.failed')).toMatchObject({ tries: 2 });
    expect(await world.message()).toMatchObject({ state: 'failed' });
  });

  it('keeps what was not sent through a restart', async () => {
    const { smtp, world } = await askWithoutServer();
    await world.open('198.51.100.8');
    await world.restart(urlOf(smtp));
    const back = await server({ port: smtp.port });
    world.clock.advance(2 * HOUR_MS);
    await back.message(2);
    const subjects = back.received.map(({ mail }) => mail.subject ?? '');
    expect(subjects.toSorted((a, b) => a.localeCompare(b))).toEqual([
      `Blocked: ${IP} tried to use API key "Production"`,
      'Blocked: 198.51.100.8 tried to use API key "Production"',
    ]);
  });

  it('sends again what it had sent when it was killed before it wrote that down, as the same message', async () => {
    const smtp = await server();
    // The server has the message; its "yes" never arrives.
    let taken = '';
    smtp.answerMessage = (raw) => {
      taken = raw;
      return 'silence';
    };
    const world = await queue(urlOf(smtp));
    await world.open(IP);
    world.clock.advance(2_000);
    await waitFor('the server to have the message', () => taken !== '');
    smtp.answerMessage = () => undefined;
    await world.restart(urlOf(smtp));
    const { mail } = await smtp.message(1);
    const first = await simpleParser(taken);
    expect(mail.messageId).toBe(first.messageId);
    expect(mail.date).toEqual(first.date);
    expect(mail.subject).toBe(first.subject);
    // Both have links that work: whichever the mail program keeps.
    const token = (text: string | undefined) => /\/mail\/([A-Za-z0-9_-]{43})\//.exec(text ?? '')?.[1];
    expect(token(mail.text)).toBeDefined();
    expect(token(mail.text)).not.toBe(token(first.text));
  });

  it('sends each message once, however many processes share the database', async () => {
    const smtp = await server();
    const world = await queue(urlOf(smtp));
    for (let other = 0; other < 3; other += 1) await world.another(urlOf(smtp));
    for (let user = 0; user < 10; user += 1) {
      await world.addUser(`user${user}@example.com`, ['authorized_ips']);
    }
    await world.open(IP);
    world.clock.advance(20_000);
    await smtp.message(11);
    await world.logged('mail.sent', 11);
    // Everything that would send something twice has had its turn once the next review has come.
    world.clock.advance(HOUR_MS);
    await world.open('198.51.100.8');
    world.clock.advance(20_000);
    await smtp.message(22);
    await world.logged('mail.sent', 22);
    const ids = smtp.received.map(({ mail }) => mail.messageId);
    expect(new Set(ids).size).toBe(22);
    expect(smtp.received).toHaveLength(22);
  });

  it('makes one summary of very many reviews, in batches', async () => {
    const smtp = await server();
    const world = await queue(urlOf(smtp));
    await world.addUser('ada@example.com', ['authorized_ips']);
    await world.openMany(2_300);
    world.clock.advance(2_000);
    await smtp.message(2);
    await world.logged('mail.sent', 2);
    for (const { mail } of smtp.received) {
      expect(mail.subject).toBe('Blocked: more than 2,000 addresses tried to use API key "Production"');
      expect(mail.text).toContain('over 1,912 more addresses');
    }
    expect(await world.storage.read.mail.waitingRecipients()).toEqual([]);
    // All of them are in these two: nothing is left for another.
    world.clock.advance(HOUR_MS);
    await world.open('192.0.2.1');
    world.clock.advance(2_000);
    expect((await smtp.message(3)).mail.subject).toContain('192.0.2.1');
    // A month later they are forgotten, as many as they are.
    world.clock.advance(32 * DAY_MS);
    const { id: old } = await world.message();
    await waitFor(
      'the old message to be gone',
      async () => (await world.storage.read.mail.message(old)) === undefined,
    );
  });

  it('does not write to somebody who left or may not decide any more, nor about what was decided', async () => {
    const smtp = await server();
    await smtp.stop();
    const world = await queue(urlOf(smtp));
    const left = await world.addUser('left@example.com', ['authorized_ips']);
    const changed = await world.addUser('changed@example.com', ['authorized_ips']);
    const id = await world.open(IP);
    world.clock.advance(2_000);
    await world.logged('mail.postponed');
    await world.storage.transaction(async (tx) => {
      const account = (await tx.accounts.all())[0]?.id ?? '';
      await tx.users.update(account, left, { email: 'left@example.com', role: 'user', permissions: '[]' });
      await tx.users.update(account, changed, {
        email: 'new@example.com',
        role: 'user',
        permissions: '["authorized_ips"]',
      });
    });
    const back = await server({ port: smtp.port });
    world.clock.advance(HOUR_MS);
    await back.message(2);
    expect(back.received.flatMap(({ to }) => to).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'new@example.com',
      'owner@example.com',
    ]);
    expect(await world.logged('mail.dropped')).toMatchObject({
      why: expect.stringContaining('may not') as string,
    });

    const other = await world.open('198.51.100.8');
    await world.storage.transaction(async (tx) => {
      const account = (await tx.accounts.all())[0]?.id ?? '';
      for (const review of [id, other]) {
        await tx.reviews.decide(
          account,
          review,
          { status: 'denied', decidedBy: 'x', decidedAt: world.clock.now(), rangeId: null },
          99,
        );
      }
    });
    world.clock.advance(HOUR_MS);
    expect(await world.logged('mail.dropped', 2)).toMatchObject({
      why: 'every review was decided already',
    });
    expect(back.received).toHaveLength(2);
  });

  it('ends soon while a server is silent, and sends after the next start', async () => {
    const smtp = await server();
    let isTaken = false;
    smtp.answerMessage = () => {
      isTaken = true;
      return 'silence';
    };
    const world = await queue(urlOf(smtp));
    await world.open(IP);
    world.clock.advance(2_000);
    await waitFor('the server to have the message', () => isTaken);
    const before = Date.now();
    await world.queue.stop();
    expect(Date.now() - before).toBeLessThan(5_000);
    expect(await world.storage.read.mail.countQueued()).toBe(1);
    smtp.answerMessage = () => undefined;
    await world.restart(urlOf(smtp));
    await smtp.message(1);
    await world.logged('mail.sent');
  });

  it('forgets what ended a month ago, and keeps the rest', async () => {
    const smtp = await server();
    const world = await queue(urlOf(smtp));
    await world.open(IP);
    world.clock.advance(2_000);
    await world.logged('mail.sent');
    const { id } = await world.message();
    world.clock.advance(29 * DAY_MS);
    await world.open('198.51.100.8');
    world.clock.advance(2_000);
    await world.logged('mail.sent', 2);
    expect(await world.storage.read.mail.message(id)).toBeDefined();
    world.clock.advance(2 * DAY_MS);
    await world.open('198.51.100.9');
    world.clock.advance(2_000);
    await world.logged('mail.sent', 3);
    await waitFor(
      'the old message to be gone',
      async () => (await world.storage.read.mail.message(id)) === undefined,
    );
    expect(await world.storage.read.mail.countQueued()).toBe(0);
    expect(await world.storage.read.mail.waitingRecipients()).toEqual([]);
  });
});
