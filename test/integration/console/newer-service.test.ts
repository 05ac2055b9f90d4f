import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addRange } from '#electron/core/use-cases/add-range';
import { connect } from '#electron/core/use-cases/connect';
import type { Account, AuditEvent } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { newId } from '#test/support/console/builders';
import { useRemoteWorld, value } from '#test/support/console/remote-world';
import { OWNER_TOKEN } from '#test/support/service/test-service';
import { waitFor } from '#test/support/wait-for';

const world = useRemoteWorld();

type Json = Record<string, unknown>;
/** What a newer service says in the place of what this one says; by path. */
type Rewrite = (path: string, answer: Json) => Json;

let future: Server;
let rewrite: Rewrite;

/** The real service, whose answers are made those of a newer one on their way. */
beforeEach(async () => {
  rewrite = (_path, answer) => answer;
  future = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { authorization = '' } = request.headers;
      const body = Buffer.concat(chunks).toString('utf8');
      void fetch(`${world.service.url}${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        headers: { authorization, ...(body !== '' && { 'content-type': 'application/json' }) },
        ...(body !== '' && { body }),
      }).then(
        async (answer) => {
          const text = await answer.text();
          const json = JSON.parse(text) as Json;
          response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
          response.end(JSON.stringify(answer.ok ? rewrite(request.url ?? '', json) : json));
        },
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => future.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  future.closeAllConnections();
  await new Promise((resolve) => future.close(resolve));
});

const connectToFuture = async (): Promise<void> => {
  const { port } = future.address() as AddressInfo;
  value(await connect(world.console.core, { url: `http://127.0.0.1:${port}`, token: OWNER_TOKEN }));
};

interface Change {
  readonly kind: string;
  readonly op: string;
  readonly id: string;
  readonly value: Json | null;
}

/** The feed with each change made another one, and with more of them. */
const withFeed =
  (change: (each: Change) => Change, more: readonly Change[] = []): Rewrite =>
  (path, answer) =>
    path.startsWith('/v1/changes')
      ? { ...answer, changes: [...(answer['changes'] as Change[]).map(change), ...more], weather: 'fine' }
      : answer;

const setting =
  (kind: string, fields: Json, isMeant: (value: Json) => boolean = () => true) =>
  (each: Change): Change =>
    each.kind === kind && each.value !== null && isMeant(each.value)
      ? { ...each, value: { ...each.value, ...fields } }
      : each;

const titles = (): readonly string[] => world.console.presenter.shown.map(({ title }) => title);

describe('a console of a service that is newer than itself', () => {
  it('takes in everything that it knows, and says that there is more', async () => {
    const { secret } = await world.service.createKey();
    await world.service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } });
    await world.service.api('/v1/ranges', { body: { cidr: '198.51.100.2' } });
    const isSecond = ({ cidr }: Json): boolean => cidr === '198.51.100.2/32';
    const passport = { kind: 'passport', op: 'upsert', id: newId(), value: { of: 'somebody' } };
    rewrite = withFeed(setting('range', { effect: 'quarantine' }, isSecond), [passport]);
    await connectToFuture();
    await waitFor('both ranges', () => world.mirror().ranges.length === 2);
    expect(world.mirror().ranges.map(({ cidr, effect }) => [cidr, effect])).toEqual([
      ['198.51.100.1/32', 'authorize'],
      ['198.51.100.2/32', UNRECOGNISED],
    ]);
    await waitFor('the word of it', () => {
      const { connection } = world.mirror();
      return connection.kind === 'online' && connection.isNewer === true;
    });

    // A review that is asked for a new reason is asked all the same; its call has a new verdict.
    const isNew = ({ ip }: Json): boolean => ip === '203.0.113.9';
    rewrite = withFeed((each) =>
      setting(
        'attempt',
        { verdict: 'delayed', reason: 'under_watch', colour: 'red' },
        isNew,
      )(
        setting(
          'review',
          { reason: 'under_watch' },
          isNew,
        )(setting('audit', { action: 'passport.issue', via: 'passport' })(each)),
      ),
    );
    await world.service.check(secret, '203.0.113.9');
    const review = await world.pendingReview();
    expect(review).toMatchObject({ ip: '203.0.113.9', reason: UNRECOGNISED });
    await waitFor('the notification', () => titles().includes('Blocked: 203.0.113.9'));
    const { store } = world.console.core.replica;
    const all = { before: null, from: null, limit: 10 };
    await waitFor('the call', async () => ((await store?.log.page({}, all))?.length ?? 0) > 0);
    expect(await store?.log.page({}, all)).toMatchObject([{ verdict: UNRECOGNISED, reason: UNRECOGNISED }]);
    expect(await store?.log.page({ verdict: 'allowed' }, all)).toEqual([]);
    await world.service.api('/v1/ranges', { body: { cidr: '198.51.100.3' } });
    await waitFor('the event', () =>
      store?.audit.page({}, all).some((event: AuditEvent) => event.action === 'passport.issue'),
    );
    expect(world.mirror().connection.kind).toBe('online');
  });

  it('shows no mode that it does not know as one that it knows', async () => {
    const { me } = (await world.service.api('/v1/account')).json as Account;
    const fields = {
      mode: 'siege',
      me: { ...me, role: 'warden', permissions: ['authorized_ips', 'passports'] },
    };
    rewrite = (path, answer) =>
      path === '/v1/account' ? { ...answer, ...fields } : withFeed(setting('account', fields))(path, answer);
    await connectToFuture();
    await world.console.reach('online');
    expect(world.mirror().account).toMatchObject({
      mode: UNRECOGNISED,
      me: { role: UNRECOGNISED, permissions: ['authorized_ips', UNRECOGNISED] },
    });
  });

  it('takes no edit for done whose end it does not know', async () => {
    rewrite = (path, answer) =>
      path === '/v1/operations'
        ? {
            ...answer,
            results: (answer['results'] as Json[]).map((result) => ({ ...result, status: 'postponed' })),
          }
        : answer;
    await connectToFuture();
    await world.console.reach('online');
    await world.console.synced();
    const wish = { effect: 'authorize', label: '', keyId: null, expiresAt: null, allowWide: false } as const;
    const { operationIds } = value(addRange(world.console.core, { ...wish, cidr: '192.0.2.1' }));
    expect(await world.console.settled(operationIds[0] ?? '')).toMatchObject({
      outcome: 'undecided',
      kind: 'rejected',
      detail: expect.stringContaining('Update this console') as string,
    });
  });

  it('reads everything again once it is not older any more', async () => {
    await world.service.api('/v1/ranges', { body: { cidr: '198.51.100.1' } });
    rewrite = withFeed(setting('range', { effect: 'quarantine' }));
    await connectToFuture();
    await waitFor('the range', () => world.mirror().ranges[0]?.effect === UNRECOGNISED);
    const { store } = world.console.core.replica;
    // As a program with other words would have left it.
    store?.settings.write('sync.vocabulary', 'allowed blocked');
    await world.console.stop();
    rewrite = (_path, answer) => answer;
    world.startConsole();
    await waitFor('what it says', () => world.mirror().ranges[0]?.effect === 'authorize');
  });
});
