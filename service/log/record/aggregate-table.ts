import type { Reason, Verdict } from '#shared/domain/entities';
import type { Aggregate } from './aggregate';

/**
 * The open folds, found by key and address without making a text of all that tells them apart: this lookup is made for
 * every call. An address has one or two, one for each verdict it got within the window.
 */
export class AggregateTable {
  readonly #byKey = new Map<string, Map<string, Aggregate[]>>();
  /** By age; folds that were taken out stay in line until their turn comes. */
  #line: (Aggregate | undefined)[] = [];
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Every open fold of a key and address. */
  of(keyId: string, ip: string): readonly Aggregate[] | undefined {
    return this.#byKey.get(keyId)?.get(ip);
  }

  get(keyId: string, ip: string, verdict: Verdict, reason: Reason): Aggregate | undefined {
    const folds = this.of(keyId, ip);
    if (folds === undefined) return undefined;
    for (const fold of folds) {
      if (fold.facts.reason === reason && fold.facts.verdict === verdict) return fold;
    }
    return undefined;
  }

  /** Adds the fold, in place of an older one of the same key, address, verdict and reason. */
  add(fold: Aggregate): void {
    const { keyId, ip, verdict, reason } = fold.facts;
    const older = this.get(keyId, ip, verdict, reason);
    if (older !== undefined) this.delete(older);
    let byIp = this.#byKey.get(keyId);
    if (byIp === undefined) {
      byIp = new Map<string, Aggregate[]>();
      this.#byKey.set(keyId, byIp);
    }
    const folds = byIp.get(ip);
    if (folds === undefined) byIp.set(ip, [fold]);
    else folds.push(fold);
    this.#line.push(fold);
    this.#size += 1;
  }

  /** Takes the fold out; answers whether it was in. */
  delete(fold: Aggregate): boolean {
    const { keyId, ip } = fold.facts;
    const byIp = this.#byKey.get(keyId);
    const folds = byIp?.get(ip);
    const index = folds?.indexOf(fold) ?? -1;
    if (byIp === undefined || folds === undefined || index === -1) return false;
    folds.splice(index, 1);
    if (folds.length === 0) byIp.delete(ip);
    if (byIp.size === 0) this.#byKey.delete(keyId);
    this.#size -= 1;
    return true;
  }

  /** Takes out the oldest folds for which `isOver` holds, until one for which it does not. */
  deleteWhile(isOver: (fold: Aggregate) => boolean): void {
    const { length } = this.#line;
    while (this.#head < length) {
      const fold = this.#line[this.#head];
      if (fold !== undefined && !isOver(fold)) break;
      if (fold !== undefined) this.delete(fold);
      this.#line[this.#head] = undefined;
      this.#head += 1;
    }
    // The part of the line that is done with goes once it is the larger one, so that each fold is moved once at most.
    if (this.#head * 2 > length) {
      this.#line = this.#line.slice(this.#head);
      this.#head = 0;
    }
  }
}
