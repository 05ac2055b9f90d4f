import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addRange } from '#electron/core/use-cases/add-range';
import { authorizeReview } from '#electron/core/use-cases/authorize-review';
import { connect } from '#electron/core/use-cases/connect';
import { createKey } from '#electron/core/use-cases/create-key';
import { denyReview } from '#electron/core/use-cases/deny-review';
import { forget } from '#electron/core/use-cases/forget';
import { removeRange } from '#electron/core/use-cases/remove-range';
import { retry } from '#electron/core/use-cases/retry';
import { revokeKey } from '#electron/core/use-cases/revoke-key';
import { rotateKey } from '#electron/core/use-cases/rotate-key';
import { setMode } from '#electron/core/use-cases/set-mode';
import type { Outcome } from '#shared/ipc/failure';
import { fakeVault } from '#test/support/console/fakes';
import {
  CHOSEN_NOTHING,
  startConsole,
  type TestConsole,
  type TestConsoleOptions,
} from '#test/support/console/test-console';
import { OWNER_TOKEN, startTestService, type TestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

let service: TestService;
let folder: string;
let console: TestConsole;
const alsoRunning: TestService[] = [];

const value = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
};
const start = (options: TestConsoleOptions = {}): TestConsole => startConsole({ folder, ...options });
const connectTo = async (to: TestService, token = OWNER_TOKEN): Promise<Outcome<undefined>> =>
  connect(console.core, { url: to.url, token });
const mirror = () => console.core.replica.snapshot();
const pendingReview = () =>
  waitFor('a pending review', () => mirror().reviews.find(({ status }) => status === 'pending'));

beforeEach(async () => {
  service = await startTestService();
  folder = makeTempDir('console');
  writeFileSync(join(folder, 'profile.json'), CHOSEN_NOTHING);
  console = start();
});
afterEach(async () => {
  await console.stop();
  await service.stop();
  for (const other of alsoRunning.splice(0)) await other.stop();
  removeTempDir(folder);
});

describe('connecting', () => {
  it('checks the token before anything is saved or changed', async () => {
    const outcome = await connectTo(service, 'gt_wrong');
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'unauthorized', code: 'unauthorized' } });
    expect(mirror()).toMatchObject({ connection: { kind: 'none' }, account: null });
    expect(console.core.profile.read()).toMatchObject({ service: null, encryptedToken: null });
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
    expect(await connect(console.core, request)).toMatchObject({ ok: false, failure });
  });

  it('mirrors the account, and keeps the token encrypted', async () => {
    await service.api('/v1/ranges', { body: { cidr: '198.51.100.0/24', label: 'Office' } });
    value(await connectTo(service));
    await console.synced();
    await console.reach('online');
    expect(mirror()).toMatchObject({
      account: { name: 'owner@example.com', mode: 'manual' },
      ranges: [{ cidr: '198.51.100.0/24', label: 'Office' }],
    });
    const profile = JSON.stringify(console.core.profile.read());
    expect(profile).toContain(service.url);
    expect(profile).not.toContain(OWNER_TOKEN);
    expect(console.log.text).not.toContain(OWNER_TOKEN);
  });

  it('is taken up again at the next start, with what was known shown at once', async () => {
    value(await connectTo(service));
    await service.createKey('From before');
    await waitFor('the key', () => mirror().keys.length === 1);
    await console.stop();
    await service.createKey('From between');

    console = start();
    expect(mirror()).toMatchObject({ connection: { kind: 'connecting' }, keys: [{ name: 'From before' }] });
    await waitFor('the other key', () => mirror().keys.length === 2);
    await console.reach('online');
  });

  it('asks for the token again where it could only be kept for the session', async () => {
    await console.stop();
    console = start({ vault: fakeVault(false) });
    value(await connectTo(service));
    await console.reach('online');
    await console.stop();
    console = start({ vault: fakeVault(false) });
    const state = await console.reach('unauthorized');
    expect(state).toMatchObject({ code: 'token_missing' });
    expect(state.message).toContain('There is no key store.');
    expect(mirror().account).not.toBeNull();
    value(await connectTo(service));
    await console.reach('online');
  });

  it('is forgotten with its token', async () => {
    value(await connectTo(service));
    await console.reach('online');
    value(await forget(console.core));
    expect(mirror().connection).toEqual({ kind: 'none' });
    expect(console.core.profile.read()).toMatchObject({ service: null, encryptedToken: null });
    expect(await setMode(console.core, { mode: 'automatic' })).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable' },
    });
    await console.stop();
    console = start();
    expect(mirror().connection).toEqual({ kind: 'none' });
  });

  it('to another service never mixes the two', async () => {
    const other = await startTestService();
    alsoRunning.push(other);
    await service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } });
    await other.api('/v1/ranges', { body: { cidr: '192.0.2.1' } });
    const { secret } = await service.createKey();
    await service.check(secret, '203.0.113.9');

    value(await connectTo(service));
    await waitFor('the log of the first', () => console.core.store.attempts.count() === 1);
    value(await connectTo(other));
    await waitFor('the ranges of the second', () => mirror().ranges.length === 1);
    await console.reach('online');
    expect(mirror()).toMatchObject({ ranges: [{ cidr: '192.0.2.1/32' }], keys: [], reviews: [] });
    expect(console.core.store.attempts.count()).toBe(0);
    expect(console.core.store.announced.ids().size).toBe(0);
  });

  it('notices that the service behind the URL has become another one', async () => {
    const dataDir = makeTempDir('service');
    const url = new URL(service.url).host;
    const emptied = async (): Promise<TestService> =>
      startTestService({ dataDir, env: { GATEHOUSE_LISTEN: url } });
    await service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } });
    value(await connectTo(service));
    await waitFor('the ranges', () => mirror().ranges.length === 1);
    const account = mirror().account?.id;
    await service.stop();
    service = await emptied();
    await waitFor('the new account', () => mirror().account?.id !== account && mirror().ranges.length === 0);
    await console.reach('online');
    await service.stop();
    removeTempDir(dataDir);
    service = await startTestService();
  });

  it('twice at the same time ends with one of the two, whole', async () => {
    const other = await startTestService();
    alsoRunning.push(other);
    await Promise.all([connectTo(service), connectTo(other)]);
    const state = await console.reach('online');
    expect(console.core.profile.read().service).toEqual(state.service);
    const expected = (await (state.service.url === other.url ? other : service).api('/v1/account')).json;
    expect(mirror().account).toMatchObject({ id: (expected as { id: string }).id });
  });
});

