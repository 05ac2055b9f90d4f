import Database from 'libsql';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addRange } from '#electron/core/use-cases/add-range';
import type { Account, Attempt, AuditEvent, Key, Range, Review } from '#shared/domain/entities';
import { DATABASE_FILE } from '#service/storage/sqlite';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { RANGE } from '#test/support/console/two-accounts';
import { freePort } from '#test/support/service/nginx';
import { startTestService } from '#test/support/service/test-service';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';
import { waitFor } from '#test/support/wait-for';

let dataDir: string;
// Registered first, so that it runs last: the service has been stopped by then.
afterEach(() => removeTempDir(dataDir));
const world = useRemoteWorld();

const ASKED = '203.0.113.1';
const ASKED_LATER = '203.0.113.2';
const ASKED_AFTER = '203.0.113.3';

let secret: string;
let restore: () => void;

beforeEach(async () => {
  await world.service.stop();
  dataDir = makeTempDir('restored');
  // The console finds it again at the same address.
  const env = { GATEHOUSE_LISTEN: `127.0.0.1:${await freePort()}` };
  world.replaceService(await startTestService({ dataDir, env }));
  ({ secret } = await world.service.createKey());
  await world.connectAndSync();
  await block(ASKED);
  await add('198.51.100.1');
  restore = backUp();
  // Everything from here on is lost.
  await block(ASKED_LATER);
  const [review] = (await list<Review>('reviews')).filter(({ ip }) => ip === ASKED);
  await world.service.api(`/v1/reviews/${review?.id ?? ''}/deny`, { body: {} });
  const [kept] = await list<Range>('ranges');
  await world.service.api(`/v1/ranges/${kept?.id ?? ''}`, { method: 'PATCH', body: { label: 'lost' } });
  await add('198.51.100.2');
  await world.service.createKey('Lost');
  await world.service.api('/v1/account/mode', { method: 'PUT', body: { mode: 'deactivated' } });
  await waitFor('the console to have it all', () => isEqual());
});

const add = (cidr: string) => world.service.api('/v1/ranges', { body: { cidr } });
const list = async <T>(path: string): Promise<readonly T[]> =>
  ((await world.service.api(`/v1/${path}?limit=1000`)).json as { items: T[] }).items;
const titles = (): readonly string[] => world.console.presenter.shown.map(({ title }) => title);
/** A call that is blocked, and announced where the console runs. */
async function block(ip: string): Promise<void> {
  expect((await world.service.check(secret, ip)).status).toBe(401);
  if (world.mirror().connection.kind === 'online') {
    await waitFor('the notification', () => titles().includes(`Blocked: ${ip}`));
  }
}

/** Copies the database while it is served, as the documentation says. Returns what puts the copy in its place. */
function backUp(): () => void {
  const [file, copy] = [join(dataDir, DATABASE_FILE), join(dataDir, 'copy.sqlite')];
  const database = new Database(file);
  database.exec(`VACUUM INTO '${copy}'`);
  database.close();
  return () => {
    for (const part of [file, `${file}-wal`, `${file}-shm`]) rmSync(part, { force: true });
    copyFileSync(copy, file);
  };
}

const sorted = (rows: readonly { readonly id: string }[]): readonly unknown[] =>
  rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** Whether the console has what the service has: state, log and audit trail. */
async function isEqual(): Promise<boolean> {
  const { replica } = world.console.core;
  const { store } = replica;
  if (store === null) return false;
  const all = { before: null, from: null, limit: 1_000 };
  const [account, ranges, reviews, keys, attempts, audit] = await Promise.all([
    world.service.api('/v1/account').then(({ json }) => [json as Account]),
    list<Range>('ranges'),
    list<Review>('reviews'),
    list<Key>('keys'),
    list<Attempt>('attempts'),
    list<AuditEvent>('audit'),
  ]);
  const there = [account, ranges, reviews, keys, attempts, audit].map(sorted);
  const here = [
    replica.mirrored('account'),
    replica.mirrored('range'),
    replica.mirrored('review'),
    replica.mirrored('key'),
    await store.log.page({}, all),
    store.audit.page({}, all),
  ].map(sorted);
  return JSON.stringify(here) === JSON.stringify(there);
}

describe('a console of a service whose backup was put back', () => {
  it('that runs meanwhile heals, sends what waits, and announces what is new, once', async () => {
    let added = '';
    await world.service.restart(() => {
      restore();
      added = value(addRange(world.console.core, { ...RANGE, cidr: '198.51.100.9' })).operationIds[0] ?? '';
    });
    await world.console.settled(added);
    await world.console.drained();
    await waitFor('the console to be as the service is', isEqual);
    expect((await list<Range>('ranges')).map(({ cidr, label }) => [cidr, label])).toEqual([
      ['198.51.100.1/32', ''],
      ['198.51.100.9/32', ''],
    ]);
    await block(ASKED_AFTER);
    await waitFor('the console to be as the service is', isEqual);
    expect(titles()).toEqual([ASKED, ASKED_LATER, ASKED_AFTER].map((ip) => `Blocked: ${ip}`));
    // Nobody can answer a review that is lost, and the one whose answer is lost has been announced.
    expect(world.console.presenter.openTitles).not.toContain(`Blocked: ${ASKED_LATER}`);
  });

  it.each([
    { when: 'before its changes are as many again', edits: 0 },
    { when: 'when its changes are more than before', edits: 12 },
  ])('that asks again $when heals, and announces what is new, once', async ({ edits }) => {
    await world.console.stop();
    await world.service.restart(restore);
    for (let n = 0; n < edits; n += 1) await add(`192.0.2.${n}`);
    expect((await world.service.check(secret, ASKED_AFTER)).status).toBe(401);
    world.startConsole();
    await world.console.reach('online');
    await waitFor('the console to be as the service is', isEqual);
    await waitFor('the notification', () => titles().length > 0);
    await world.console.stop();
    world.startConsole();
    await world.console.reach('online');
    await block(ASKED_LATER);
    expect(titles()).toEqual([`Blocked: ${ASKED_LATER}`]);
  });
});
