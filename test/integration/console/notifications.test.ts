import { beforeEach, describe, expect, it } from 'vitest';
import { MOST_OPEN, SUMMARY_GROWTH_INTERVAL_MS } from '#electron/core/notify/causes/review';
import { authorizeButton, BUTTON, SUMMARY_ID } from '#electron/core/notify/notification-id';
import { setMode } from '#electron/core/use-cases/set-mode';
import type { Review } from '#shared/domain/entities';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import type { ShownAnnouncement } from '#test/support/console/fakes';
import { addPerson } from '#test/support/service/people';
import { waitFor } from '#test/support/wait-for';

const world = useRemoteWorld();
const BOB = { email: 'bob@example.com', permissions: ['authorized_ips'] as 'authorized_ips'[] };

let secret: string;
beforeEach(async () => {
  ({ secret } = await world.service.createKey());
  await world.connectAndSync();
});

const open = (): readonly ShownAnnouncement[] => [...world.console.presenter.open.values()];
const titled = (title: string | RegExp): Promise<ShownAnnouncement> =>
  waitFor(`a notification ${title}`, () =>
    open().find((shown) => (typeof title === 'string' ? shown.title === title : title.test(shown.title))),
  );
const gone = (id: string): Promise<unknown> =>
  waitFor('the notification to be withdrawn', () => !world.console.presenter.open.has(id));
const statusOf = async (ip: string): Promise<number> => (await world.service.check(secret, ip)).status;
const reviewOf = async (ip: string): Promise<Review> => {
  const { json } = await world.service.api('/v1/reviews?limit=1000');
  const found = (json as { items: Review[] }).items.find((review) => review.ip === ip);
  if (found === undefined) throw new Error(`no review about ${ip}`);
  return found;
};

describe('a review answered from its notification', () => {
  const IP = '203.0.113.9';

  it('is let in for an hour, is enforced when it says so, and Undo takes that back', async () => {
    expect(await statusOf(IP)).toBe(401);
    const { id } = await titled(`Blocked: ${IP}`);
    world.console.presenter.press(id, authorizeButton(3_600));
    const told = await waitFor('the enforcement', () =>
      open().find(({ body }) => /^Enforced at \d/.test(body)),
    );
    expect(told).toMatchObject({ id, title: `Authorized ${IP} for 1 hour` });
    expect(await statusOf(IP)).toBe(200);
    const review = await reviewOf(IP);
    const { json } = await world.service.api(`/v1/ranges?limit=100`);
    const range = (json as { items: { id: string; expiresAt: string; keyId: string | null }[] }).items.find(
      (each) => each.id === review.rangeId,
    );
    expect(range?.keyId).toBeNull();
    expect(Date.parse(range?.expiresAt ?? '') - Date.parse(review.decidedAt ?? '')).toBe(3_600_000);

    world.console.presenter.press(id, BUTTON.undo);
    await titled(`Taken back: ${IP}`);
    await waitFor('the address to be blocked again', async () => (await statusOf(IP)) === 401);
    await waitFor('the review to be open again', async () => (await reviewOf(IP)).status === 'pending');
  });

  it('is denied, and stays blocked', async () => {
    await statusOf(IP);
    const { id } = await titled(`Blocked: ${IP}`);
    world.console.presenter.press(id, BUTTON.deny);
    await waitFor('the enforcement', () => open().find(({ body }) => body.startsWith('Enforced at')));
    expect(await reviewOf(IP)).toMatchObject({ status: 'denied' });
    expect(await statusOf(IP)).toBe(401);
  });

  it('after somebody else did says who and how, and changes nothing', async () => {
    const bob = await addPerson(world.service, BOB);
    await statusOf(IP);
    const { id } = await titled(`Blocked: ${IP}`);
    const review = await reviewOf(IP);
    await bob.api(`/v1/reviews/${review.id}/deny`, { body: {} });
    // Whether the console has heard of it by now or not.
    world.console.presenter.press(id, authorizeButton(3_600));
    const told = await titled(`Answered already: ${IP}`);
    expect(told.body).toContain('bob@example.com denied it at');
    expect(await reviewOf(IP)).toMatchObject({ status: 'denied', decidedBy: 'bob@example.com' });
    expect(await statusOf(IP)).toBe(401);
  });

  it('is withdrawn when somebody else answers', async () => {
    const bob = await addPerson(world.service, BOB);
    await statusOf(IP);
    const { id } = await titled(`Blocked: ${IP}`);
    await bob.api(`/v1/reviews/${(await reviewOf(IP)).id}/authorize`, { body: { scope: 'address' } });
    await gone(id);
  });

  it('cannot be answered by who may only look', async () => {
    const reader = await addPerson(world.service, { email: 'reader@example.com', permissions: [] });
    value(await world.connectTo(world.service, reader.secret));
    await waitFor('the reader', () => world.mirror().account?.me.email === 'reader@example.com');
    await statusOf(IP);
    expect(await titled(`Blocked: ${IP}`)).toMatchObject({ buttons: [] });
  });
});

