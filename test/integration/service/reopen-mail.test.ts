import { afterAll, describe, expect, it } from 'vitest';
import { startMailServer } from '#test/support/service/mail-server';
import { startMailQueue } from '#test/support/service/mail-queue-world';
import { linksIn, OWNER, pressButton, useMail } from '#test/support/service/mail-world';
import { stopTestDatabases } from '#test/support/service/test-database';
import { httpCall } from '#test/support/service/test-service';

afterAll(stopTestDatabases);

const HOUR_MS = 3_600_000;

describe('an answer that is taken back, by e-mail', () => {
  const world = useMail();
  const reopen = async (id: string): Promise<void> => {
    const { status, text } = await world.service.api(`/v1/reviews/${id}/reopen`, { method: 'POST' });
    if (status !== 200) throw new Error(text);
  };

  it('is told to nobody who was told of the review before', async () => {
    const review = await world.block(world.ip);
    await world.mailTo(OWNER);
    await world.service.api(`/v1/reviews/${review.id}/deny`, { body: {} });
    await reopen(review.id);
    await world.service.check(world.secret, world.ip);
    world.clock.advance(HOUR_MS);
    const other = world.ip.replace(/7$/, '8');
    await world.block(other);
    const { mail } = await world.mailTo(OWNER);
    expect(mail.text).toContain(other);
    expect(mail.text).not.toContain(`${world.ip}\n`);
  });

  it('is told to those whose message left the review out, because it was decided by then', async () => {
    const review = await world.block(world.ip);
    await world.service.api(`/v1/reviews/${review.id}/deny`, { body: {} });
    await world.block(world.ip.replace(/7$/, '8'));
    const { mail: without } = await world.mailTo(OWNER);
    expect(without.text).not.toContain(`${world.ip}\n`);
    await reopen(review.id);
    world.clock.advance(HOUR_MS);
    const { mail } = await world.mailTo(OWNER);
    expect(mail.subject).toContain(world.ip);
  });

  it('lets the links work again that nobody has used; the one that answered stays used', async () => {
    const colleague = 'colleague@example.com';
    await world.addUser(colleague, ['authorized_ips']);
    const review = await world.block(world.ip);
    const [theirs, mine] = [linksIn(await world.mailTo(colleague)), linksIn(await world.mailTo(OWNER))];
    expect((await pressButton(mine.authorize)).status).toBe(200);
    expect((await httpCall(theirs.authorize)).text).toContain('This was answered already');
    await reopen(review.id);
    expect((await world.service.check(world.secret, world.ip)).status).toBe(401);
    expect((await httpCall(mine.authorize)).text).toContain('It is still open in Gatehouse.');
    expect((await pressButton(theirs.authorize)).status).toBe(200);
    expect(await world.review(review.id)).toMatchObject({ status: 'authorized', decidedBy: colleague });
  });
});

describe('a message that had nothing left to tell', () => {
  it('is made up for when the review is open again', async () => {
    const server = await startMailServer();
    const world = await startMailQueue(`smtp://127.0.0.1:${server.port}`);
    try {
      const ip = '198.51.100.7';
      const id = await world.open(ip);
      const [account] = await world.storage.read.accounts.all();
      if (account === undefined) throw new Error('no account');
      const decidedAt = world.clock.now();
      await world.storage.transaction((tx) =>
        tx.reviews.decide(
          account.id,
          id,
          { status: 'denied', decidedBy: OWNER, decidedAt, rangeId: null },
          account.seq + 1,
        ),
      );
      world.clock.advance(2_000);
      await world.logged('mail.dropped');
      await world.storage.transaction(async (tx) => {
        await tx.mail.tellAfterAll(id, decidedAt, world.clock.now());
        await tx.reviews.reopen(account.id, id, account.seq + 2);
      });
      world.clock.advance(20_000);
      expect((await server.message(1)).mail.subject).toContain(ip);
    } finally {
      await world.stop();
      await server.stop();
    }
  });
});
