import { join } from 'node:path';
import { z } from 'zod';
import { subjectOf } from '#electron/core/outbox/queued-operation';
import { operationSchema, operationResultSchema, type OperationResult } from '#shared/api/routes-operations';
import type { Account, AuditEvent, Range, Review } from '#shared/domain/entities';
import type { Outcome } from '#shared/ipc/failure';
import { withToken } from '../service/people';
import type { TestService } from '../service/test-service';
import { FakeClock } from './fake-clock';
import { Network } from './network';
import { yieldThrice, SyncConsole, type SyncHost } from './sync-console';

const operationsBody = z.object({ body: z.object({ operations: z.array(operationSchema) }) });
const operationsAnswer = z.object({ results: z.array(operationResultSchema) });

const changesAnswer = z.object({ changes: z.array(z.unknown()), more: z.boolean() });

/** Several consoles and one service, and the service's answers to each. */
export class SyncWorld implements SyncHost {
  readonly clock = new FakeClock();
  readonly consoles: SyncConsole[] = [];
  /** The service's answer to each operation; it must be the same each time. */
  readonly results = new Map<string, OperationResult>();
  readonly contradictions: string[] = [];
  /** Access tokens of the two users who may sit down at a console. */
  readonly secrets: string[] = [];
  /** Consoles whose mirrors are complete since the last step. */
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

  /** Clears the records. */
  begin(): void {
    this.results.clear();
    this.contradictions.length = 0;
    for (const each of this.consoles) each.begin();
  }

  /** Delivers delayed copies to the service. Returns false if there were none. */
  async deliverEchoes(): Promise<boolean> {
    let delivered = 0;
    for (const each of this.consoles) delivered += await each.deliverEchoes();
    return delivered > 0;
  }

  network(of: SyncConsole): Network {
    return new Network(() => this.#service.url, {
      onSend: (name, input) => this.#see(of, name, input),
      onAnswer: (name, input, outcome) => this.#hear(of, name, input, outcome),
    });
  }

  /** Adds a connected console for the owner of this access token. */
  async addConsole(secret: string): Promise<void> {
    const added = new SyncConsole(this, join(this.#root, `console-${this.consoles.length}`), secret);
    this.consoles.push(added);
    if (!this.secrets.includes(secret)) this.secrets.push(secret);
    await added.start();
  }

  /** Moves every clock on. */
  async advance(ms: number): Promise<void> {
    this.#advanceService(ms);
    this.clock.advance(ms);
    await yieldThrice();
  }

  /** Delivers everything without faults until nothing waits and every mirror is complete. */
  async heal(): Promise<void> {
    this.#upToDate.clear();
    for (let round = 0; ; round += 1) {
      if (round > 400) throw new Error(`it does not come to rest: ${this.describe()}`);
      for (const each of this.consoles) {
        while (each.waiting.length > 0) await each.deliver(0, 'fine');
      }
      const isBusy = this.consoles.some(
        ({ outbox }) => outbox === null || outbox.awaited.size > 0 || outbox.nextBatch(1).length > 0,
      );
      if (!isBusy && this.consoles.every((each) => this.#upToDate.has(each))) return;
      // Every few rounds this passes the longest pause after failures, else just that of an empty poll.
      await this.advance(round % 5 === 4 ? 31_000 : 1_000);
    }
  }

  describe(): string {
    return this.consoles
      .map((each, index) => {
        const operations = each.outbox?.all() ?? [];
        const states = operations.map(
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

  /** Returns the state of the service through its API. */
  async truth() {
    const [ranges, reviews] = await Promise.all([
      this.#items<Range>('/v1/ranges'),
      this.#items<Review>('/v1/reviews'),
    ]);
    return { ranges, reviews };
  }

  /** Returns the account for the owner of this token. */
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

  /** An operation is never sent before an earlier one about the same subject. */
  #see(from: SyncConsole, name: string, input: object): void {
    if (name !== 'applyOperations') return;
    const operations = from.outbox?.all() ?? [];
    const open = operations.filter(({ state }) => state.kind !== 'done');
    for (const { id } of operationsBody.parse(input).body.operations) {
      const sent = open.find(({ operation }) => operation.id === id);
      if (sent === undefined) {
        this.contradictions.push(`${id} is sent and not in the queue`);
        continue;
      }
      const { authorId } = sent.operation;
      if (authorId !== from.core.replica.view.account?.me.userId) {
        this.contradictions.push(`${id} is sent with another person's token`);
      }
      const subject = subjectOf(sent.operation);
      const ahead = open.filter(
        ({ operation, position }) =>
          position < sent.position && subjectOf(operation) === subject && operation.authorId === authorId,
      );
      for (const { operation, state } of ahead) {
        this.contradictions.push(`${id} is sent before ${operation.id}, which is ${state.kind}`);
      }
    }
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
