import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forget } from '#electron/core/use-cases/forget';
import { retry } from '#electron/core/use-cases/retry';
import { setMode } from '#electron/core/use-cases/set-mode';
import { tellOfTray, tellUnsent } from '#electron/platform/farewell-notifications';
import { AskingVault, FakePresenter } from '#test/support/console/fakes';
import { value } from '#test/support/console/remote-world';
import { IP, online, titleOf, useTwoAccounts } from '#test/support/console/two-accounts';
import { startTestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const two = useTwoAccounts();
const { world } = two;

describe('several accounts at the start', () => {
  it('are opened by one prompt of the key store, whichever asks', async () => {
    await world.console.stop();
    const vault = new AskingVault();
    world.startConsole({ vault });
    vault.answer(false);
    const accounts = [two.accountOf(world.service), two.accountOf(two.other)];
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
    writeFileSync(file, readFileSync(file, 'utf8').replace(two.other.url, `http://127.0.0.1:${port}`));
    world.startConsole();
    await online(two.accountOf(world.service));
    const before = Date.now();
    await world.console.stop();
    expect(Date.now() - before).toBeLessThan(3_000);
    silent.close();
    world.startConsole();
  });

  it('are taken up again at the next start, the one shown last first', async () => {
    world.console.core.accounts.show(two.accountOf(world.service).id);
    const ids = world.console.core.accounts.list().accounts.map(({ id }) => id);
    await world.console.stop();
    world.startConsole();
    expect(two.shownUrl()).toBe(world.service.url);
    expect(world.console.core.accounts.list().accounts.map(({ id }) => id)).toEqual(ids);
    await Promise.all([online(two.accountOf(world.service)), online(two.accountOf(two.other))]);
    await two.other.check(two.secrets[1], IP);
    await two.titled(titleOf(two.other));
  });
});

describe('forgetting one account', () => {
  it('leaves the other, which is shown, and withdraws what was told of it alone', async () => {
    await world.service.check(two.secrets[0], IP);
    await two.other.check(two.secrets[1], IP);
    const [kept, gone] = [await two.titled(titleOf(world.service)), await two.titled(titleOf(two.other))];
    expect(value(await forget(world.console.core, { discardUnsent: false })).forgotten).toBe(true);
    expect(two.shownUrl()).toBe(world.service.url);
    expect([...world.console.presenter.open.keys()]).toContain(kept.id);
    expect([...world.console.presenter.open.keys()]).not.toContain(gone.id);
    // No window has seen the first screen in between.
    const kinds = world.console.publisher.patches.map(({ connection }) => connection?.kind);
    expect(kinds.slice(-5)).not.toContain('none');

    // The only one needs no name.
    await world.service.check(two.secrets[0], '203.0.113.10');
    await two.titled('Blocked: 203.0.113.10');
    await world.console.stop();
    world.startConsole();
    await world.console.reach('online');
    expect(world.console.core.accounts.list().accounts).toHaveLength(1);
  });

  it('asks about its own unsent edits, and not about those of the other', async () => {
    await world.service.stop();
    await waitFor('the outage', () => two.accountOf(world.service).replica.connection.kind === 'unreachable');
    value(setMode(two.accountOf(world.service), { mode: 'automatic' }));
    const waiting = two.accountOf(world.service);
    expect(value(await forget(waiting, { discardUnsent: false }))).toEqual({ forgotten: false, unsent: 1 });
    expect(value(await forget(two.accountOf(two.other), { discardUnsent: false })).forgotten).toBe(true);
    expect(waiting.replica.outbox?.unsent).toBe(1);
    world.replaceService(await startTestService());
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
