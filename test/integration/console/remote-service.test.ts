import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { LocalDatabase } from '#electron/core/store/database';
import { readJournal } from '#electron/core/store/outbox-journal';
import { connect } from '#electron/core/use-cases/connect';
import { createKey } from '#electron/core/use-cases/create-key';
import { forget } from '#electron/core/use-cases/forget';
import { retry } from '#electron/core/use-cases/retry';
import { setMode } from '#electron/core/use-cases/set-mode';
import { AskingVault, fakeVault } from '#test/support/console/fakes';
import { OWNER_TOKEN, startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';
import { useRemoteWorld, value } from '#test/support/console/remote-world';

const world = useRemoteWorld();
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('connecting', () => {
  it('checks the token before anything is saved or changed', async () => {
    const outcome = await world.connectTo(world.service, 'gt_wrong');
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'unauthorized', code: 'unauthorized' } });
    expect(world.mirror()).toMatchObject({ connection: { kind: 'none' }, account: null });
    expect(world.console.core.profile.read()).toMatchObject({ service: null, encryptedToken: null });
  });

  it.each([
    [
      { url: 'not a url at all', token: 'x' },
      { kind: 'invalid', field: 'url' },
    ],
    [
      { url: 'https://example.com', token: '  ' },
      { kind: 'invalid', field: 'token' },
    ],
    [
      { url: 'https://example.com', token: 'two words' },
      { kind: 'invalid', field: 'token' },
    ],
    [{ url: 'http://127.0.0.1:1', token: 'x' }, { kind: 'unreachable' }],
  ])('refuses %o', async (request, failure) => {
    expect(await connect(world.console.core, request)).toMatchObject({ ok: false, failure });
  });

  it('mirrors the account, and keeps the token encrypted', async () => {
    await world.service.api('/v1/ranges', { body: { cidr: '198.51.100.0/24', label: 'Office' } });
    value(await world.connectTo(world.service));
    await world.console.synced();
    await world.console.reach('online');
    expect(world.mirror()).toMatchObject({
      account: { name: 'owner@example.com', mode: 'manual' },
      ranges: [{ cidr: '198.51.100.0/24', label: 'Office' }],
    });
    const profile = JSON.stringify(world.console.core.profile.read());
    expect(profile).toContain(world.service.url);
    expect(profile).not.toContain(OWNER_TOKEN);
    expect(world.console.log.text).not.toContain(OWNER_TOKEN);
  });

  it('is taken up again at the next start, with what was known shown at once', async () => {
    value(await world.connectTo(world.service));
    await world.service.createKey('From before');
    await waitFor('the key', () => world.mirror().keys.length === 1);
    await world.console.stop();
    await world.service.createKey('From between');

    world.startConsole();
    expect(world.mirror()).toMatchObject({
      connection: { kind: 'connecting' },
      keys: [{ name: 'From before' }],
    });
    await waitFor('the other key', () => world.mirror().keys.length === 2);
    await world.console.reach('online');
  });

  it('asks for the token again where it could only be kept for the session', async () => {
    await world.console.stop();
    world.startConsole({ vault: fakeVault(false) });
    value(await world.connectTo(world.service));
    await world.console.reach('online');
    await world.console.stop();
    world.startConsole({ vault: fakeVault(false) });
    const state = await world.console.reach('unauthorized');
    expect(state).toMatchObject({ code: 'token_missing' });
    expect(state.message).toContain('This desktop has no key store');
    expect(world.mirror().account).not.toBeNull();
    value(await world.connectTo(world.service));
    await world.console.reach('online');
  });

  it('does not wait for a key store that asks a person, and keeps the token once it is unlocked', async () => {
    await world.console.stop();
    const vault = new AskingVault();
    world.startConsole({ vault });
    await world.connectAndSync();
    expect(vault.asked).toBe(1);
    expect(world.console.core.profile.read().encryptedToken).toBeNull();
    vault.answer(true);
    await waitFor('the token', () => world.console.core.profile.read().encryptedToken !== null);
  });

  it('offers to ask again where a person closed the question of the key store', async () => {
    await world.console.stop();
    const vault = new AskingVault();
    world.startConsole({ vault });
    await world.connectAndSync();
    vault.answer(false);
    await waitFor('the notice', () =>
      world.console.core.notices.all().some(({ action }) => action === 'keep_token'),
    );
    const again = world.console.core.tokens.keepAgain();
    expect(vault.asked).toBe(2);
    vault.answer(true);
    await again;
    expect(world.console.core.notices.all()).toEqual([]);
    expect(world.console.core.profile.read().encryptedToken).not.toBeNull();
  });

  it('keeps a token of nobody: the answer of the key store comes after the connection was forgotten', async () => {
    await world.console.stop();
    const vault = new AskingVault();
    world.startConsole({ vault });
    await world.connectAndSync();
    value(await forget(world.console.core, { discardUnsent: false }));
    vault.answer(true);
    await turn();
    expect(world.console.core.profile.read().encryptedToken).toBeNull();
  });

  it('shows what is known while the key store is locked at the start, and goes on once it is unlocked', async () => {
    await world.connectAndSync();
    await world.console.stop();
    const vault = new AskingVault();
    world.startConsole({ vault });
    expect(world.mirror()).toMatchObject({ connection: { kind: 'connecting' }, account: { mode: 'manual' } });
    expect(await world.console.reach('unauthorized')).toMatchObject({ code: 'token_waiting' });

    vault.answer(false);
    await waitFor('the key store to be locked', () => {
      const { connection } = world.mirror();
      return connection.kind === 'unauthorized' && connection.code === 'token_locked';
    });
    // Nothing is lost by that.
    expect(world.console.core.profile.read().encryptedToken).not.toBeNull();

    value(await retry(world.console.core));
    expect(vault.asked).toBe(2);
    vault.answer(true);
    await world.console.reach('online');
  });

  it('is forgotten with its token', async () => {
    value(await world.connectTo(world.service));
    await world.console.reach('online');
    expect(value(await forget(world.console.core, { discardUnsent: false }))).toEqual({
      forgotten: true,
      unsent: 0,
    });
    expect(world.mirror().connection).toEqual({ kind: 'none' });
    expect(world.console.core.profile.read()).toMatchObject({ service: null, encryptedToken: null });
    expect(setMode(world.console.core, { mode: 'automatic' })).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable' },
    });
    await world.console.stop();
    world.startConsole();
    expect(world.mirror().connection).toEqual({ kind: 'none' });
  });

  it('to another service never mixes the two', async () => {
    const other = await startTestService();
    world.alsoStop(other);
    await world.service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } });
    await other.api('/v1/ranges', { body: { cidr: '192.0.2.1' } });
    const { secret } = await world.service.createKey();
    await world.service.check(secret, '203.0.113.9');

    value(await world.connectTo(world.service));
    await waitFor('the log of the first', () => world.console.core.replica.store?.attempts.count() === 1);
    value(await world.connectTo(other));
    await waitFor('the ranges of the second', () => world.mirror().ranges.length === 1);
    await world.console.reach('online');
    expect(world.mirror()).toMatchObject({ ranges: [{ cidr: '192.0.2.1/32' }], keys: [], reviews: [] });
    expect(world.console.core.replica.store?.attempts.count()).toBe(0);
    expect([...(world.console.core.replica.store?.announced.subjects('review') ?? [])]).toEqual([]);
  });

  it('to another service leaves the connection as it is when this computer cannot keep its account', async () => {
    const other = await startTestService();
    world.alsoStop(other);
    await world.connectAndSync();
    const { id } = (await other.api('/v1/account')).json as { id: string };
    const folder = world.console.core.accountStores.folderOf({ kind: 'remote', url: other.url }, id);
    mkdirSync(folder, { recursive: true });
    const store = LocalDatabase.open(join(folder, 'store.sqlite'));
    store.exec('PRAGMA user_version = 1000');
    store.close();

    const outcome = await world.connectTo(other);
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'internal' } });
    expect(outcome.ok ? '' : outcome.failure.message).toContain('a newer version of Gatehouse');
    expect(world.console.core.profile.read().service).toMatchObject({ url: world.service.url });
    // It still hears what happens.
    await world.service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } });
    await waitFor('the range', () => world.mirror().ranges.length === 1);
    expect(world.mirror().connection).toMatchObject({ kind: 'online', service: { url: world.service.url } });
  });

  it('again to the service that is open goes on with the same store', async () => {
    await world.connectAndSync();
    const { store, service, accountId } = world.console.core.replica;
    if (service === null || accountId === null) throw new Error('no account is open');
    value(await world.connectTo(world.service));
    await world.console.reach('online');
    expect(world.console.core.replica.store).toBe(store);
    await world.service.stop();
    await world.console.reach('unreachable');
    value(setMode(world.console.core, { mode: 'automatic' }));
    const folder = world.console.core.accountStores.folderOf(service, accountId);
    expect(readJournal(join(folder, 'outbox.jsonl')).live).toHaveLength(1);
  });

  it('notices that the service behind the URL has become another one', async () => {
    const dataDir = makeTempDir('service');
    const url = new URL(world.service.url).host;
    const emptied = async (): Promise<TestService> =>
      startTestService({ dataDir, env: { GATEHOUSE_LISTEN: url } });
    await world.service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } });
    value(await world.connectTo(world.service));
    await waitFor('the ranges', () => world.mirror().ranges.length === 1);
    const account = world.mirror().account?.id;
    await world.service.stop();
    world.replaceService(await emptied());
    await waitFor(
      'the new account',
      () => world.mirror().account?.id !== account && world.mirror().ranges.length === 0,
    );
    await world.console.reach('online');
    await world.service.stop();
    removeTempDir(dataDir);
    world.replaceService(await startTestService());
  });

  it('twice at the same time connects both, and shows one of them whole', async () => {
    const other = await startTestService();
    world.alsoStop(other);
    await Promise.all([world.connectTo(world.service), world.connectTo(other)]);
    const state = await world.console.reach('online');
    expect(world.console.core.profile.read().service).toEqual(state.service);
    const expected = (await (state.service.url === other.url ? other : world.service).api('/v1/account'))
      .json;
    expect(world.mirror().account).toMatchObject({ id: (expected as { id: string }).id });
    expect(world.console.core.accounts.list().accounts).toHaveLength(2);
  });
});