describe('over starts of the console', () => {
  it('nothing is repeated, and what came meanwhile is told', async () => {
    await statusOf('203.0.113.1');
    await titled('Blocked: 203.0.113.1');
    await world.console.stop();
    await statusOf('203.0.113.2');
    world.startConsole();
    await titled('Blocked: 203.0.113.2');
    expect(world.console.presenter.shown.map(({ title }) => title)).toEqual(['Blocked: 203.0.113.2']);
    await world.console.stop();
    world.startConsole();
    await world.console.reach('online');
    await statusOf('203.0.113.3');
    await titled('Blocked: 203.0.113.3');
    expect(world.console.presenter.shown.map(({ title }) => title)).toEqual(['Blocked: 203.0.113.3']);
  });
});

describe('a pause', () => {
  it('ends with one summary of what is still open', async () => {
    world.console.core.notifications.snooze('hour');
    for (const host of [1, 2, 3, 4]) await statusOf(`203.0.113.${host}`);
    await waitFor('the reviews', () => world.mirror().reviews.length === 4);
    await world.service.api(`/v1/reviews/${(await reviewOf('203.0.113.4')).id}/deny`, { body: {} });
    await waitFor('the answer', () => world.mirror().reviews.some(({ status }) => status === 'denied'));
    expect(world.console.presenter.shown).toEqual([]);
    world.console.core.notifications.wake();
    expect(world.console.presenter.openTitles).toEqual([
      '3 unknown addresses called while notifications were paused',
    ]);
  });
});

describe('a storm', () => {
  it('of hundreds of addresses is a handful of notifications that tell of all', async () => {
    const count = 300;
    const addresses = Array.from({ length: count }, (_, n) => `198.18.${n >> 8}.${n & 255}`);
    const startedMs = Date.now();
    for (let start = 0; start < count; start += 50) {
      await Promise.all(addresses.slice(start, start + 50).map(statusOf));
    }
    await titled(`Blocked: ${count} addresses`);
    expect(open().map(({ id }) => id)).toEqual([`${world.console.core.id}:${SUMMARY_ID}`]);
    // A slow computer takes longer, and sees the summary grow more often.
    const growths = Math.ceil((Date.now() - startedMs) / SUMMARY_GROWTH_INTERVAL_MS);
    expect(world.console.presenter.shown.length).toBeLessThanOrEqual(MOST_OPEN + 1 + growths);
    expect(world.mirror().reviews.filter(({ status }) => status === 'pending')).toHaveLength(count);
    world.console.presenter.click(`${world.console.core.id}:${SUMMARY_ID}`);
    expect(world.console.windows.opened).toEqual(['console pending']);
  });
});

describe('a change of the mode', () => {
  it('is told when somebody else made it, and not when this console did', async () => {
    const bob = await addPerson(world.service, BOB);
    const { operationId } = value(setMode(world.console.core, { mode: 'automatic' }));
    await world.console.settled(operationId);
    await world.console.drained();
    await bob.api('/v1/account/mode', { method: 'PUT', body: { mode: 'deactivated' } });
    const told = await titled('Protection is deactivated');
    expect(told).toMatchObject({ urgency: 'critical' });
    expect(told.body).toContain('bob@example.com changed it from automatic mode at');
    expect(world.console.presenter.shown).toHaveLength(1);
    value(setMode(world.console.core, { mode: 'manual' }));
    await gone(told.id);
  });
});
