import { copyFileSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Core, createCore } from '#electron/core/create-core';
import { subjectOf } from '#electron/core/outbox/entry';
import { systemRandom } from '#electron/core/system';
import { connect } from '#electron/core/use-cases/connect';
import { operationSchema, operationResultSchema, type OperationResult } from '#shared/api/routes-operations';
import type { Account, AuditEvent, Range, Review } from '#shared/domain/entities';
import type { Settled } from '#shared/ipc/contract';
import type { Outcome } from '#shared/ipc/failure';
import { z } from 'zod';
import { withToken } from '../service/people';
import type { TestService } from '../service/test-service';
import { FakeClock } from './fake-clock';
import {
  FakePresenter,
  FakeQuiet,
  fakeVault,
  fixedRandom,
  RecordingLog,
  RecordingPublisher,
  RecordingWindows,
} from './fakes';
import { Network, type Weather } from './network';
import { CHOSEN_NOTHING } from './test-console';

/** Lets everything run that waits for nothing but its turn. */
const breathe = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** One console on a network of the test's own, which can be crashed and started again on the same data. */
export class SyncConsole {
  /** Everything that was told about edits, over all starts. */
  readonly settled: Settled[] = [];
  /** The places of edits in the queue, as last seen, and what each is about. */
  readonly positions = new Map<string, number>();
  readonly subjects = new Map<string, string>();
  /** The operations that calls of this console have answered with. */
  readonly accepted = new Set<string>();
  readonly clock: FakeClock;
  readonly #world: SyncWorld;
  readonly #root: string;
  #starts = 0;
  #launches = 0;
  #folder = '';
  #core: Core | null = null;
  #network: Network;
  #publisher = new RecordingPublisher();

  /** The access token of whoever sits at it. */
  readonly secret: string;

  constructor(world: SyncWorld, root: string, secret: string) {
    this.#world = world;
    this.#root = root;
    this.secret = secret;
    this.clock = world.clock;
    this.#network = world.network(this);
  }

