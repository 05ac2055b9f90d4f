const SHARDS = 128;

/**
 * Record numbers by range id. A Map that grows stops the program until all of it has been copied, which with a million
 * entries takes a tenth of a second; many small ones grow one after the other.
 */
export class IdIndex {
  readonly #shards: (Map<string, number> | undefined)[] = new Array<undefined>(SHARDS).fill(undefined);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: string): number | undefined {
    return this.#shards[shardOf(id)]?.get(id);
  }

  /** Adds an id that is not there yet. */
  add(id: string, record: number): void {
    const shard = shardOf(id);
    const ids = (this.#shards[shard] ??= new Map<string, number>());
    ids.set(id, record);
    this.#size += 1;
  }

  delete(id: string): void {
    const shard = shardOf(id);
    const ids = this.#shards[shard];
    if (ids?.delete(id) !== true) return;
    this.#size -= 1;
    if (ids.size === 0) this.#shards[shard] = undefined;
  }
}

/** FNV-1a, folded. All of the id counts: callers may make ids of their own, which differ wherever they like. */
const shardOf = (id: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return ((hash >>> 16) ^ hash) & (SHARDS - 1);
};
