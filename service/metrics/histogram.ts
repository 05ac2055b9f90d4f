/**
 * A histogram without labels, in the text format of Prometheus. It is told of every call, which the library's own, made
 * for labels, takes longer over than the call takes for its verdict.
 */
export class Histogram {
  readonly #name: string;
  readonly #help: string;
  /** Upper bounds of the buckets, ascending. */
  readonly #bounds: readonly number[];
  /** Values by bucket, each value in one; the last bucket has no bound. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#sum += value;
  }

  /** The format counts a value in its own bucket and in every wider one. */
  text(): string {
    const name = this.#name;
    let count = 0;
    const buckets = [...this.#bounds, '+Inf'].map((bound, bucket) => {
      count += this.#counts[bucket] as number;
      return `${name}_bucket{le="${bound}"} ${count}`;
    });
    const lines = [
      `# HELP ${name} ${this.#help}`,
      `# TYPE ${name} histogram`,
      ...buckets,
      `${name}_sum ${this.#sum}`,
      `${name}_count ${count}`,
    ];
    return `${lines.join('\n')}\n`;
  }
}
