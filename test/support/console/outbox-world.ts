import { afterEach, beforeEach } from 'vitest';
import { Drainer } from '#electron/core/outbox/drainer';
import type { NewOperation } from '#electron/core/outbox/queued-operation';
import type { Outbox } from '#electron/core/outbox/outbox';
import { Replica } from '#electron/core/sync/replica';
import type { Change } from '#shared/api/contract';
import type { Operation } from '#shared/api/routes-operations';
import type { Account } from '#shared/domain/entities';
import type { Settled } from '#shared/ipc/outbox';
import { makeAccount } from './builders';
import { FakeClock } from './fake-clock';
import { fixedRandom, RecordingLog, RecordingPublisher } from './fakes';
import { MemoryStores, TEST_SERVICE } from './memory-store';
import { applied, rangeOf } from './outbox-builders';
import { type MadeCall, ScriptedClient } from './scripted-client';

/** A replica with its outbox, and a drainer that sends to a scripted service. */
interface Parts {
  readonly client: ScriptedClient;
  readonly clock: FakeClock;
  readonly replica: Replica;
  readonly account: Account;
  readonly publisher: RecordingPublisher;
  drainer: Drainer | null;
  /** How often the drainer asked for a check of the connection. */
  asked: number;
}

export function sentIn({ input }: MadeCall): readonly Operation[] {
  return (input['body'] as { readonly operations: readonly Operation[] }).operations;
}

export function answerAll(call: MadeCall): void {
  call.answer({
    results: sentIn(call).map((operation) => applied(operation, rangeOf({ operation }))),
    cursor: 'c',
  });
}

/** A console's outbox without a console around it, online and new for each test. */
export function useOutboxWorld() {
  let parts: Parts;
  const outbox = (): Outbox => {
    if (parts.replica.outbox === null) throw new Error('no outbox');
    return parts.replica.outbox;
  };
  const world = {
    get client() {
      return parts.client;
    },
    get clock() {
      return parts.clock;
    },
    get replica() {
      return parts.replica;
    },
    get account() {
      return parts.account;
    },
    get publisher() {
      return parts.publisher;
    },
    get drainer() {
      if (parts.drainer === null) throw new Error('no drainer');
      return parts.drainer;
    },
    get asked() {
      return parts.asked;
    },
    outbox,
    /** Starts a drainer, in place of an earlier one. */
    start: (): void => {
      const { client, replica, clock } = parts;
      const drainer = new Drainer({
        client,
        replica,
        clock,
        random: fixedRandom(0.999_999),
        log: new RecordingLog(),
        onUnreachable: () => {
          parts.asked += 1;
        },
      });
      parts.drainer = drainer;
      drainer.start();
    },
    online: (): void => {
      parts.replica.setConnection({
        kind: 'online',
        service: TEST_SERVICE,
        since: '2026-01-15T12:00:00.000Z',
      });
      world.drainer.wake();
    },
    enqueue: (...operations: readonly NewOperation[]): readonly (string | null)[] =>
      outbox().enqueue(operations, parts.clock.now()),
    /** Applies these changes as one poll of the service. */
    feed: (...changes: readonly Change[]): void => {
      parts.replica.mirror.pollBegins();
      parts.replica.applyAnswer(
        { cursor: 'c', reset: false, changes: [...changes], more: false },
        parts.clock.now(),
      );
    },
    next: (): Promise<MadeCall> => parts.client.next('applyOperations'),
    settled: (): readonly Settled[] =>
      (
        parts.publisher.payloads('outbox.settled') as readonly { readonly items: readonly Settled[] }[]
      ).flatMap(({ items }) => items),
  };
  beforeEach(() => {
    const publisher = new RecordingPublisher();
    const replica = new Replica(new MemoryStores(), publisher);
    const account = makeAccount();
    parts = {
      client: new ScriptedClient(),
      clock: new FakeClock(),
      replica,
      account,
      publisher,
      drainer: null,
      asked: 0,
    };
    replica.adopt(TEST_SERVICE, account);
    world.start();
    world.online();
  });
  afterEach(() => world.drainer.stop());
  return world;
}
