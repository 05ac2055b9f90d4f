import { setTimeout as sleep } from 'node:timers/promises';
import { ulid } from 'ulid';
import type { OperationResult } from '#shared/api/routes-operations';
import type { Random } from '#demo/traffic/random';
import { waitFor } from '../../wait-for';
import type { Answer } from '../test-service';
import type { Member } from './member';

/** A process that reaches its database enforces what was changed at another one within this time (docs/behaviour.md 7.6). */
const FOLLOWS_WITHIN_MS = 6_000;
const LONGEST_EDIT_PAUSE_MS = 8_000;
const TRY_AGAIN_MS = 400;
const CALL_PAUSE_MS = 10;
const EDITED = 4;

const LISTED_NETWORK = '203.0.113';
const DENIED_NETWORK = '198.51.100';
const UNLISTED_NETWORK = '192.0.2';
const EDITED_NETWORK = '198.18.0';

/** One change of an edited address. Times are of `performance.now()`. */
interface Change {
  readonly kind: 'add' | 'remove';
  readonly operationId: string;
  readonly sentAt: number;
  acknowledgedAt: number;
}

interface Call {
  readonly ip: string;
  readonly member: Member;
  readonly from: number;
  readonly to: number;
}

interface TrafficOptions {
  readonly members: readonly Member[];
  readonly secret: string;
  readonly random: Random;
}

/** Calls and edits while faults happen, and what was answered to them. */
export class Traffic {
  readonly #options: TrafficOptions;
  readonly #changes = new Map<string, Change[]>();
  readonly #sent = new Map<string, number>();
  /** `<address> <verdict> <reason>` of what was answered, with its number. */
  readonly answered = new Map<string, number>();
  /** Answers that must not be. */
  readonly wrong: string[] = [];
  unanswered = 0;
  undecided = 0;
  #fresh = 0;
  readonly #over = new AbortController();
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  /** Makes the list that stays as it is, and waits until every process has it. */
  async prepare(): Promise<void> {
    const { members } = this.#options;
    const [first] = members;
    for (const [cidr, effect] of [
      [`${LISTED_NETWORK}.0/24`, 'authorize'],
      [`${DENIED_NETWORK}.0/24`, 'deny'],
    ]) {
      const answer = await first?.api('/v1/ranges', { body: { cidr, effect } });
      if (answer?.status !== 201) throw new Error(`the range was not added: ${answer?.text}`);
    }
    for (const member of members) {
      await waitFor('the list', async () => {
        const answer = await this.#check(member, `${DENIED_NETWORK}.250`);
        return answer?.headers['x-gatehouse-reason'] === 'denied';
      });
    }
  }

