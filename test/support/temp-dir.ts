import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of the test's own. */
export const makeTempDir = (name: string): string => mkdtempSync(join(tmpdir(), `gatehouse-${name}-`));

export const removeTempDir = (dir: string): void =>
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
