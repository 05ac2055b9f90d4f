import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addRange } from '#electron/core/use-cases/add-range';
import { forget } from '#electron/core/use-cases/forget';
import { retry } from '#electron/core/use-cases/retry';
import { setMode } from '#electron/core/use-cases/set-mode';
import { useEmbedded } from '#electron/core/use-cases/use-embedded';
import type { Range } from '#shared/domain/entities';
import { inProcessEmbedded } from '#test/support/console/in-process-embedded';
import { value } from '#test/support/console/remote-world';
import { hostOf, IP, online, RANGE, titleOf, useTwoAccounts } from '#test/support/console/two-accounts';
import { addPerson } from '#test/support/service/people';
import { startTestService } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const two = useTwoAccounts();
const { world } = two;

describe('a further account', () => {
  it('disturbs none of those that are connected', async () => {
    const third = await startTestService();
    world.alsoStop(third);
    const before = [two.accountOf(world.service), two.accountOf(two.other)].map(
      ({ replica }) => replica.connection,
    );
    value(await world.connectTo(third));
    await world.console.reach('online');
    const after = [two.accountOf(world.service), two.accountOf(two.other)].map(
      ({ replica }) => replica.connection,
    );
    expect(after).toEqual(before);
    await world.service.check(two.secrets[0], IP);
    await two.titled(titleOf(world.service));
  });

  it('may be the one of the service on this computer, of which there is one', async () => {
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
    await Promise.all([online(two.accountOf(world.service)), online(two.accountOf(two.other))]);
  });
});

describe('a service of its own that has never started', () => {
  it('gives its place to the one that is connected instead', async () => {
    await world.console.stop();
    world.startConsole({ folder: `${world.folder}/first-start`, listenOverride: 'nonsense' });
    await world.console.reach('failed');
    value(await world.connectTo(two.other));
    await world.console.reach('online');
    expect(world.console.core.accounts.list().accounts).toMatchObject([{ service: { url: two.other.url } }]);
  });

  it('is no account beside others', async () => {
    await world.console.stop();
    world.startConsole({ listenOverride: 'nonsense' });
    expect(await useEmbedded(world.console.core)).toMatchObject({ ok: false });
    expect(world.console.core.accounts.list().accounts).toHaveLength(2);
    expect(two.shownUrl()).toBe(two.other.url);
  });
});

describe('another token', () => {
  it('of an account that is connected renews it, and of a person in both changes one', async () => {
    const person = await addPerson(two.other, { email: 'bob@example.com' });
    value(await world.connectTo(two.other, person.secret));
    await waitFor('the person', () => world.mirror().account?.me.email === 'bob@example.com');
    expect(world.console.core.accounts.list().accounts).toHaveLength(2);
    expect(two.accountOf(world.service).replica.view.account?.me.email).toBe('owner@example.com');
  });

  it('that is refused leaves everything as it is', async () => {
    expect(await world.connectTo(world.service, 'gt_wrong')).toMatchObject({ ok: false });
    expect(two.shownUrl()).toBe(two.other.url);
    expect(world.console.core.accounts.list().accounts).toHaveLength(2);
    await online(two.accountOf(world.service));
  });
});

describe('the same person', () => {
  it('may be in two accounts, each of which gets what is meant for it, in the name that it knows', async () => {
    const email = 'bob@example.com';
    const people = await Promise.all(
      [world.service, two.other].map((service) => addPerson(service, { email, role: 'owner' })),
    );
    for (const [index, service] of [world.service, two.other].entries()) {
      value(await world.connectTo(service, people[index]?.secret ?? ''));
      const account = two.accountOf(service);
      await waitFor('the person', () => account.replica.view.account?.me.email === email);
      value(addRange(account, { ...RANGE, cidr: `192.0.2.${index + 1}` }));
      await waitFor('the range to be sent', () => account.replica.outbox?.unsent === 0);
    }
    const ranges = await Promise.all(
      [world.service, two.other].map(
        async (service) => ((await service.api('/v1/ranges')).json as { items: Range[] }).items,
      ),
    );
    expect(ranges).toMatchObject([
      [{ cidr: '192.0.2.1/32', createdBy: email }],
      [{ cidr: '192.0.2.2/32', createdBy: email }],
    ]);
    expect(world.console.core.accounts.named().map(({ name }) => name)).toEqual([
      `owner@example.com (${hostOf(world.service)})`,
      `owner@example.com (${hostOf(two.other)})`,
    ]);
  });
});

describe('two accounts of one service', () => {
  it('stay apart, in folders of their own', async () => {
    const dataDirs = ['one', 'two'].map((name) => `${world.folder}/${name}`);
    const before = await startTestService({ dataDir: dataDirs[0] ?? '' });
    const person = await addPerson(before, { permissions: ['authorized_ips'] });
    value(await world.connectTo(before, person.secret));
    const first = two.accountOf(before);
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
