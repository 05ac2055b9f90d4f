import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal, ServiceContext } from '#service/policy/context';
import type { ChangeContext } from '#service/policy/impact';
import { setMode } from '#service/policy/mode';
import { loadPolicies } from '#service/policy/policy-directory';
import { systemClock } from '#service/runtime/clock';
import { FeedHub } from '#service/storage/feed-hub';
import { createIdFactory } from '#service/runtime/ids';
import { createWriter } from '#service/storage/writer';
import { openTestStorage } from '#test/support/service/test-database';
import { startTestService } from '#test/support/service/test-service';
import { quietContext } from '#test/support/service/quiet-context';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

describe('the mode', () => {
  let dataDir: string;
  let context: ServiceContext & ChangeContext;
  let principal: Principal;

  beforeEach(async () => {
    dataDir = makeTempDir('mode');
    await (await startTestService({ dataDir })).stop();
    const storage = await openTestStorage(dataDir);
    const hub = new FeedHub();
    const writer = createWriter(storage, hub, systemClock, createIdFactory(systemClock));
    context = {
      storage,
      writer,
      hub,
      clock: systemClock,
      directory: await loadPolicies(storage),
      learningWindowMs: 1000,
      ...quietContext,
    };
    const owner = await storage.read.users.firstOwner();
    if (owner === undefined) throw new Error('no owner');
    principal = {
      accountId: owner.account_id,
      actor: { kind: 'user', id: owner.id, name: owner.email },
      userId: owner.id,
      email: owner.email,
      role: 'owner',
      permissions: [],
      tokenExpiresAt: null,
      via: 'api',
    };
  });
  afterEach(async () => {
    await context.storage.close();
    removeTempDir(dataDir);
  });

  it('ends as the later of two who set it at once wants it, also when that is the mode from before', async () => {
    await Promise.all([
      setMode(context, principal, { mode: 'deactivated' }),
      setMode(context, principal, { mode: 'manual' }),
    ]);
    const account = await context.storage.read.accounts.get(principal.accountId);
    expect([account.mode, account.revision]).toEqual(['manual', 3]);
    expect(context.directory.account(principal.accountId).mode).toBe('manual');
  });

  it('that holds already is no change of policy', async () => {
    await setMode(context, principal, { mode: 'manual' });
    const account = await context.storage.read.accounts.get(principal.accountId);
    // Only what the test's service was set to at first.
    expect(account.revision).toBe(1);
    expect((await context.storage.read.audit.page(principal.accountId, { limit: 10 })).items).toHaveLength(1);
  });
});
