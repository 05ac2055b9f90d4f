import { afterEach } from 'vitest';
import { createFirstAccount } from '#service/account/first-account';
import { PolicyDirectory } from '#service/policy/policy-directory';
import { FeedHub } from '#service/storage/feed-hub';
import { createIdFactory } from '#service/runtime/ids';
import { createMailQueue, type MailQueue } from '#service/mail/queue';
import { parseSmtpUrl } from '#service/mail/settings';
import { createMailTransport } from '#service/mail/transport';
import type { MailMessageRow } from '#service/storage/repositories/mail';
import type { ReviewRow } from '#service/storage/repositories/reviews';
import type { Storage } from '#service/storage/storage';
import { createWriter, type Writer } from '#service/storage/writer';
import { parseAddress, sortableAddress } from '#shared/ip/index';
import type { Permission } from '#shared/domain/entities';
import { manualClock } from '../manual-clock';
import { makeTempDir, removeTempDir } from '../temp-dir';
import { waitFor } from '../wait-for';
import { startMailServer, type MailServerOptions, type TestMailServer } from './mail-server';
import { memoryLog } from './memory-log';
import { reviewRow } from './review-row';
import { openTestStorage, TEST_DATABASE_VARIABLE } from './test-database';

/** The queue of e-mails over a real database, without the rest of the service: reviews are opened by hand. */
export interface MailQueueWorld {
  readonly clock: ReturnType<typeof manualClock>;
  readonly log: ReturnType<typeof memoryLog>;
  readonly dataDir: string;
  readonly storage: Storage;
  readonly queue: MailQueue;
  /** Opens a review of the address and returns its id. */
  open(ip: string): Promise<string>;
  /** Opens so many reviews in one transaction. */
  openMany(count: number): Promise<void>;
  addUser(email: string, permissions: readonly Permission[]): Promise<string>;
  /** Starts another queue on the same database, as another process has one; it stops with the world. */
  another(smtpUrl: string): Promise<void>;
  /** Abandons the queue as a killed process does, and starts a new one on the same database. */
  restart(smtpUrl: string | undefined): Promise<void>;
  message(): Promise<MailMessageRow>;
  /** Resolves with the fields of the next such entry of the log. */
  logged(event: string, count?: number): Promise<Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
}

export async function startMailQueue(smtpUrl: string | undefined): Promise<MailQueueWorld> {
  const dataDir = makeTempDir('mail');
  const clock = manualClock();
  const log = memoryLog();
  const newId = createIdFactory(clock);
  let storage = await openTestStorage(dataDir);
  let writer = createWriter(storage, new FeedHub(), clock, newId);
  let queue: MailQueue;
  const others: (() => Promise<void>)[] = [];

  const makeQueue = (
    url: string | undefined,
    over: { storage: Storage; writer: Writer },
    isAlone: boolean,
  ): MailQueue =>
    createMailQueue({
      ...over,
      clock,
      random: () => 0.5,
      log,
      transport: createMailTransport({ smtp: url === undefined ? undefined : parseSmtpUrl(url), dataDir }),
      publicUrl: () => 'https://gate.example.com',
      from: () => ({ name: 'Gate', address: 'gate@example.com' }),
      isAlone,
    });
  const start = async (url: string | undefined): Promise<void> => {
    queue = makeQueue(url, { storage, writer }, true);
    await queue.start();
  };

  await start(smtpUrl);
  await createFirstAccount(writer, new PolicyDirectory(), () => ({
    ownerEmail: 'owner@example.com',
    tokenHash: 'x',
    tokenName: 'x',
  }));
  const [account] = await storage.read.accounts.all();
  if (account === undefined) throw new Error('no account');
  const keyId = newId();
  await storage.transaction((tx) =>
    tx.keys.insert({
      id: keyId,
      account_id: account.id,
      name: 'Production',
      prefix: 'gk_1234567',
      status: 'active',
      report_only: 0,
      created_at: clock.now(),
      last_used_at: null,
      rotated_at: null,
      changed_seq: 1,
    }),
  );

  const rowFor = (ip: string, now: number): ReviewRow => {
    const parsed = parseAddress(ip);
    if (!parsed.ok) throw new Error(`${ip} is no address`);
    return reviewRow({
      id: newId(),
      account_id: account.id,
      ip,
      ip_sort: sortableAddress(parsed.address),
      key_id: keyId,
      first_at: now,
      last_at: now,
      score: -10,
      suggested_cidr: '198.51.100.0/24',
      changed_seq: 1,
    });
  };
  const ask = (ips: readonly string[]): Promise<string[]> =>
    writer.write(async (write) => {
      const reviews = ips.map((ip) => rowFor(ip, write.now));
      for (const review of reviews) {
        await write.tx.reviews.insertAll([review]);
        await queue.reviewOpened(write, review);
      }
      return reviews.map(({ id }) => id);
    });

  return {
    clock,
    log,
    dataDir,
    get storage() {
      return storage;
    },
    get queue() {
      return queue;
    },
    open: async (ip) => {
      const [id] = await ask([ip]);
      if (id === undefined) throw new Error('nothing was asked');
      return id;
    },
    openMany: async (count) => {
      await ask(Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}`));
    },
    addUser: async (email, permissions) => {
      const id = newId();
      await storage.transaction((tx) =>
        tx.users.insert({
          id,
          account_id: account.id,
          email,
          role: 'user',
          permissions: JSON.stringify(permissions),
          created_at: clock.now(),
        }),
      );
      return id;
    },
    another: async (url) => {
      // PostgreSQL is really shared; SQLite has one owner, so the queues compete within it.
      const isShared = process.env[TEST_DATABASE_VARIABLE] === 'postgres';
      const own = isShared ? await openTestStorage(dataDir) : storage;
      const other = makeQueue(
        url,
        { storage: own, writer: createWriter(own, new FeedHub(), clock, newId) },
        false,
      );
      others.push(async () => {
        await other.stop();
        if (isShared) await own.close();
      });
      await other.start();
    },
    restart: async (url) => {
      // The old queue is not stopped, but its database is closed under it.
      await storage.close();
      storage = await openTestStorage(dataDir);
      writer = createWriter(storage, new FeedHub(), clock, newId);
      await start(url);
    },
    message: async () => {
      const id = await waitFor('a message', () => {
        const entry = log.entries.find(({ fields }) => typeof fields['messageId'] === 'string');
        return entry === undefined ? undefined : String(entry.fields['messageId']);
      });
      const row = await storage.read.mail.message(id);
      if (row === undefined) throw new Error(`no message ${id}`);
      return row;
    },
    logged: (event, count = 1) =>
      waitFor(
        `${event} in the log`,
        () => log.entries.filter((entry) => entry.event === event)[count - 1]?.fields,
      ),
    stop: async () => {
      await Promise.all([queue.stop(), ...others.map((end) => end())]);
      await writer.idle();
      await storage.close();
      removeTempDir(dataDir);
    },
  };
}

/** Mail servers and queues that end with the test. */
export function useMailQueues() {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  return {
    server: async (options?: MailServerOptions): Promise<TestMailServer> => {
      const started = await startMailServer(options);
      cleanups.push(() => started.stop());
      return started;
    },
    queue: async (smtpUrl: string | undefined): Promise<MailQueueWorld> => {
      const world = await startMailQueue(smtpUrl);
      cleanups.push(() => world.stop());
      return world;
    },
  };
}
