import type { AggregateKey } from '../../gate/call-log';
import type { Aggregate } from './aggregate';

/**
 * The open aggregates by key and address. Nested maps spare each call the text of a joined key. An address has one or two
 * aggregates: one for each verdict within the window.
 */
export class AggregateTable {
  readonly #byKey = new Map<string, Map<string, Aggregate[]>>();
  /** Aggregates by age. Deleted ones stay until they are the oldest. */
  #line: (Aggregate | undefined)[] = [];
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  of(keyId: string, ip: string): readonly Aggregate[] | undefined {
    return this.#byKey.get(keyId)?.get(ip);
  }

  /** The verdict follows from the reason. */
  get({ keyId, ip, reason, wouldBe }: Omit<AggregateKey, 'policy' | 'verdict'>): Aggregate | undefined {
    const aggregates = this.of(keyId, ip);
    if (aggregates === undefined) return undefined;
    for (const aggregate of aggregates) {
      if (aggregate.facts.reason === reason && aggregate.facts.wouldBe === wouldBe) return aggregate;
    }
    return undefined;
  }

  /** Adds the aggregate, and replaces an older one with the same key, address, verdict and reason. */
  add(aggregate: Aggregate): void {
    const { keyId, ip } = aggregate.facts;
    const older = this.get(aggregate.facts);
    if (older !== undefined) this.delete(older);
    let byIp = this.#byKey.get(keyId);
    if (byIp === undefined) {
      byIp = new Map<string, Aggregate[]>();
      this.#byKey.set(keyId, byIp);
    }
    const aggregates = byIp.get(ip);
    if (aggregates === undefined) byIp.set(ip, [aggregate]);
    else aggregates.push(aggregate);
    this.#line.push(aggregate);
    this.#size += 1;
  }

  /** Returns true if the aggregate was in the table. */
  delete(aggregate: Aggregate): boolean {
    const { keyId, ip } = aggregate.facts;
    const byIp = this.#byKey.get(keyId);
    const aggregates = byIp?.get(ip);
    const index = aggregates?.indexOf(aggregate) ?? -1;
    if (byIp === undefined || aggregates === undefined || index === -1) return false;
    aggregates.splice(index, 1);
    if (aggregates.length === 0) byIp.delete(ip);
    if (byIp.size === 0) this.#byKey.delete(keyId);
    this.#size -= 1;
    return true;
  }

  /** Deletes aggregates from the oldest on, and stops at the first one for which `isOver` is false. */
  deleteWhile(isOver: (aggregate: Aggregate) => boolean): void {
    const { length } = this.#line;
    while (this.#head < length) {
      const aggregate = this.#line[this.#head];
      if (aggregate !== undefined && !isOver(aggregate)) break;
      if (aggregate !== undefined) this.delete(aggregate);
      this.#line[this.#head] = undefined;
      this.#head += 1;
    }
    // Cutting only when the finished part is the larger one moves each aggregate once at most.
    if (this.#head * 2 > length) {
      this.#line = this.#line.slice(this.#head);
      this.#head = 0;
    }
  }
}
