import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of the test's own. */
export function makeTempDir(name: string): string {
  return mkdtempSync(join(tmpdir(), `gatehouse-${name}-`));
}

const MEMORY = '/dev/shm';

/**
 * A folder of the test's own, in memory where the system has that: for tests that write and sync thousands of times. What is
 * in it outlives every program that is killed; only the machine must not be.
 */
export function makeMemoryDir(name: string): string {
  return existsSync(MEMORY) ? mkdtempSync(join(MEMORY, `gatehouse-${name}-`)) : makeTempDir(name);
}

export function removeTempDir(dir: string): void {
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}