  begin(): void {
    const callers = this.#options.members.flatMap((member) => [this.#callOn(member), this.#callOn(member)]);
    const editors = Array.from({ length: EDITED }, (_, n) => this.#editOn(`${EDITED_NETWORK}.${n}`));
    this.#work = Promise.all([...callers, ...editors]);
  }

  /** Resolves when every edit is acknowledged, which takes a process that is well. */
  async end(): Promise<void> {
    this.#over.abort();
    await this.#work;
  }

  sent(ip: string): number {
    return this.#sent.get(ip) ?? 0;
  }

  get calls(): number {
    return [...this.#sent.values()].reduce((sum, count) => sum + count, 0);
  }

  /** True for an address that no range concerns at any time. */
  isUnlisted(ip: string): boolean {
    return ip.startsWith(`${UNLISTED_NETWORK}.`) || ip.startsWith('10.');
  }

  /** Ids of all operations that were acknowledged. */
  get operationIds(): readonly string[] {
    return [...this.#changes.values()].flat().map(({ operationId }) => operationId);
  }

  /** The ranges that the database has to have in the end. */
  get ranges(): readonly string[] {
    const added = [...this.#changes].filter(([, changes]) => changes.at(-1)?.kind === 'add');
    return [`${LISTED_NETWORK}.0/24`, `${DENIED_NETWORK}.0/24`, ...added.map(([ip]) => `${ip}/32`)].sort();
  }

  #anyAddress(): string {
    const { random } = this.#options;
    const one = (count: number): number => random.below(count);
    switch (one(5)) {
      case 0:
        return `${LISTED_NETWORK}.${one(20)}`;
      case 1:
        return `${DENIED_NETWORK}.${one(5)}`;
      case 2:
        return `${UNLISTED_NETWORK}.${one(10)}`;
      case 3:
        return `${EDITED_NETWORK}.${one(EDITED)}`;
      default:
        this.#fresh += 1;
        return `10.0.${this.#fresh >> 8}.${this.#fresh & 255}`;
    }
  }

  async #callOn(member: Member): Promise<void> {
    while (!this.#over.signal.aborted) {
      await sleep(CALL_PAUSE_MS);
      if (!member.isRunning) continue;
      const ip = this.#anyAddress();
      const from = performance.now();
      const answer = await this.#check(member, ip);
      const reason = String(answer?.headers['x-gatehouse-reason']);
      if (answer === undefined) this.unanswered += 1;
      else if (answer.status === 503) this.undecided += 1;
      else this.#note({ ip, member, from, to: performance.now() }, answer.status === 200, reason);
    }
  }

  #check(member: Member, ip: string): Promise<Answer | undefined> {
    this.#sent.set(ip, this.sent(ip) + 1);
    return member.call('/v1/check', {
      headers: { 'api-key': this.#options.secret, 'x-forwarded-for': ip },
    });
  }

  #note(call: Call, isAllowed: boolean, reason: string): void {
    const row = `${call.ip} ${isAllowed ? 'allowed' : 'blocked'} ${reason}`;
    this.answered.set(row, (this.answered.get(row) ?? 0) + 1);
    const expected = this.#mayBe(call);
    if (!expected.includes(isAllowed)) {
      this.wrong.push(
        `${row} at ${Math.round(call.from)} ms, ${JSON.stringify(this.#changes.get(call.ip) ?? [])}`,
      );
    }
  }

  /** Returns the verdicts that are right for a call: let in, kept out, or either. */
  #mayBe({ ip, member, from, to }: Call): readonly boolean[] {
    if (ip.startsWith(`${LISTED_NETWORK}.`)) return [true];
    if (!ip.startsWith(`${EDITED_NETWORK}.`)) return [false];
    if (member.mayBeBehind(from)) return [true, false];
    const changes = this.#changes.get(ip) ?? [];
    const knownUntil = this.#options.members.length === 1 ? from : from - FOLLOWS_WITHIN_MS;
    const settled = changes.findLast(({ acknowledgedAt }) => acknowledgedAt < knownUntil);
    const later = changes.filter((change) => change.sentAt < to && change.acknowledgedAt >= knownUntil);
    return [settled?.kind === 'add', ...later.map(({ kind }) => kind === 'add')];
  }

  async #editOn(ip: string): Promise<void> {
    const { random } = this.#options;
    const changes: Change[] = [];
    this.#changes.set(ip, changes);
    let rangeId = ulid();
    for (let isThere = false; !this.#over.signal.aborted; isThere = !isThere) {
      if (isThere) await this.#apply(changes, 'remove', { rangeId });
      else {
        rangeId = ulid();
        await this.#apply(changes, 'add', { rangeId, cidr: ip });
      }
      await sleep(random.below(LONGEST_EDIT_PAUSE_MS), undefined, { signal: this.#over.signal }).catch(
        () => undefined,
      );
    }
  }

  /** Sends an operation as an outbox does, to any process, until it is acknowledged. */
  async #apply(changes: Change[], kind: Change['kind'], fields: object): Promise<void> {
    const { members, random } = this.#options;
    const id = ulid();
    const change: Change = { kind, operationId: id, sentAt: performance.now(), acknowledgedAt: Infinity };
    changes.push(change);
    const operation = { id, type: `range.${kind}`, madeAt: new Date().toISOString(), ...fields };
    for (;;) {
      const member = random.pick(members);
      const answer = await member.api('/v1/operations', { body: { operations: [operation] } });
      const { results } = (answer?.status === 200 ? answer.json : { results: [] }) as {
        results: readonly OperationResult[];
      };
      const [result] = results;
      if (result?.status === 'applied') break;
      if (result !== undefined) throw new Error(`${kind} was not applied: ${JSON.stringify(result)}`);
      await sleep(TRY_AGAIN_MS);
    }
    change.acknowledgedAt = performance.now();
  }
}