describe('a service that goes away', () => {
  beforeEach(async () => {
    value(await connectTo(service));
    await console.reach('online');
    await console.synced();
  });

  it('is shown as unreachable since its last answer, and found again', async () => {
    const { url } = service;
    const before = Date.now();
    // The connections of `restart` are cut at once; the address is free again when it returns.
    const host = new URL(url).host;
    const dataDir = makeTempDir('gone');
    await service.stop();
    const state = await console.reach('unreachable');
    expect(state.message).toMatch(/Nothing answers|closed before/);
    expect(Date.parse(state.since)).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(state.since)).toBeGreaterThan(before - 60_000);
    expect(mirror().account).not.toBeNull();

    service = await startTestService({ dataDir, env: { GATEHOUSE_LISTEN: host } });
    value(await retry(console.core));
    await console.reach('online');
    await service.stop();
    removeTempDir(dataDir);
    service = await startTestService();
  });

  it('says so to who wants to write', async () => {
    await service.stop();
    const outcome = await addRange(console.core, {
      cidr: '192.0.2.1',
      effect: 'authorize',
      label: '',
      keyId: null,
      expiresAt: null,
      allowWide: false,
    });
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
    service = await startTestService();
  });
});

describe('a blocked call', () => {
  let secret: string;
  beforeEach(async () => {
    ({ secret } = await service.createKey());
    value(await connectTo(service));
    await console.reach('online');
    await console.synced();
  });

  it('becomes a notification within a second; a click and a decision let the next call in', async () => {
    const calledAt = Date.now();
    expect((await service.check(secret, '203.0.113.9')).status).toBe(401);
    const shown = await waitFor('the notification', () => console.notifier.shown[0]);
    expect(Date.now() - calledAt).toBeLessThan(1_000);
    expect(shown.title).toBe('Blocked: 203.0.113.9');

    shown.click();
    const review = await pendingReview();
    expect(console.windows.opened).toEqual([`approval ${review.id}`]);
    const { range } = value(
      await authorizeReview(console.core, { reviewId: review.id, scope: 'address', thisKeyOnly: false }),
    );
    // At once, without waiting for a poll.
    expect(mirror().ranges).toEqual([range]);
    expect(mirror().reviews).toMatchObject([{ id: review.id, status: 'authorized' }]);
    expect((await service.check(secret, '203.0.113.9')).status).toBe(200);

    await waitFor('both calls in the log', () => console.core.store.attempts.count() === 2);
    const { version } = await waitFor('the use', () => mirror().ranges.find(({ uses }) => uses > 0));
    value(await removeRange(console.core, { rangeId: range.id, version }));
    expect(mirror().ranges).toEqual([]);
    expect((await service.check(secret, '203.0.113.9')).status).toBe(401);
  });

  it('that was denied can take the key’s secret away', async () => {
    await service.check(secret, '203.0.113.9');
    const { id } = await pendingReview();
    const denied = value(
      await denyReview(console.core, { reviewId: id, rotateKey: true, addDenyRange: true }),
    );
    expect(denied.secret).toMatch(/^gk_/);
    expect(denied.secret).not.toBe(secret);
    expect(mirror().ranges).toMatchObject([{ cidr: '203.0.113.9/32', effect: 'deny' }]);
    expect(console.log.text).not.toContain(denied.secret);
  });

  it('that somebody else has answered is a conflict, and shown as it stands', async () => {
    await service.check(secret, '203.0.113.9');
    const { id } = await pendingReview();
    await service.api(`/v1/reviews/${id}/deny`, { body: {} });
    const outcome = await authorizeReview(console.core, {
      reviewId: id,
      scope: 'address',
      thisKeyOnly: false,
    });
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'conflict', code: 'already_decided' } });
    expect(mirror().reviews).toMatchObject([{ id, status: 'denied' }]);
    await waitFor('the notification to go', () => console.notifier.open.size === 0);
  });
});

