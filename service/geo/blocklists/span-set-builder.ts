import type { IpFamily } from '#shared/ip/index';
import { yieldToEventLoop } from '../../runtime/yield-to-event-loop';
import { compareWords, SpanSet, wordsPerAddress, writeWords, type Span, type Spans } from './span-set';

/** Spans that are sorted in one go. */
const RUN_LENGTH = 8_192;

/** Merge steps between two looks at the clock. */
const MERGE_STEPS = 4_096;

/**
 * Collects spans in any order for a {@link SpanSet}. Short runs are sorted as they come in, and merged in pairs at the end,
 * with pauses for the event loop.
 */
export class SpanSetBuilder {
  readonly #width: number;
  readonly #runs: Spans[] = [];
  #firsts: Uint32Array;
  #lasts: Uint32Array;
  #count = 0;

  constructor(family: IpFamily) {
    this.#width = wordsPerAddress(family);
    // Most lists are of one family, so the arrays grow on demand.
    this.#firsts = new Uint32Array(0);
    this.#lasts = new Uint32Array(0);
  }

  add({ first, last }: Span): void {
    const width = this.#width;
    if (this.#firsts.length === 0) {
      this.#firsts = new Uint32Array(RUN_LENGTH * width);
      this.#lasts = new Uint32Array(RUN_LENGTH * width);
    }
    writeWords(this.#firsts, this.#count, width, first);
    writeWords(this.#lasts, this.#count, width, last);
    this.#count += 1;
    if (this.#count === RUN_LENGTH) this.#endRun();
  }

  /** The set of all that was added; the builder is of no use afterwards. */
  async build(): Promise<SpanSet> {
    this.#endRun();
    let runs = this.#runs.splice(0);
    while (runs.length > 1) {
      const merged: Spans[] = [];
      for (let index = 0; index < runs.length; index += 2) {
        const [one, other] = [runs[index], runs[index + 1]];
        if (one !== undefined) merged.push(other === undefined ? one : await merge(one, other));
      }
      runs = merged;
    }
    const width = this.#width;
    return new SpanSet(runs[0] ?? { width, count: 0, firsts: this.#firsts, lasts: this.#lasts });
  }

  #endRun(): void {
    if (this.#count > 0) this.#runs.push(this.#sortedRun());
    this.#count = 0;
    this.#firsts = new Uint32Array(0);
    this.#lasts = new Uint32Array(0);
  }

  #sortedRun(): Spans {
    const [width, firsts, lasts] = [this.#width, this.#firsts, this.#lasts];
    const order = Uint32Array.from({ length: this.#count }, (_, index) => index).sort(
      (i, j) => compareWords(firsts, i, firsts, j, width) || compareWords(lasts, j, lasts, i, width),
    );
    const run = new Output(width, this.#count);
    for (const index of order) run.put(firsts, lasts, index);
    return run.spans();
  }
}

/** Takes spans by ascending start, the longer first, and drops those within an earlier one. */
class Output {
  readonly #width: number;
  readonly #firsts: Uint32Array;
  readonly #lasts: Uint32Array;
  #count = 0;

  constructor(width: number, capacity: number) {
    this.#width = width;
    this.#firsts = new Uint32Array(capacity * width);
    this.#lasts = new Uint32Array(capacity * width);
  }

  put(firsts: Uint32Array, lasts: Uint32Array, index: number): void {
    const width = this.#width;
    const count = this.#count;
    if (count > 0 && compareWords(lasts, index, this.#lasts, count - 1, width) <= 0) return;
    for (let word = 0; word < width; word += 1) {
      this.#firsts[count * width + word] = firsts[index * width + word] ?? 0;
      this.#lasts[count * width + word] = lasts[index * width + word] ?? 0;
    }
    this.#count += 1;
  }

  spans(): Spans {
    const [width, count] = [this.#width, this.#count];
    const length = count * width;
    // `subarray` would keep the whole array alive.
    return { width, count, firsts: this.#firsts.slice(0, length), lasts: this.#lasts.slice(0, length) };
  }
}

async function merge(a: Spans, b: Spans): Promise<Spans> {
  const { width } = a;
  const output = new Output(width, a.count + b.count);
  let [i, j, steps] = [0, 0, 0];
  while (i < a.count || j < b.count) {
    if (takesFirst(a, i, b, j)) output.put(a.firsts, a.lasts, i++);
    else output.put(b.firsts, b.lasts, j++);
    steps += 1;
    if (steps % MERGE_STEPS === 0) await yieldToEventLoop();
  }
  return output.spans();
}

function takesFirst(a: Spans, i: number, b: Spans, j: number): boolean {
  if (i === a.count || j === b.count) return j === b.count;
  const byFirst = compareWords(a.firsts, i, b.firsts, j, a.width);
  return byFirst === 0 ? compareWords(a.lasts, i, b.lasts, j, a.width) >= 0 : byFirst < 0;
}