  get core(): Core['context'] {
    if (this.#core === null) throw new Error('the console is not running');
    return this.#core.context;
  }

  get outbox() {
    return this.core.replica.outbox;
  }

  /** The very first start, connected. */
  async start(): Promise<void> {
    this.#folder = join(this.#root, 'start-0');
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, 'profile.json'), CHOSEN_NOTHING);
    this.#launch();
    const connecting = connect(this.core, { url: this.#world.service.url, token: this.secret });
    await breathe();
    await this.#network.deliver(0, 'fine');
    const outcome: Outcome<undefined> = await connecting;
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  }

  /** Ends it as a power cut of this program alone does: what is on the disk at this moment is what the next start finds. */
  async crash(): Promise<void> {
    await this.#startAnew(this.#copyOfDisk());
  }

  /**
   * The same while something is being written: what was written meanwhile is in the journal of the outbox, which is on the
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
    this.#network = this.#world.network(this);
    this.#launch();
    await breathe();
    this.look();
  }

  /** Ends it as a person does, and starts it again. */
  async restart(): Promise<void> {
    await this.stop();
    this.#network = this.#world.network(this);
    this.#launch();
    await breathe();
  }

  async stop(): Promise<void> {
    await this.#core?.stop();
    this.#core = null;
    this.#network.cut();
  }

  /** Lets a call of this console through. False when none waits. */
  async deliver(place: number, weather: Weather): Promise<boolean> {
    const delivered = await this.#network.deliver(place, weather);
    await breathe();
    this.look();
    return delivered;
  }

  deliverEchoes(): Promise<number> {
    return this.#network.deliverEchoes();
  }

  get waiting(): readonly string[] {
    return this.#network.waiting;
  }

  /** Forgets what was noted down. */
  begin(): void {
    this.settled.length = 0;
    this.positions.clear();
    this.subjects.clear();
    this.accepted.clear();
  }

  /** Takes note of what a call has answered. */
  accept(operationIds: readonly (string | null)[]): void {
    for (const id of operationIds) if (id !== null) this.accepted.add(id);
    this.look();
  }

  /** Remembers where edits stand in the queue. */
  look(): void {
    for (const { operation, position, state } of this.outbox?.entries() ?? []) {
      // It has had its turn, and may be seen again after what came behind it.
      if (state.kind === 'done' && this.positions.has(operation.id)) continue;
      // Places begin anew with a start on an empty queue.
      this.positions.set(operation.id, this.#launches * 1e6 + position);
      this.subjects.set(operation.id, subjectOf(operation));
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

/** The journals of the outboxes in a console's folder, one an account. */
const journalsIn = (folder: string): readonly string[] =>
  readdirSync(join(folder, 'accounts')).map((account) => join('accounts', account, 'outbox.jsonl'));

const operationsBody = z.object({ body: z.object({ operations: z.array(operationSchema) }) });
const operationsAnswer = z.object({ results: z.array(operationResultSchema) });

const changesAnswer = z.object({ changes: z.array(z.unknown()), more: z.boolean() });

/** Two or more consoles and one service, and what the service answered to whom. */
export class SyncWorld {
  readonly clock = new FakeClock();
  readonly consoles: SyncConsole[] = [];
  /** What the service answered to each operation; it must be the same each time. */
  readonly results = new Map<string, OperationResult>();
  readonly contradictions: string[] = [];
  /** Consoles whose mirrors are known to have everything, since the last thing that happened. */
  readonly #upToDate = new Set<SyncConsole>();
  readonly #service: TestService;
  readonly #root: string;
  readonly #advanceService: (ms: number) => void;

  constructor(service: TestService, root: string, advanceService: (ms: number) => void) {
    this.#service = service;
    this.#root = root;
    this.#advanceService = advanceService;
  }

  get service(): TestService {
    return this.#service;
  }

  /** From here on it is about what happens now. */
  begin(): void {
    this.results.clear();
    this.contradictions.length = 0;
    for (const each of this.consoles) each.begin();
  }

  /** Copies that were still on their way arrive at the service. False when there were none. */
  async deliverEchoes(): Promise<boolean> {
    let delivered = 0;
    for (const each of this.consoles) delivered += await each.deliverEchoes();
    return delivered > 0;
  }

  network(of: SyncConsole): Network {
    return new Network(
      () => this.#service.url,
      (name, input, outcome) => this.#hear(of, name, input, outcome),
    );
  }

  /** Another console, connected, of whoever this access token belongs to. */
  async addConsole(secret: string): Promise<void> {
    const added = new SyncConsole(this, join(this.#root, `console-${this.consoles.length}`), secret);
    this.consoles.push(added);
    await added.start();
  }

  /** Moves every clock on. */
  async advance(ms: number): Promise<void> {
    this.#advanceService(ms);
    this.clock.advance(ms);
    await breathe();
  }

  /** Fine weather until nothing waits and every mirror has caught up. */
  async heal(): Promise<void> {
    this.#upToDate.clear();
    for (let round = 0; ; round += 1) {
      if (round > 400) throw new Error(`it does not come to rest: ${this.describe()}`);
      for (const each of this.consoles) {
        while (each.waiting.length > 0) await each.deliver(0, 'fine');
      }
      const isBusy = this.consoles.some(
        ({ outbox }) => outbox === null || outbox.awaitsFeed || outbox.nextBatch(1).length > 0,
      );
      if (!isBusy && this.consoles.every((each) => this.#upToDate.has(each))) return;
      // Past the longest pause after failures every now and then, else just past that of an empty poll.
      await this.advance(round % 5 === 4 ? 31_000 : 1_000);
    }
  }

  describe(): string {
    return this.consoles
      .map((each, index) => {
        const entries = each.outbox?.entries() ?? [];
        const states = entries.map(
          ({ state, operation, attempts }) => `${operation.type} ${state.kind} ${attempts}`,
        );
        return `console ${index}: ${each.core.replica.connection.kind}, waiting ${each.waiting.join(' ')}, [${states.join(', ')}]`;
      })
      .join('; ');
  }

  async stop(): Promise<void> {
    for (const each of this.consoles) await each.stop();
  }

  async #items<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const at: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { json } = await this.#service.api(`${path}?limit=1000${at}`);
      const page = json as { readonly items: T[]; readonly nextCursor: string | null };
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  /** The state of the service, as its API tells it. */
  async truth() {
    const [ranges, reviews] = await Promise.all([
      this.#items<Range>('/v1/ranges'),
      this.#items<Review>('/v1/reviews'),
    ]);
    return { ranges, reviews };
  }

  /** The account as the holder of this token sees it. */
  async accountAs(secret: string): Promise<Account> {
    return (await withToken(this.#service, secret)('/v1/account')).json as Account;
  }

  /** The trail of this world's operations, oldest first. */
  async trail(): Promise<AuditEvent[]> {
    const events = await this.#items<AuditEvent>('/v1/audit');
    return events
      .filter(({ operationId }) => operationId !== null && this.results.has(operationId))
      .reverse();
  }

  #hear(from: SyncConsole, name: string, input: object, outcome: Outcome<unknown>): void {
    if (!outcome.ok) return;
    if (name === 'getChanges') {
      const { changes, more } = changesAnswer.parse(outcome.value);
      if (changes.length === 0 && !more) this.#upToDate.add(from);
    }
    if (name !== 'applyOperations') return;
    this.#upToDate.clear();
    const { operations } = operationsBody.parse(input).body;
    const { results } = operationsAnswer.parse(outcome.value);
    const subjects = operations.map(subjectOf);
    if (new Set(subjects).size < subjects.length)
      this.contradictions.push(`twice in a batch: ${subjects.join()}`);
    for (const [index, result] of results.entries()) {
      const known = this.results.get(result.id);
      if (operations[index]?.id !== result.id) this.contradictions.push(`${result.id} is out of order`);
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(result)) {
        this.contradictions.push(`${result.id} was answered differently`);
      }
      this.results.set(result.id, result);
    }
  }
}