describe('edits', () => {
  const body = {
    effect: 'authorize',
    label: '',
    keyId: null,
    expiresAt: null,
    allowWide: false,
  } as const;
  beforeEach(async () => {
    value(await connectTo(service));
    await console.reach('online');
    await console.synced();
  });

  it('of ranges show at once, and failures name the field', async () => {
    const ranges = value(await addRange(console.core, { ...body, cidr: '203.0.113.10-203.0.113.12' }));
    expect(ranges.map(({ cidr }) => cidr)).toEqual(['203.0.113.10/31', '203.0.113.12/32']);
    expect(mirror().ranges).toHaveLength(2);
    expect(await addRange(console.core, { ...body, cidr: '010.0.0.1' })).toMatchObject({
      failure: { kind: 'invalid', code: 'invalid_cidr', field: 'cidr' },
    });
    expect(await addRange(console.core, { ...body, cidr: '0.0.0.0/0' })).toMatchObject({
      failure: { kind: 'invalid', code: 'too_wide', field: 'cidr' },
    });
    expect(await addRange(console.core, { ...body, cidr: '203.0.113.12' })).toMatchObject({
      failure: { kind: 'conflict', code: 'duplicate', current: { cidr: '203.0.113.12/32' } },
    });
  });

  it('of a range that has changed meanwhile are a conflict with how it stands', async () => {
    const [range] = value(await addRange(console.core, { ...body, cidr: '192.0.2.1' }));
    if (range === undefined) throw new Error('no range');
    await service.api(`/v1/ranges/${range.id}`, { method: 'PATCH', body: { label: 'Changed' } });
    const outcome = await removeRange(console.core, { rangeId: range.id, version: range.version });
    expect(outcome).toMatchObject({ failure: { kind: 'conflict', code: 'stale' } });
    expect(mirror().ranges).toMatchObject([{ label: 'Changed' }]);
  });

  it('of a range that is gone already are done', async () => {
    const [range] = value(await addRange(console.core, { ...body, cidr: '192.0.2.1' }));
    if (range === undefined) throw new Error('no range');
    await service.api(`/v1/ranges/${range.id}`, { method: 'DELETE' });
    value(await removeRange(console.core, { rangeId: range.id, version: range.version }));
    expect(mirror().ranges).toEqual([]);
  });

  it('of the mode show at once, and what is not there yet is refused with its field', async () => {
    value(await setMode(console.core, { mode: 'deactivated' }));
    expect(mirror().account?.mode).toBe('deactivated');
    expect(await setMode(console.core, { mode: 'learning' })).toMatchObject({
      failure: { kind: 'invalid', code: 'mode_unavailable', field: 'mode' },
    });
  });

  it('of keys show at once, and their secrets stay out of the log', async () => {
    const made = value(await createKey(console.core, { name: 'Batch' }));
    expect(mirror().keys).toEqual([made.key]);
    const rotated = value(await rotateKey(console.core, { keyId: made.key.id, graceSeconds: 0 }));
    expect(rotated.secret).not.toBe(made.secret);
    value(await revokeKey(console.core, { keyId: made.key.id }));
    expect(mirror().keys).toMatchObject([{ id: made.key.id, status: 'revoked' }]);
    for (const secret of [made.secret, rotated.secret]) expect(console.log.text).not.toContain(secret);
  });
});

describe('a damaged local store', () => {
  it('is set aside with a message and rebuilt from the service', async () => {
    await service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } });
    value(await connectTo(service));
    await waitFor('the range', () => mirror().ranges.length === 1);
    await console.stop();
    writeFileSync(join(folder, 'gatehouse.sqlite'), 'damaged '.repeat(1_000));

    console = start();
    expect(console.core.notices.all()).toMatchObject([{ id: 'store-damaged', severity: 'warning' }]);
    expect(mirror()).toMatchObject({ connection: { kind: 'connecting' }, ranges: [] });
    await waitFor('the range again', () => mirror().ranges.length === 1);
    await console.reach('online');
  });
});
