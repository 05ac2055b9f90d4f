import { describe, expect, it } from 'vitest';
import { authorizeButton } from '#electron/core/notify/notification-id';
import { addRange } from '#electron/core/use-cases/add-range';
import type { Range, Review } from '#shared/domain/entities';
import { value } from '#test/support/console/remote-world';
import { hostOf, IP, RANGE, titleOf, useTwoAccounts } from '#test/support/console/two-accounts';
import { startTestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const two = useTwoAccounts();
const { world } = two;

describe('two accounts', () => {
  it('are both polled and announced with their names, while one of them is shown', async () => {
    expect(two.shownUrl()).toBe(two.other.url);
    await world.service.check(two.secrets[0], IP);
    await two.other.check(two.secrets[1], IP);
    const [first, second] = [await two.titled(titleOf(world.service)), await two.titled(titleOf(two.other))];
    expect(first.id).not.toBe(second.id);
    await waitFor('the counts', () =>
      world.console.core.accounts.list().accounts.every(({ openReviews }) => openReviews === 1),
    );
    // Windows hear of the shown one only.
    const [shown] = world.mirror().reviews;
    const published = world.console.publisher.patches.flatMap(({ reviews }) => reviews?.upserted ?? []);
    expect(new Set(published.map(({ id }) => id))).toEqual(new Set([shown?.id]));
  });

  it('are answered from their notifications, without another one being shown', async () => {
    await world.service.check(two.secrets[0], IP);
    const { id } = await two.titled(titleOf(world.service));
    world.console.presenter.press(id, authorizeButton(3_600));
    await waitFor('the address to be let in', async () => {
      return (await world.service.check(two.secrets[0], IP)).status === 200;
    });
    expect((await two.other.check(two.secrets[1], IP)).status).toBe(401);
    expect(two.shownUrl()).toBe(two.other.url);
    expect(world.console.windows.opened).toEqual([]);
  });

  it('are shown by a click on a notification, whose windows fetch everything anew', async () => {
    await world.service.check(two.secrets[0], IP);
    const { id } = await two.titled(titleOf(world.service));
    const before = world.mirror().version;
    const review = await two.reviewIn(two.accountOf(world.service));
    world.console.presenter.click(id);
    expect(two.shownUrl()).toBe(world.service.url);
    expect(world.console.windows.opened).toEqual([`approval ${review.id}`]);
    expect(world.mirror().version).toBeGreaterThan(before + 1);
    expect(world.mirror().reviews).toMatchObject([{ id: review.id }]);
    // Back again the versions go on growing.
    const between = world.mirror().version;
    world.console.core.accounts.show(two.accountOf(two.other).id);
    expect(world.mirror().version).toBeGreaterThan(between + 1);
  });

  it('close the approval window of another, also when a notification leads to the console', async () => {
    await world.service.check(two.secrets[0], IP);
    const { id } = await two.titled(titleOf(world.service));
    world.console.presenter.click(id);
    const first = two.accountOf(world.service);
    expect(world.console.windows.approval?.accountId).toBe(first.id);
    // It leads to the console of the other account.
    two.accountOf(two.other).windows.openConsole('pending');
    expect(two.shownUrl()).toBe(two.other.url);
    expect(world.console.windows.approval).toBeUndefined();

    // A review of another account takes the window over.
    world.console.openReview('01ARZ3NDEKTSV4RRFFQ69G5FAV');
    expect(world.console.windows.approval).toMatchObject({ accountId: undefined });
    first.windows.openApproval('01ARZ3NDEKTSV4RRFFQ69G5FAV');
    expect(world.console.windows.approval).toMatchObject({ accountId: first.id });
    expect(world.console.windows.opened).toHaveLength(4);
  });

  it('are found by a link, also one that is faster than the feed', async () => {
    await world.service.check(two.secrets[0], IP);
    const { id } = await two.reviewIn(two.accountOf(world.service));
    world.console.openReview(id);
    expect(two.shownUrl()).toBe(world.service.url);
    expect(world.console.windows.opened).toEqual([`approval ${id}`]);

    await world.console.stop();
    await two.other.check(two.secrets[1], IP);
    const { items } = (await two.other.api('/v1/reviews')).json as { items: Review[] };
    const fresh = items[0]?.id ?? '';
    world.startConsole();
    world.console.openReview(fresh);
    expect(two.shownUrl()).toBe(world.service.url);
    await waitFor('the account of the review', () => two.shownUrl() === two.other.url);
    expect(world.console.windows.opened).toEqual([`approval ${fresh}`, `approval ${fresh}`]);
  });

  it('each send what waits, shown or not', async () => {
    // On a folder that outlives it.
    const dataDir = `${world.folder}/elsewhere`;
    const gone = await startTestService({ dataDir });
    value(await world.connectTo(gone));
    const account = two.accountOf(gone);
    world.console.core.accounts.show(two.accountOf(two.other).id);
    await gone.stop();
    await waitFor('the outage', () => account.replica.connection.kind === 'unreachable');
    value(addRange(account, RANGE));
    expect(world.mirror().sync.waiting).toBe(0);
    // The switcher says so of the one that is not shown.
    expect(world.console.core.accounts.list().accounts.map(({ unsent }) => unsent)).toEqual([0, 0, 1]);

    const back = await startTestService({
      dataDir,
      env: { GATEHOUSE_LISTEN: hostOf(gone) },
      mode: 'learning',
    });
    world.alsoStop(back);
    await waitFor('the range', async () => {
      const { items } = (await back.api('/v1/ranges')).json as { items: Range[] };
      return items.some(({ cidr }) => cidr === '192.0.2.1/32');
    });
    expect((await two.other.api('/v1/ranges')).json).toMatchObject({ items: [] });
    expect(two.shownUrl()).toBe(two.other.url);
  });

  it('keep their muted keys, and share a pause', () => {
    const [key] = world.mirror().keys;
    value(world.console.core.notifications.muteKey({ keyId: key?.id ?? '', muted: true }));
    world.console.core.notifications.snooze('hour');
    world.console.core.accounts.show(two.accountOf(world.service).id);
    const { mutedKeyIds, snoozedUntil } = world.console.core.notifications.state();
    expect(mutedKeyIds).toEqual([]);
    expect(snoozedUntil).not.toBeNull();
    expect(world.console.publisher.payloads('notifications.changed').at(-1)).toMatchObject({ mutedKeyIds });
  });
});

describe('the notices', () => {
  it('of a connection are shown with its account', () => {
    const { notices } = world.console.core;
    const notice = (title: string) =>
      ({ id: 'x', severity: 'info', words: () => ({ title, message: '' }) }) as const;
    two.accountOf(world.service).connectionNotices.add(notice('Of the first'));
    notices.add(notice('Of the console'));
    expect(notices.all()).toMatchObject([{ title: 'Of the console' }]);
    world.console.core.accounts.show(two.accountOf(world.service).id);
    expect(notices.all()).toMatchObject([{ title: 'Of the first' }, { title: 'Of the console' }]);
    expect(world.console.publisher.payloads('app.notices').at(-1)).toHaveLength(2);
  });
});
