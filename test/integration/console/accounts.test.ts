import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { authorizeButton } from '#electron/core/notify/notification-id';
import { addRange } from '#electron/core/use-cases/add-range';
import type { CoreContext } from '#electron/core/use-cases/context';
import { forget } from '#electron/core/use-cases/forget';
import { retry } from '#electron/core/use-cases/retry';
import { setMode } from '#electron/core/use-cases/set-mode';
import { useEmbedded } from '#electron/core/use-cases/use-embedded';
import { tellOfTray, tellUnsent } from '#electron/platform/farewell-notifications';
import type { Range, Review } from '#shared/domain/entities';
import { AskingVault, FakePresenter, type ShownAnnouncement } from '#test/support/console/fakes';
import { inProcessEmbedded } from '#test/support/console/in-process-embedded';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { addPerson } from '#test/support/service/people';
import { startTestService, type TestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const world = useRemoteWorld();
const IP = '203.0.113.9';
const RANGE = {
  cidr: '192.0.2.1',
  effect: 'authorize',
  label: '',
  keyId: null,
  expiresAt: null,
  allowWide: false,
} as const;

let other: TestService;
let secrets: readonly [string, string];
beforeEach(async () => {
  other = await startTestService();
  world.alsoStop(other);
  secrets = [(await world.service.createKey()).secret, (await other.createKey()).secret];
  await world.connectAndSync();
  value(await world.connectTo(other));
  await world.console.reach('online');
  await world.console.synced();
});

/** The account of a service, shown or not. */
function accountOf({ url }: TestService): CoreContext {
  const found = world.console.core.accounts.all().find(({ replica }) => replica.service?.url === url);
  if (found === undefined) throw new Error(`No account of ${url} is connected.`);
  return found;
}
const hostOf = ({ url }: TestService): string => new URL(url).host;
const shownUrl = (): string | undefined => world.console.core.replica.service?.url;
const reviewIn = (account: CoreContext): Promise<Review> =>
  waitFor('a pending review', () => account.replica.reviews().find(({ status }) => status === 'pending'));
const titled = (title: string): Promise<ShownAnnouncement> =>
  waitFor(`a notification ${title}`, () =>
    [...world.console.presenter.open.values()].find((shown) => shown.title === title),
  );
const titleOf = (service: TestService): string => `Blocked: ${IP} · owner@example.com (${hostOf(service)})`;
const online = (account: CoreContext): Promise<unknown> =>
  waitFor('the account to be online', () => account.replica.connection.kind === 'online');

describe('two accounts', () => {
  it('are both polled and announced with their names, while one of them is shown', async () => {
    expect(shownUrl()).toBe(other.url);
    await world.service.check(secrets[0], IP);
    await other.check(secrets[1], IP);
    const [first, second] = [await titled(titleOf(world.service)), await titled(titleOf(other))];
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
    await world.service.check(secrets[0], IP);
    const { id } = await titled(titleOf(world.service));
    world.console.presenter.press(id, authorizeButton(3_600));
    await waitFor('the address to be let in', async () => {
      return (await world.service.check(secrets[0], IP)).status === 200;
    });
    expect((await other.check(secrets[1], IP)).status).toBe(401);
    expect(shownUrl()).toBe(other.url);
    expect(world.console.windows.opened).toEqual([]);
  });

  it('are shown by a click on a notification, whose windows fetch everything anew', async () => {
    await world.service.check(secrets[0], IP);
    const { id } = await titled(titleOf(world.service));
    const before = world.mirror().version;
    const review = await reviewIn(accountOf(world.service));
    world.console.presenter.click(id);
    expect(shownUrl()).toBe(world.service.url);
    expect(world.console.windows.opened).toEqual([`approval ${review.id}`]);
    expect(world.mirror().version).toBeGreaterThan(before + 1);
    expect(world.mirror().reviews).toMatchObject([{ id: review.id }]);
    // Back again the versions go on growing.
    const between = world.mirror().version;
    world.console.core.accounts.show(accountOf(other).id);
    expect(world.mirror().version).toBeGreaterThan(between + 1);
  });

  it('close the approval window of another, also when a notification leads to the console', async () => {
    await world.service.check(secrets[0], IP);
    const { id } = await titled(titleOf(world.service));
    world.console.presenter.click(id);
    const first = accountOf(world.service);
    expect(world.console.windows.approval?.accountId).toBe(first.id);
    // It leads to the console of the other account.
    accountOf(other).windows.openConsole('pending');
    expect(shownUrl()).toBe(other.url);
    expect(world.console.windows.approval).toBeUndefined();

    // A review of another account takes the window over.
    world.console.openReview('01ARZ3NDEKTSV4RRFFQ69G5FAV');
    expect(world.console.windows.approval).toMatchObject({ accountId: undefined });
    first.windows.openApproval('01ARZ3NDEKTSV4RRFFQ69G5FAV');
    expect(world.console.windows.approval).toMatchObject({ accountId: first.id });
    expect(world.console.windows.opened).toHaveLength(4);
  });

  it('are found by a link, also one that is faster than the feed', async () => {
    await world.service.check(secrets[0], IP);
    const { id } = await reviewIn(accountOf(world.service));
    world.console.openReview(id);
    expect(shownUrl()).toBe(world.service.url);
    expect(world.console.windows.opened).toEqual([`approval ${id}`]);

    await world.console.stop();
    await other.check(secrets[1], IP);
    const { items } = (await other.api('/v1/reviews')).json as { items: Review[] };
    const fresh = items[0]?.id ?? '';
    world.startConsole();
    world.console.openReview(fresh);
    expect(shownUrl()).toBe(world.service.url);
    await waitFor('the account of the review', () => shownUrl() === other.url);
    expect(world.console.windows.opened).toEqual([`approval ${fresh}`, `approval ${fresh}`]);
  });

  it('each send what waits, shown or not', async () => {
    // On a folder that outlives it.
    const dataDir = `${world.folder}/elsewhere`;
    const gone = await startTestService({ dataDir });
    value(await world.connectTo(gone));
    const account = accountOf(gone);
    world.console.core.accounts.show(accountOf(other).id);
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
    expect((await other.api('/v1/ranges')).json).toMatchObject({ items: [] });
    expect(shownUrl()).toBe(other.url);
  });

  it('are not disturbed by a third one', async () => {
    const third = await startTestService();
    world.alsoStop(third);
    const before = [accountOf(world.service), accountOf(other)].map(({ replica }) => replica.connection);
    value(await world.connectTo(third));
    await world.console.reach('online');
    const after = [accountOf(world.service), accountOf(other)].map(({ replica }) => replica.connection);
    expect(after).toEqual(before);
  });

  it('are opened by one prompt of the key store, whichever asks', async () => {
    await world.console.stop();
    const vault = new AskingVault();
    world.startConsole({ vault });
    vault.answer(false);
    const accounts = [accountOf(world.service), accountOf(other)];
    await waitFor('both to be locked', () =>
      accounts.every(({ replica: { connection } }) => {
        return connection.kind === 'unauthorized' && connection.code === 'token_locked';
      }),
    );
    value(await retry(world.console.core));
    vault.answer(true);
    await Promise.all(accounts.map(online));
  });

  it('do not wait for one that does not come back', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await world.console.stop();
    const file = join(world.folder, 'profile.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(other.url, `http://127.0.0.1:${port}`));
    world.startConsole();
    await online(accountOf(world.service));
    const before = Date.now();
    await world.console.stop();
    expect(Date.now() - before).toBeLessThan(3_000);
    silent.close();
    world.startConsole();
  });

  it('are taken up again at the next start, the one shown last first', async () => {
    world.console.core.accounts.show(accountOf(world.service).id);
    const ids = world.console.core.accounts.list().accounts.map(({ id }) => id);
    await world.console.stop();
    world.startConsole();
    expect(shownUrl()).toBe(world.service.url);
    expect(world.console.core.accounts.list().accounts.map(({ id }) => id)).toEqual(ids);
    await Promise.all([online(accountOf(world.service)), online(accountOf(other))]);
    await other.check(secrets[1], IP);
    await titled(titleOf(other));
  });

  it('have one service each on this computer at most, beside others', async () => {
    await world.console.stop();
    const { fork, starts } = inProcessEmbedded();
    world.startConsole({ fork });
    value(await useEmbedded(world.console.core));
    await world.console.reach('online');
    value(await useEmbedded(world.console.core));
    await world.console.reach('online');
    const { accounts } = world.console.core.accounts.list();
    expect(accounts.map(({ service }) => service.kind)).toEqual(['remote', 'remote', 'embedded']);
    expect(starts).toHaveLength(2);
    await Promise.all([online(accountOf(world.service)), online(accountOf(other))]);
  });

  it('keep their muted keys, and share a pause', () => {
    const [key] = world.mirror().keys;
    value(world.console.core.notifications.muteKey({ keyId: key?.id ?? '', muted: true }));
    world.console.core.notifications.snooze('hour');
    world.console.core.accounts.show(accountOf(world.service).id);
    const { mutedKeyIds, snoozedUntil } = world.console.core.notifications.state();
    expect(mutedKeyIds).toEqual([]);
    expect(snoozedUntil).not.toBeNull();
    expect(world.console.publisher.payloads('notifications.changed').at(-1)).toMatchObject({ mutedKeyIds });
  });
});

describe('a service of its own that has never started', () => {
  it('gives its place to the one that is connected instead', async () => {
    await world.console.stop();
    world.startConsole({ folder: `${world.folder}/first-start`, listenOverride: 'nonsense' });
    await world.console.reach('failed');
    value(await world.connectTo(other));
    await world.console.reach('online');
    expect(world.console.core.accounts.list().accounts).toMatchObject([{ service: { url: other.url } }]);
  });

  it('is no account beside others', async () => {
    await world.console.stop();
    world.startConsole({ listenOverride: 'nonsense' });
    expect(await useEmbedded(world.console.core)).toMatchObject({ ok: false });
    expect(world.console.core.accounts.list().accounts).toHaveLength(2);
    expect(shownUrl()).toBe(other.url);
  });
});

describe('another token', () => {
  it('of an account that is connected renews it, and of a person in both changes one', async () => {
    const person = await addPerson(other, { email: 'bob@example.com' });
    value(await world.connectTo(other, person.secret));
    await waitFor('the person', () => world.mirror().account?.me.email === 'bob@example.com');
    expect(world.console.core.accounts.list().accounts).toHaveLength(2);
    expect(accountOf(world.service).replica.view.account?.me.email).toBe('owner@example.com');
  });

  it('that is refused leaves everything as it is', async () => {
    expect(await world.connectTo(world.service, 'gt_wrong')).toMatchObject({ ok: false });
    expect(shownUrl()).toBe(other.url);
    expect(world.console.core.accounts.list().accounts).toHaveLength(2);
    await online(accountOf(world.service));
  });
});

describe('two accounts of one service', () => {
  it('stay apart, in folders of their own', async () => {
    const dataDirs = ['one', 'two'].map((name) => `${world.folder}/${name}`);
    const before = await startTestService({ dataDir: dataDirs[0] ?? '' });
    const person = await addPerson(before, { permissions: ['authorized_ips'] });
    value(await world.connectTo(before, person.secret));
    const first = accountOf(before);
    await online(first);
    await before.stop();
    const env = { GATEHOUSE_LISTEN: hostOf(before) };
    const after = await startTestService({ dataDir: dataDirs[1] ?? '', env });
    // The person's token is of the other account.
    await waitFor('the token to be refused', () => first.replica.connection.kind === 'unauthorized');
    value(await world.connectTo(after));
    const second = world.console.core;
    await online(second);
    expect(second.id).not.toBe(first.id);
    expect(second.replica.accountId).not.toBe(first.replica.accountId);
    expect(first.replica.view.account?.me.email).toBe(person.user.email);

    // The owner's token is known to both, so that the older one has the same account for both connections.
    await after.stop();
    world.alsoStop(await startTestService({ dataDir: dataDirs[0] ?? '', env }));
    value(await retry(first));
    const { message } = await waitFor('the second to be refused', () => {
      const { connection } = second.replica;
      return connection.kind === 'unreachable' && connection.trouble === 'console' && connection;
    });
    expect(message).toContain('This account is connected already.');

    const folders = [first, second].map(({ accountStores, replica: { service, accountId } }) =>
      accountStores.folderOf(service ?? { kind: 'embedded', url: '' }, accountId ?? ''),
    );
    value(await forget(second, { discardUnsent: false }));
    expect(folders.map((folder) => existsSync(folder))).toEqual([true, false]);
    await online(first);
    value(setMode(first, { mode: 'automatic' }));
    await waitFor('its edit to be sent', () => first.replica.outbox?.unsent === 0);
  });
});

describe('forgetting one account', () => {
  it('leaves the other, which is shown, and withdraws what was told of it alone', async () => {
    await world.service.check(secrets[0], IP);
    await other.check(secrets[1], IP);
    const [kept, gone] = [await titled(titleOf(world.service)), await titled(titleOf(other))];
    expect(value(await forget(world.console.core, { discardUnsent: false })).forgotten).toBe(true);
    expect(shownUrl()).toBe(world.service.url);
    expect([...world.console.presenter.open.keys()]).toContain(kept.id);
    expect([...world.console.presenter.open.keys()]).not.toContain(gone.id);
    // No window has seen the first screen in between.
    const kinds = world.console.publisher.patches.map(({ connection }) => connection?.kind);
    expect(kinds.slice(-5)).not.toContain('none');

    // The only one needs no name.
    await world.service.check(secrets[0], '203.0.113.10');
    await titled('Blocked: 203.0.113.10');
    await world.console.stop();
    world.startConsole();
    await world.console.reach('online');
    expect(world.console.core.accounts.list().accounts).toHaveLength(1);
  });

  it('asks about its own unsent edits, and not about those of the other', async () => {
    await world.service.stop();
    await waitFor('the outage', () => accountOf(world.service).replica.connection.kind === 'unreachable');
    value(setMode(accountOf(world.service), { mode: 'automatic' }));
    const waiting = accountOf(world.service);
    expect(value(await forget(waiting, { discardUnsent: false }))).toEqual({ forgotten: false, unsent: 1 });
    expect(value(await forget(accountOf(other), { discardUnsent: false })).forgotten).toBe(true);
    expect(waiting.replica.outbox?.unsent).toBe(1);
    world.replaceService(await startTestService());
  });
});

describe('the notices', () => {
  it('of a connection are shown with its account', () => {
    const { notices } = world.console.core;
    const notice = { id: 'x', severity: 'info', title: 'Of the first', message: '' } as const;
    accountOf(world.service).connectionNotices.add(notice);
    notices.add({ ...notice, title: 'Of the console' });
    expect(notices.all()).toMatchObject([{ title: 'Of the console' }]);
    world.console.core.accounts.show(accountOf(world.service).id);
    expect(notices.all()).toMatchObject([{ title: 'Of the first' }, { title: 'Of the console' }]);
    expect(world.console.publisher.payloads('app.notices').at(-1)).toHaveLength(2);
  });
});

describe('notifications of the console itself', () => {
  it('are taken back at the next start, and open the window', async () => {
    await world.console.stop();
    const presenter = new FakePresenter();
    tellUnsent(3, presenter);
    tellOfTray(presenter);
    world.startConsole({ presenter });
    expect(presenter.openTitles).toEqual([]);
    tellOfTray(presenter);
    presenter.click([...presenter.open.keys()][0] ?? '');
    expect(world.console.windows.opened).toEqual(['console']);
  });
});
