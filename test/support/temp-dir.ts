import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates a folder for the test. */
export function makeTempDir(name: string): string {
  return mkdtempSync(join(tmpdir(), `gatehouse-${name}-`));
}

const MEMORY = '/dev/shm';

/**
 * Creates a folder for the test in memory if the system has that, for tests that write and sync thousands of times. Its
 * content outlives killed programs.
 */
export function makeMemoryDir(name: string): string {
  return existsSync(MEMORY) ? mkdtempSync(join(MEMORY, `gatehouse-${name}-`)) : makeTempDir(name);
}

export function removeTempDir(dir: string): void {
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}