describe('a service that goes away', () => {
  beforeEach(async () => {
    await world.connectAndSync();
  });

  it('is shown as unreachable since its last answer, and found again', async () => {
    const { url } = world.service;
    const before = Date.now();
    // The connections of `restart` are cut at once; the address is free again when it returns.
    const host = new URL(url).host;
    const dataDir = makeTempDir('gone');
    await world.service.stop();
    const state = await world.console.reach('unreachable');
    expect(state.message).toMatch(/Nothing answers|closed before/);
    expect(Date.parse(state.since)).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(state.since)).toBeGreaterThan(before - 60_000);
    expect(world.mirror().account).not.toBeNull();

    world.replaceService(await startTestService({ dataDir, env: { GATEHOUSE_LISTEN: host } }));
    value(await retry(world.console.core));
    await world.console.reach('online');
    await world.service.stop();
    removeTempDir(dataDir);
    world.replaceService(await startTestService());
  });

  it('says so to who wants something that cannot wait', async () => {
    await world.service.stop();
    expect(await createKey(world.console.core, { name: 'Batch' })).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable' },
    });
    world.replaceService(await startTestService());
  });
});

describe('a damaged local store', () => {
  it('is set aside with a message and rebuilt from the service', async () => {
    await world.service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } });
    value(await world.connectTo(world.service));
    await waitFor('the range', () => world.mirror().ranges.length === 1);
    const { service, accountId } = world.console.core.replica;
    if (service === null || accountId === null) throw new Error('no account is open');
    const folder = world.console.core.accountStores.folderOf(service, accountId);
    await world.console.stop();
    writeFileSync(join(folder, 'store.sqlite'), 'damaged '.repeat(1_000));

    world.startConsole();
    expect(world.console.core.notices.all()).toMatchObject([{ id: 'store-damaged', severity: 'warning' }]);
    expect(world.mirror()).toMatchObject({ connection: { kind: 'connecting' }, ranges: [] });
    await waitFor('the range again', () => world.mirror().ranges.length === 1);
    await world.console.reach('online');
  });
});
