import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DAY_MS } from '#shared/durations';

/** A failed attempt to fetch a runtime. */
export interface FetchFailure {
  readonly version: string;
  /** Another Node version may succeed. */
  readonly node: string;
  readonly atMs: number;
  readonly reason: string;
}

/** Returns true while the failure is recent enough to skip another attempt. */
export function stillCounts(failure: FetchFailure, version: string, node: string, nowMs: number): boolean {
  const ageMs = nowMs - failure.atMs;
  return failure.version === version && failure.node === node && ageMs >= 0 && ageMs < DAY_MS;
}

/** Returns undefined if the value is no record of a failure. */
export function parseFailure(value: unknown): FetchFailure | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { version, node, atMs, reason } = value as Record<string, unknown>;
  if (typeof version !== 'string' || typeof node !== 'string') return undefined;
  if (typeof atMs !== 'number' || typeof reason !== 'string') return undefined;
  return { version, node, atMs, reason };
}

/** Remembers a failed attempt for a day, so that not every start waits for the network again. */
export class FailureMemory {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async recall(version: string): Promise<FetchFailure | undefined> {
    let failure: FetchFailure | undefined;
    try {
      failure = parseFailure(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return undefined;
    }
    return failure !== undefined && stillCounts(failure, version, process.version, Date.now())
      ? failure
      : undefined;
  }

  async remember(version: string, reason: string): Promise<void> {
    const failure: FetchFailure = { version, node: process.version, atMs: Date.now(), reason };
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFile(this.#path, `${JSON.stringify(failure)}\n`);
    } catch {
      // Without the record the next start only takes longer.
    }
  }

  async forget(): Promise<void> {
    await rm(this.#path, { force: true }).catch(() => undefined);
  }
}
