import { copyFileSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Core, createCore } from '#electron/core/create-core';
import { subjectOf } from '#electron/core/outbox/queued-operation';
import { systemRandom } from '#electron/core/system';
import { connect } from '#electron/core/use-cases/connect';
import { adoptOperations, discardOperations } from '#electron/core/use-cases/others-operations';
import type { Settled } from '#shared/ipc/outbox';
import type { Outcome } from '#shared/ipc/failure';
import type { TestService } from '../service/test-service';
import type { FakeClock } from './fake-clock';
import {
  FakePresenter,
  FakeQuiet,
  fakeVault,
  fixedRandom,
  RecordingLog,
  RecordingPublisher,
  RecordingWindows,
} from './fakes';
import type { Network, Weather } from './network';
import { CHOSEN_NOTHING } from './chosen-nothing';

/** Lets everything run that waits only for its turn of the event loop. */
export async function yieldThrice(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The parts that the consoles of a test share. */
export interface SyncHost {
  readonly clock: FakeClock;
  readonly service: Pick<TestService, 'url'>;
  /** Returns the console's own network to the service. */
  network(of: SyncConsole): Network;
}

/** One console on a network of the test's own, which can be crashed and started again on the same data. */
export class SyncConsole {
  /** The settled operations over all starts. */
  readonly settled: Settled[] = [];
  /** The last seen positions of operations in the queue, and their subjects. */
  readonly positions = new Map<string, number>();
  readonly subjects = new Map<string, string>();
  /** The author of each operation. */
  readonly authors = new Map<string, string | null>();
  /** For each operation those that had been sent when it was queued; none of them comes after it. */
  readonly goneBefore = new Map<string, ReadonlySet<string>>();
  /** Operations of other people that had been sent when they were decided: their outcome is unknown here. */
  readonly disowned = new Set<string>();
  readonly #gone = new Set<string>();
  /** The operations that calls of this console have returned. */
  readonly accepted = new Set<string>();
  readonly clock: FakeClock;
  readonly #host: SyncHost;
  readonly #root: string;
  #starts = 0;
  #launches = 0;
  #folder = '';
  #core: Core | null = null;
  #network: Network;
  #publisher = new RecordingPublisher();

  /** The access token of the person at the console. */
  secret: string;

  constructor(host: SyncHost, root: string, secret: string) {
    this.#host = host;
    this.#root = root;
    this.secret = secret;
    this.clock = host.clock;
    this.#network = host.network(this);
  }

  get core(): Core['context'] {
    if (this.#core === null) throw new Error('the console is not running');
    return this.#core.context;
  }

  get outbox() {
    return this.core.replica.outbox;
  }

  /** The first start, connected. */
  async start(): Promise<void> {
    this.#folder = join(this.#root, 'start-0');
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, 'profile.json'), CHOSEN_NOTHING);
    this.#launch();
    await this.signIn(this.secret);
  }

  /** Signs a person in, without network faults. */
  async signIn(secret: string): Promise<void> {
    this.secret = secret;
    // The network reaches the service on any port.
    const url = this.core.replica.service?.url ?? this.#host.service.url;
    const connecting = connect(this.core, { url, token: secret });
    await yieldThrice();
    // The check of the token queues behind the calls that already wait in the network.
    await this.#network.deliver(this.waiting.length - 1, 'fine');
    const outcome: Outcome<undefined> = await connecting;
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
    this.look();
  }

  /** Crashes the console. The next start finds the current content of the disk. */
  async crash(): Promise<void> {
    await this.#startAnew(this.#copyOfDisk());
  }

  /**
   * Crashes it while something is being written. The meantime's writes are in the journal of the outbox, which is on the
   * disk first, and not in the database.
   */
  async crashDuring(work: () => Promise<unknown>): Promise<void> {
    const before = this.#folder;
    const folder = this.#copyOfDisk();
    await work();
    for (const journal of journalsIn(before)) copyFileSync(join(before, journal), join(folder, journal));
    await this.#startAnew(folder);
  }

  #copyOfDisk(): string {
    this.#starts += 1;
    const folder = join(this.#root, `start-${this.#starts}`);
    cpSync(this.#folder, folder, { recursive: true });
    return folder;
  }

  async #startAnew(folder: string): Promise<void> {
    this.#folder = folder;
    this.#network.cut();
    await this.#core?.stop();
    this.#network = this.#host.network(this);
    this.#launch();
    await yieldThrice();
    this.look();
  }

  /** Ends it cleanly and starts it again. */
  async restart(): Promise<void> {
    await this.stop();
    this.#network = this.#host.network(this);
    this.#launch();
    await yieldThrice();
  }

  async stop(): Promise<void> {
    await this.#core?.stop();
    this.#core = null;
    this.#network.cut();
  }

  /** Delivers a call of this console. Returns false if none waits. */
  async deliver(index: number, weather: Weather): Promise<boolean> {
    const delivered = await this.#network.deliver(index, weather);
    await yieldThrice();
    this.look();
    return delivered;
  }

  deliverEchoes(): Promise<number> {
    return this.#network.deliverEchoes();
  }

  get waiting(): readonly string[] {
    return this.#network.waiting;
  }

  /** Clears the records. */
  begin(): void {
    this.settled.length = 0;
    this.positions.clear();
    this.subjects.clear();
    this.authors.clear();
    this.disowned.clear();
    this.goneBefore.clear();
    this.#gone.clear();
    this.accepted.clear();
  }

  /** Lets the person at the console adopt or discard other people's operations. */
  decideOthers(ids: readonly string[], keep: boolean): void {
    for (const id of ids) if ((this.outbox?.get(id)?.attempts ?? 0) > 0) this.disowned.add(id);
    (keep ? adoptOperations : discardOperations)(this.core, { ids: [...ids] });
    this.look();
  }

  /** Records the operations that a call has returned. */
  accept(operationIds: readonly (string | null)[]): void {
    for (const id of operationIds) if (id !== null) this.accepted.add(id);
    this.look();
  }

  /** Records the positions of operations in the queue. */
  look(): void {
    const operations = this.outbox?.all() ?? [];
    const present = new Set(operations.map(({ operation }) => operation.id));
    for (const id of this.positions.keys()) if (!present.has(id)) this.#gone.add(id);
    for (const { operation, attempts } of operations) if (attempts > 0) this.#gone.add(operation.id);
    for (const { operation, position, state, authorEmail } of operations) {
      this.authors.set(operation.id, authorEmail);
      if (!this.goneBefore.has(operation.id)) this.goneBefore.set(operation.id, new Set(this.#gone));
      // A finished operation may be seen again behind later ones.
      if (state.kind === 'done' && this.positions.has(operation.id)) continue;
      // Positions restart with an empty queue.
      this.positions.set(operation.id, this.#launches * 1e6 + position);
      this.subjects.set(operation.id, `${authorEmail ?? ''} ${subjectOf(operation)}`);
    }
  }

  #launch(): void {
    this.#launches += 1;
    const { settled } = this;
    const publisher = new RecordingPublisher();
    publisher.publish = (group: string, name: string, payload: unknown): void => {
      if (group === 'outbox' && name === 'settled') {
        settled.push(...(payload as { readonly items: readonly Settled[] }).items);
      }
    };
    this.#publisher = publisher;
    this.#core = createCore(
      {
        clock: this.clock,
        random: { ...fixedRandom(), token: () => systemRandom.token() },
        log: new RecordingLog(),
        vault: fakeVault(true),
        presenter: new FakePresenter(),
        quiet: new FakeQuiet(),
        publisher: this.#publisher,
        windows: new RecordingWindows(),
        fork: () => {
          throw new Error('There is no embedded service here.');
        },
        createClient: this.#network.createClient,
      },
      { folder: this.#folder, appVersion: '0.0.0', listenOverride: undefined },
    );
    this.#core.start();
  }
}

/** Returns the journals of the outboxes in a console's folder, one an account. */
function journalsIn(folder: string): readonly string[] {
  return readdirSync(join(folder, 'accounts')).map((account) => join('accounts', account, 'outbox.jsonl'));
}
